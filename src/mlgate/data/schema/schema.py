"""What the data must look like, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from mlgate.data.types import Type


NULLABLE = ("nullable", "a value in every row")  # a rule, and what it expects


def unique_rule(group: Sequence[str]) -> tuple[str, str]:
    """Return the rule that no two rows are alike in these columns, and what it expects."""
    return "unique", "no value twice" if len(group) == 1 else f"no two rows alike in {', '.join(group)}"


@dataclass(frozen=True, kw_only=True)
class Failures:
    """What a check answered: how many answers it gave, how many of them are no, and the positions of the first."""

    answers: int = 0
    count: int = 0
    first: tuple[int, ...] = ()

    @classmethod
    def of(cls, holds: pl.Series, *, limit: int) -> Failures:
        """Take Booleans, false where the rule is broken."""
        bad = ~holds.fill_null(value=False)  # no answer is no yes
        return cls(answers=len(holds), count=int(bad.sum()), first=tuple(bad.arg_true().head(limit).to_list()))

    def then(self, later: Failures, *, limit: int) -> Failures:
        """Add what was found in the rows after these."""
        placed = (self.answers + row for row in later.first)
        return Failures(
            answers=self.answers + later.answers, count=self.count + later.count, first=(*self.first, *placed)[:limit]
        )


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
    def note(self) -> str:
        """What a person should know of how it runs, such as that it is slow; else nothing."""

    @property
    def kind(self) -> str | None:
        """Which built-in check it is, whatever name it was given; None for code of the user's own."""

    @property
    def arguments(self) -> Mapping[str, Any] | None:
        """What a built-in check was given, by name; None for code of the user's own, which only polars can run."""

    @property
    def skips_nulls(self) -> bool:
        """Whether a null breaks nothing."""

    def __call__(self, frame: pl.LazyFrame, column: str | None, *, limit: int) -> Failures:
        """Find where the rule is broken, placing the first `limit`: an answer for each row, or one in all."""


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
class Limit:
    """How many rows may break a rule: a number, or percent of all; beyond it the rule stops, or only warns."""

    most: float
    percent: bool = False
    warns: bool = False

    def exceeded(self, count: int, of: int) -> bool:
        """Whether `count` of so many rows are more than may."""
        return count * 100 > self.most * of if self.percent else count > self.most

    def share(self, of: int) -> float:
        """Return the share of so many rows that may break the rule."""
        return self.most / 100 if self.percent else min(1.0, self.most / max(of, 1))


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What a schema itself allows of one of its rules, named as a violation names it."""

    column: str | None
    rule: str
    expected: str
    limits: tuple[Limit, ...]


@dataclass(frozen=True, kw_only=True)
class Schema:
    """What a file must look like; `unique` lists groups of columns that together identify a row.

    `notes` are sentences about what the schema says and mlgate does not judge, or judges at a price.
    """

    columns: tuple[Column, ...]
    strict: bool = False
    ordered: bool = False
    unique: tuple[tuple[str, ...], ...] = ()
    checks: tuple[Check, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def every_check(self) -> tuple[Check, ...]:
        """List the checks of all columns, then those of whole rows."""
        return (*(check for column in self.columns for check in column.checks), *self.checks)

    @property
    def rules(self) -> int:
        """Count the rules: a type, a null rule, a uniqueness rule and every check that judges count one each."""
        per_column = sum(
            (column.type is not None) + (not column.nullable) + column.unique + column.required
            for column in self.columns
        )
        judging = sum(not check.warns for check in self.every_check)
        return per_column + judging + len(self.unique) + self.strict + self.ordered
