"""The bins of a column before and after, as they are drawn."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from mlgate.data.profile.profile import ORDERED
from mlgate.records import Bar

if TYPE_CHECKING:
    from mlgate.data.profile.profile import ColumnProfile


def bars(before: ColumnProfile, after: ColumnProfile) -> tuple[Bar, ...]:
    """List every bin that holds anything, with its share in both."""
    counted = [*_valued(before, after), *_valueless(before, after)]
    return tuple(
        bar.model_copy(update={"before": bar.before / before.rows, "after": bar.after / after.rows})
        for bar in counted
        if bar.before or bar.after
    )


def _valued(before: ColumnProfile, after: ColumnProfile) -> list[Bar]:
    pairs = list(zip(before.counts, after.counts, strict=True))
    if before.kind in ORDERED:
        known = [end for column in (before, after) for end in (column.minimum, column.maximum) if end is not None]
        ends = [min(known, default=None), *before.edges, max(known, default=None)]
        return [
            Bar(low=low, high=high, before=was, after=now)
            for low, high, (was, now) in zip(ends[:-1], ends[1:], pairs, strict=True)
        ]
    if before.kind == "other":
        labels = ["a value"]
    else:
        marks = ["…", *before.splits, "…"]
        ranges = [f"others, {low} to {high}" for low, high in pairwise(marks)] if before.splits else ["all others"]
        labels = [*before.categories, *ranges]
    return [Bar(label=label, before=was, after=now) for label, (was, now) in zip(labels, pairs, strict=True)]


def _valueless(before: ColumnProfile, after: ColumnProfile) -> list[Bar]:
    return [
        Bar(label="null", before=before.nulls, after=after.nulls),
        Bar(label="NaN", before=before.nans, after=after.nans),
        Bar(label="infinite", before=before.infinite, after=after.infinite),
    ]
