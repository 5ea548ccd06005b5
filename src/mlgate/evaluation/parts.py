"""Parts of the held-out rows: by the values of columns, by bins of numbers, by conditions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from mlgate.errors import ConfigError
from mlgate.evaluation.wording import WIDEST, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlgate.evaluation.paired import Codes


@dataclass(frozen=True, kw_only=True)
class Part:
    """A slice: its name, and which of the rows in the order of their keys are in it, (k,) int."""

    name: str
    rows: Codes

    @property
    def n(self) -> int:
        """How many rows there are."""
        return len(self.rows)


def parts(columns: pl.DataFrame, by: Sequence[str], bins: Mapping[str, Sequence[float]] | None = None) -> list[Part]:
    """Split the rows by each combination of values, numbers of `bins` cut at their edges; most rows first."""
    edges = bins or {}
    cut = [_cut(columns.get_column(name), edges.get(name)) for name in by]
    names = [f"by {number}" for number in range(len(by))]
    rows = pl.DataFrame(dict(zip(names, cut, strict=True)))
    groups = rows.with_row_index("row").group_by(names, maintain_order=True).agg("row")
    found = [
        Part(
            name=", ".join(
                f"{column} {value}" if column in edges and value is not None else f"{column}={_named(value)}"
                for column, value in zip(by, values, strict=True)
            ),
            rows=groups.get_column("row")[index].to_numpy().astype(np.intp),
        )
        for index, values in enumerate(groups.select(names).iter_rows())
    ]
    return sorted(found, key=lambda part: (-part.n, part.name))


def where(columns: pl.DataFrame, conditions: Mapping[str, str]) -> list[Part]:
    """Pick the rows for which each condition holds; a slice may be empty. Raises ConfigError for a wrong condition."""
    found = []
    for name, condition in conditions.items():
        try:
            holds = columns.select(expression(condition).alias("holds")).to_series()
        except pl.exceptions.PolarsError as error:
            raise ConfigError(
                f"the condition of slice {name!r} cannot be applied: {_first_line(error)}",
                hint="correct gate.slices.where: a condition is SQL on the held-out columns, such as distance > 2000",
            ) from error
        if holds.dtype != pl.Boolean or len(holds) != columns.height:
            raise ConfigError(
                f"the condition of slice {name!r} does not say yes or no for each row (it gives {holds.dtype})",
                hint="compare a column with a value, such as distance > 2000",
            )
        found.append(Part(name=name, rows=np.flatnonzero(holds.fill_null(value=False).to_numpy()).astype(np.intp)))
    return found


def expression(condition: str) -> pl.Expr:
    """Read a condition in SQL; raises ConfigError where it is none."""
    try:
        return pl.sql_expr(condition)
    except pl.exceptions.PolarsError as error:
        raise ConfigError(
            f"{condition[:80]!r} is no condition: {_first_line(error)}",
            hint="write gate.slices.where in SQL on the held-out columns, such as distance > 2000 AND origin = 'JFK'",
        ) from error


def columns_of_condition(condition: str) -> list[str]:
    """List the columns that a condition is about."""
    return expression(condition).meta.root_names()


def _named(value: object) -> str:
    """Write a value so that no other value is written the same: what is cut short gets a digest, a null is no text."""
    if value is None:
        return "null"
    text = repr(value) if value == "null" else shown(value)
    whole = isinstance(value, str) and text == value
    return (
        text
        if whole or len(repr(value)) <= WIDEST
        else f"{text} #{hashlib.sha256(repr(value).encode()).hexdigest()[:8]}"
    )


def _cut(values: pl.Series, edges: Sequence[float] | None) -> pl.Series:
    if edges is None:
        return values
    if not values.dtype.is_numeric():
        raise ConfigError(
            f"column {values.name!r} holds {values.dtype}, and bins cut numbers",
            hint="leave it out of gate.slices.bins",
        )
    ends = [f"{edge:.15g}" for edge in edges]
    names = pl.Series([f"below {ends[0]}", *(f"{low} to {high}" for low, high in pairwise(ends)), f"from {ends[-1]}"])
    numbers = values.cast(pl.Float64)
    known = numbers.is_not_null() & numbers.is_not_nan()
    place = np.searchsorted(np.array(edges), numbers.fill_null(np.nan).to_numpy(), side="right")
    cut = names.gather(np.where(known.fill_null(value=False).to_numpy(), place, 0))
    return pl.select(pl.when(known).then(cut)).to_series()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["?"])[0][:200]
