"""The offending rows: counted in full, the first few named by position, key and value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import polars as pl

from mlgate.data.files.members import has_types
from mlgate.data.files.read import collect
from mlgate.records import BadRow, Violation

if TYPE_CHECKING:
    from collections.abc import Sequence

CLAMP = 80


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A file whose rows are judged, by whatever engine; `limit` is how many examples each violation gets.

    `typed` says whether the file knows of which types its columns are; CSV does not.
    """

    file: str
    height: int
    key: str | None
    limit: int
    typed: bool = True

    def violation(  # noqa: PLR0913 (a violation has as many parts)
        self,
        column: str | None,
        rule: str,
        expected: str,
        count: int,
        examples: tuple[BadRow, ...] = (),
        *,
        severity: Literal["warn", "error"] = "error",
    ) -> Violation:
        """Make a violation of this file; `count` is how many of its rows break the rule."""
        return Violation(
            file=self.file,
            column=column,
            rule=rule,
            expected=expected,
            count=count,
            of=self.height,
            severity=severity,
            examples=examples,
        )


@dataclass(frozen=True, kw_only=True)
class Rows(Judged):
    """One file's rows, and how violations name them."""

    frame: pl.LazyFrame

    @classmethod
    def of(cls, frame: pl.LazyFrame, *, file: str, key: str | None, limit: int, typed: bool | None = None) -> Rows:
        """Count the rows of `frame`; a key column that is not there names no row.

        `typed` is read off the file's name where nothing is said.
        """
        known = key if key in frame.collect_schema().names() else None
        height = collect(frame.select(pl.len()), file).item()
        typed = has_types(file) if typed is None else typed
        return cls(frame=frame, file=file, height=height, key=known, limit=limit, typed=typed)

    def where(self, bad: pl.Expr, columns: Sequence[str]) -> tuple[BadRow, ...]:
        """Name the first rows for which `bad` holds, showing their values in `columns`."""
        if not self.limit:
            return ()
        asked = self.frame.select(*self._shown(columns), bad.fill_null(value=False).alias("bad"))
        return self._examples(asked.with_row_index("row").filter(pl.col("bad")).head(self.limit))

    def at(self, rows: Sequence[int], columns: Sequence[str]) -> tuple[BadRow, ...]:
        """Name the rows at the given positions."""
        if not rows:
            return ()
        asked = self.frame.select(*self._shown(columns)).with_row_index("row")
        return self._examples(asked.filter(pl.col("row").is_in(list(rows))))

    def _shown(self, columns: Sequence[str]) -> list[pl.Expr]:
        # the file may hold a column of any name: inside a struct, none collides with ours
        shown = [pl.struct(*dict.fromkeys(columns)).alias("value")] if columns else [pl.lit(None).alias("value")]
        key = pl.col(self.key) if self.key is not None else pl.lit(None)
        return [*shown, key.alias("key")]

    def _examples(self, asked: pl.LazyFrame) -> tuple[BadRow, ...]:
        found = collect(asked, self.file)
        return tuple(
            BadRow(row=row["row"], key=None if row["key"] is None else clamp(row["key"]), value=shown(row["value"]))
            for row in found.iter_rows(named=True)
        )


def clamp(value: object) -> str:
    """Show a value in at most 80 characters."""
    text = str(value)
    return text if len(text) <= CLAMP else text[: CLAMP - 1] + "…"


def shown(values: dict[str, object] | None) -> str:
    """Show what a row holds: one value as it is, several by name."""
    if not values:
        return ""
    if len(values) == 1:
        only = next(iter(values.values()))
        return "null" if only is None else clamp(only)
    return clamp(", ".join(f"{name}={value}" for name, value in values.items()))
