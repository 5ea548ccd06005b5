"""Which bins a column is counted in: chosen on a sample, so that all rows are read once only, to be counted."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from mlgate.data.profile.kinds import kind_of, read_values
from mlgate.data.profile.profile import ORDERED, ColumnProfile

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mlgate.data.profile.profile import Kind

QUANTILES = 10
RANGES = 4  # of the alphabet; comparing texts takes longer than comparing numbers
FEW, OFTEN = 50, 5  # categories that are all told apart, if each is seen so often
TOP, GAP = 20, 3  # else at most so many, down to a gap of so many standard deviations in their counts
LONGEST = 100  # characters; a longer category is not told apart, so that no text of the data fills the profile
IDENTIFIERS = 0.5  # text with more different values than FEW, and than this share of all, is binned by its length


def shapes_of(sample: pl.DataFrame, *, ignore: Collection[str] = ()) -> dict[str, ColumnProfile]:
    """Choose the bins of every column of a sample but those to `ignore`: profiles that count nothing yet."""
    return {name: _shape(sample[name], dtype) for name, dtype in sample.schema.items() if name not in set(ignore)}


def _shape(values: pl.Series, dtype: pl.DataType) -> ColumnProfile:
    kind = kind_of(dtype)
    if kind == "boolean":
        return ColumnProfile(kind=kind, dtype=str(dtype), categories=("false", "true"))
    if kind == "category":
        texts = values.cast(pl.String).drop_nulls()
        if texts.n_unique() <= max(FEW, IDENTIFIERS * len(texts)):
            told = _categories(texts)
            return ColumnProfile(kind=kind, dtype=str(dtype), categories=told, splits=_splits(texts, told))
        kind = "text"
    return ColumnProfile(kind=kind, dtype=str(dtype), edges=_edges(values, dtype, kind) if kind in ORDERED else ())


def _categories(texts: pl.Series) -> tuple[str, ...]:
    """Return the categories to tell apart, the most frequent first."""
    counted = texts.alias("value").value_counts(name="count").sort("count", "value", descending=[True, False])
    counts = counted["count"].to_list()
    told = told_apart(counted["value"].to_list(), counts, many=len(counts), least=counts[-1] if counts else 0)
    return tuple(value for value in told if len(value) <= LONGEST)


def told_apart(values: Sequence[str], counts: Sequence[int], *, many: int, least: int) -> Sequence[str]:
    """Return which categories to tell apart, of the most frequent `values`; there are `many`, the rarest seen `least`.

    All, where there are few and each is seen often. Else those that a gap in the counts, beyond chance, separates from
    the less frequent ones: the twentieth of many equals would be the luckiest, not the most frequent, and would look
    rarer in any other sample.
    """
    if many <= FEW and least >= OFTEN:
        return values[:many]
    steps = enumerate(pairwise([*counts, 0][: TOP + 1]), start=1)
    gaps = (rank for rank, (more, less) in steps if more - less >= GAP * math.sqrt(more + less))
    return values[: max(gaps, default=0)]


def _splits(texts: pl.Series, told: tuple[str, ...]) -> tuple[str, ...]:
    """Return texts that part the values of all other categories, in the order of the alphabet, into RANGES."""
    others = texts.filter(~texts.is_in(told)).str.slice(0, LONGEST).sort()
    if others.is_empty():
        return ()
    marks = {others[round(step * (len(others) - 1) / RANGES)] for step in range(1, RANGES)}
    return tuple(sorted(marks))


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
    return edges_at([ordered[round(step * (len(ordered) - 1) / QUANTILES)] for step in range(QUANTILES + 1)])


def edges_at(marks: Sequence[float]) -> tuple[float, ...]:
    """Return the edges for the quantiles 0, 0.1, ... 1 of the values; see `edges_of`."""
    edges = set(marks[1:-1])
    for mark in set(marks):
        if marks.count(mark) > 1:
            edges |= {math.nextafter(mark, -math.inf), mark}
    return tuple(sorted(edge for edge in edges if math.isfinite(edge)))
