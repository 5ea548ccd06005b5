"""What the data must look like, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from mlgate.data.types import Type


class Check(Protocol):
    """One rule about values: `expected` says it in words; a check that only warns never judges."""

    @property
    def name(self) -> str:
        """Its stable name, such as `in_range`."""

    @property
    def expected(self) -> str:
        """What holds for a good value, such as `between 0 and 1`."""

    @property
    def warns(self) -> bool:
        """Whether it is only a warning."""

    @property
    def arguments(self) -> Mapping[str, Any] | None:
        """What a built-in check was given, by name; None for code of the user's own, which only polars can run."""

    @property
    def skips_nulls(self) -> bool:
        """Whether a null breaks nothing."""

    def __call__(self, frame: pl.LazyFrame, column: str | None) -> pl.Series:
        """Return Booleans, false where the rule is broken: one a row, or one in all."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """What one column must look like; `regex` makes the name a pattern for several."""

    name: str
    type: Type | None = None
    nullable: bool = False
    unique: bool = False
    required: bool = True
    coerce: bool = False
    regex: bool = False
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Schema:
    """What a file must look like; `unique` lists groups of columns that together identify a row."""

    columns: tuple[Column, ...]
    strict: bool = False
    ordered: bool = False
    unique: tuple[tuple[str, ...], ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def rules(self) -> int:
        """Count the rules: a type, a null rule, a uniqueness rule and every check that judges count one each."""
        per_column = sum(
            (column.type is not None) + (not column.nullable) + column.unique + column.required
            for column in self.columns
        )
        checks = [check for column in self.columns for check in column.checks] + list(self.checks)
        judging = sum(not check.warns for check in checks)
        return per_column + judging + len(self.unique) + self.strict + self.ordered
