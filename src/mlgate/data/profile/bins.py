"""Bins: how values of any type are put into few of them, and counted in one pass over the data."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import polars as pl

from mlgate.data.files.read import collect
from mlgate.data.types import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mlgate.data.profile.profile import ColumnProfile, Kind

QUANTILES = 10


@dataclass(frozen=True)
class Counts:
    """How many rows fell into each bin of one column."""

    nulls: int
    nans: int
    infinite: int
    counts: tuple[int, ...]

    @property
    def bins(self) -> tuple[int, ...]:
        """All bins, in the order of `ColumnProfile.bins`."""
        return (*self.counts, self.nulls, self.nans, self.infinite)

    def as_fields(self) -> dict[str, Any]:
        """Return the fields of a `ColumnProfile` that hold counts."""
        return asdict(self)


def kind_of(dtype: pl.DataType) -> Kind:
    """Say how values of a polars type are binned; of `other` types only nulls are counted."""
    if dtype == pl.Boolean:
        return "boolean"
    if dtype.is_numeric():
        return "number"
    if dtype.is_temporal():
        return "time"
    return "category" if dtype.base_type() in TEXT else "other"


def read_values(name: str, dtype: pl.DataType, kind: Kind) -> pl.Expr:
    """Return a column of numbers as Float64, of times as microseconds, of categories and booleans as text."""
    value = pl.col(name)
    if kind == "number":
        return value.cast(pl.Float64)
    if kind == "time":
        base = dtype.base_type()
        if base in {pl.Date, pl.Datetime}:
            return value.dt.epoch("us").cast(pl.Float64)
        return (value.cast(pl.Duration("us")) if base == pl.Duration else value).to_physical().cast(pl.Float64)
    return value.cast(pl.String)


def edges_of(values: pl.Series) -> tuple[float, ...]:
    """Return the inner edges of ten bins of about equal counts: fewer where one value fills several.

    A value that stands at two or more quantiles gets a bin of its own (an edge just below it and one at it), so that
    a constant, or the zeros of a mostly zero column, cannot move unseen within a bin.
    """
    ordered = values.drop_nulls().drop_nans().sort().to_list()
    ordered = [value for value in ordered if math.isfinite(value)]
    if not ordered:
        return ()
    marks = [ordered[round(step * (len(ordered) - 1) / QUANTILES)] for step in range(QUANTILES + 1)]
    edges = set(marks[1:-1])
    for mark in set(marks):
        if marks.count(mark) > 1:
            edges |= {math.nextafter(mark, -math.inf), mark}
    return tuple(sorted(edge for edge in edges if math.isfinite(edge)))


def count_bins(frame: pl.LazyFrame, shapes: Mapping[str, ColumnProfile]) -> dict[str, Counts]:
    """Count the rows of `frame` in the bins of `shapes`, by column, in one pass; raises DataError on damaged bytes."""
    types = frame.collect_schema()
    asked = [expression for name, shape in shapes.items() for expression in _sums(name, types[name], shape)]
    # numbered, because a file may hold a column of any name
    query = frame.select(expression.alias(str(index)) for index, expression in enumerate([pl.len(), *asked]))
    rows, *sums = (int(value or 0) for value in collect(query, "the data").row(0))
    left = iter(sums)
    return {name: _counts(shape, rows, left) for name, shape in shapes.items()}


def _sums(name: str, dtype: pl.DataType, shape: ColumnProfile) -> Iterator[pl.Expr]:
    yield pl.col(name).null_count()
    if shape.kind == "other":
        return
    value = read_values(name, dtype, shape.kind)
    if shape.kind in {"number", "time"}:
        yield value.is_nan().sum()
        yield value.is_infinite().sum()
        for edge in shape.edges:
            yield (value.is_finite() & (value <= edge)).sum()
    else:
        for category in shape.categories:
            yield (value == category).sum()


def _counts(shape: ColumnProfile, rows: int, sums: Iterator[int]) -> Counts:
    nulls = next(sums)
    if shape.kind == "other":
        return Counts(nulls, 0, 0, (rows - nulls,))
    if shape.kind in {"number", "time"}:
        nans, infinite = next(sums), next(sums)
        up_to = [0, *(next(sums) for _ in shape.edges), rows - nulls - nans - infinite]
        return Counts(nulls, nans, infinite, tuple(high - low for low, high in pairwise(up_to)))
    each = [next(sums) for _ in shape.categories]
    return Counts(nulls, 0, 0, (*each, rows - nulls - sum(each)))
