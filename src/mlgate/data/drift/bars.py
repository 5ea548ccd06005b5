"""The bins of a column before and after, as they are drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from mlgate.data.drift.words import written
from mlgate.data.profile.profile import ORDERED, SIZE
from mlgate.records import Bar

if TYPE_CHECKING:
    from mlgate.data.profile.profile import ColumnProfile


def bars(before: ColumnProfile, after: ColumnProfile) -> tuple[Bar, ...]:
    """List every bin that holds anything, with its share in both; a bin of one number alone is labelled by it."""
    counted = [*_valued(before, after), *_valueless(before, after)]
    return tuple(
        bar.model_copy(update={"before": bar.before / before.rows, "after": bar.after / after.rows})
        for bar in counted
        if bar.before or bar.after
    )


def _valued(before: ColumnProfile, after: ColumnProfile) -> list[Bar]:
    if before.kind in ORDERED:
        return _ordered(before, after)
    if before.kind == "other":
        labels = ["a value"]
    else:
        # each range begins behind the one before it, in the order of the alphabet
        ranges = [f"others to {split}" for split in before.splits]
        last = f"others after {before.splits[-1]}" if before.splits else "all others"
        labels = [*before.categories, *ranges, last]
    pairs = zip(before.counts, after.counts, strict=True)
    return [Bar(label=label, before=was, after=now) for label, (was, now) in zip(labels, pairs, strict=True)]


def _ordered(before: ColumnProfile, after: ColumnProfile) -> list[Bar]:
    """Give each bin its range; of whole numbers the ranges reach from half to half, so that a number is 1 wide."""
    known = [end for column in (before, after) for end in (column.minimum, column.maximum) if end is not None]
    if not known:
        return []
    whole = _whole(before, after)
    ends = [min(known), *before.edges, max(known)]
    if whole:
        ends = [math.ceil(ends[0]) - 0.5, *(math.floor(end) + 0.5 for end in ends[1:])]
    pairs = zip(before.counts, after.counts, strict=True)
    return [
        Bar(label=_only_value(low, high, before, whole=whole), low=low, high=high, before=was, after=now)
        for low, high, (was, now) in zip(ends[:-1], ends[1:], pairs, strict=True)
    ]


def _only_value(low: float, high: float, column: ColumnProfile, *, whole: bool) -> str:
    """Write the one value that a bin can hold; nothing where it can hold several."""
    if whole:
        return f"{high - 0.5:.0f}" if high - low == 1 else ""
    return written(high, column).removesuffix(" 00:00") if math.nextafter(low, math.inf) >= high else ""


def _whole(before: ColumnProfile, after: ColumnProfile) -> bool:
    """Whether all numbers are whole: by their type, or, of floats with few values, by all that is known.

    Lengths of texts are. Beyond 2**52 no half lies between two numbers.
    """
    marks = [*before.edges, *(end for one in (before, after) for end in (one.minimum, one.maximum) if end is not None)]
    if before.kind == "time" or not all(abs(mark) < 2**52 for mark in marks):
        return False
    if before.kind == "text" or all("Int" in column.dtype for column in (before, after)):
        return True
    # an edge stands at a value, or just below one
    at_values = all(mark.is_integer() or math.nextafter(mark, math.inf).is_integer() for mark in marks)
    between = (before.maximum or 0.0) - (before.minimum or 0.0) + 1
    return at_values and 0 < len(before.sketch) < min(SIZE, between + 1)


def _valueless(before: ColumnProfile, after: ColumnProfile) -> list[Bar]:
    return [
        Bar(label="null", before=before.nulls, after=after.nulls),
        Bar(label="NaN", before=before.nans, after=after.nans),
        Bar(label="infinite", before=before.infinite, after=after.infinite),
    ]
