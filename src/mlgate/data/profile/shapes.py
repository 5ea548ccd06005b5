"""Which bins a column is counted in: chosen on a sample, so that all rows are read once only, to be counted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from mlgate.data.profile.kinds import kind_of, read_values
from mlgate.data.profile.profile import ORDERED, ColumnProfile

if TYPE_CHECKING:
    from collections.abc import Collection

    from mlgate.data.profile.profile import Kind

QUANTILES = 10
TOP = 20  # categories that are told apart; all others share one bin
LONGEST = 100  # characters; a longer category shares that bin, so that no text of the data fills the profile
COMMON = 0.05  # share of the values that the categories told apart hold; text with less is binned by its length


def shapes_of(sample: pl.DataFrame, *, ignore: Collection[str] = ()) -> dict[str, ColumnProfile]:
    """Choose the bins of every column of a sample but those to `ignore`: profiles that count nothing yet."""
    return {name: _shape(sample[name], dtype) for name, dtype in sample.schema.items() if name not in set(ignore)}


def _shape(values: pl.Series, dtype: pl.DataType) -> ColumnProfile:
    kind = kind_of(dtype)
    if kind == "boolean":
        return ColumnProfile(kind=kind, dtype=str(dtype), categories=("false", "true"))
    if kind == "category":
        top, common = _categories(values.cast(pl.String).drop_nulls())
        if common >= COMMON:
            return ColumnProfile(kind=kind, dtype=str(dtype), categories=top)
        kind = "text"
    return ColumnProfile(kind=kind, dtype=str(dtype), edges=_edges(values, dtype, kind) if kind in ORDERED else ())


def _categories(values: pl.Series) -> tuple[tuple[str, ...], float]:
    """Return the most frequent values, and the share of all values that they hold."""
    if values.is_empty():
        return (), 1.0
    counted = values.alias("value").value_counts(name="count")
    short = counted.filter(pl.col("value").str.len_chars() <= LONGEST)
    top = short.sort("count", "value", descending=[True, False]).head(TOP)
    return tuple(top["value"].to_list()), int(top["count"].sum()) / len(values)


def _edges(values: pl.Series, dtype: pl.DataType, kind: Kind) -> tuple[float, ...]:
    name = values.name
    read = values.to_frame().select(read_values(name, dtype, kind).cast(pl.Float64).alias("value")).to_series()
    return edges_of(read)


def edges_of(values: pl.Series) -> tuple[float, ...]:
    """Return the inner edges of ten bins of about equal counts: fewer where one value fills several.

    A value that stands at two or more quantiles gets a bin of its own (an edge just below it and one at it), so that
    a constant, or the zeros of a mostly zero column, cannot move unseen within a bin.
    """
    ordered = values.drop_nulls()
    ordered = ordered.filter(ordered.is_finite()).sort()
    if ordered.is_empty():
        return ()
    marks = [ordered[round(step * (len(ordered) - 1) / QUANTILES)] for step in range(QUANTILES + 1)]
    edges = set(marks[1:-1])
    for mark in set(marks):
        if marks.count(mark) > 1:
            edges |= {math.nextafter(mark, -math.inf), mark}
    return tuple(sorted(edge for edge in edges if math.isfinite(edge)))
