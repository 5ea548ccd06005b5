"""What is told of a column beside how far it moved: its bins before and after, and a note on what is plain to see."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from mlgate.data.profile.profile import ORDERED
from mlgate.records import Bar

if TYPE_CHECKING:
    from mlgate.data.profile.profile import ColumnProfile

WORTH_A_NOTE = 0.01  # share of the rows


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


def note(before: ColumnProfile, after: ColumnProfile) -> str:
    """Say what is plain to see, such as nulls that were not there; nothing where the numbers say all."""
    return _of_nulls(before, after) or _of_values(before, after)


def _of_nulls(before: ColumnProfile, after: ColumnProfile) -> str:
    was, now = before.nulls / before.rows, after.nulls / after.rows
    if was == now == 1:
        return "all null, then and now"
    if now == 1:
        return f"all null; the reference had {was:.1%} null"
    if was == 1:
        return "no longer all null"
    return f"null {now:.1%}, was {was:.1%}" if abs(now - was) >= WORTH_A_NOTE else ""


def _of_values(before: ColumnProfile, after: ColumnProfile) -> str:
    if before.kind == "other":
        return "values of this type are not compared, only nulls"
    if before.kind == "category":
        was, now = before.others / before.rows, after.others / after.rows
        return f"other categories {now:.1%}, was {was:.1%}" if now - was >= WORTH_A_NOTE else ""
    return "constant in the reference" if before.is_constant else ""
