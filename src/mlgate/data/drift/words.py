"""How a column changed, in words that need no statistics: the value in the middle, the category that grew or shrank."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from mlgate.data.profile.profile import ORDERED

if TYPE_CHECKING:
    from mlgate.data.profile.profile import ColumnProfile

WORTH_A_WORD = 0.01  # share of the rows
MIDDLE = 0.1  # of the reference's middle half, from which its median is said to have moved
UNNAMED = "the middle stayed, the shape moved"
MIXED = "the mix of values changed"
LONGEST = 40  # characters of a category
KINDS = {  # what the names of polars' types begin with
    **dict.fromkeys(("Int", "UInt", "Float", "Decimal"), "number"),
    **dict.fromkeys(("String", "Categorical", "Enum"), "text"),
    **dict.fromkeys(("Date", "Time", "Duration"), "time"),
    "Boolean": "boolean",
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def change(before: ColumnProfile, after: ColumnProfile, *, shifted: bool) -> str:
    """Say how a column changed from `before`; of one that did not shift only what is plain to see."""
    of_values = _values(before, after) if shifted else _remarkable(before, after)
    said = "; ".join(filter(None, (_nulls(before, after), of_values)))
    return said or ((UNNAMED if before.kind in ORDERED else MIXED) if shifted else "")


def turned(before: str, after: str) -> str:
    """Say that a column's type changed, by the kinds of the types, or by the types where they are of one kind."""
    was, now = _kind(before), _kind(after)
    if was == now:
        was, now = before.lower(), after.lower()
    return f"type changed: was {was}, is {now}"


def _kind(dtype: str) -> str:
    return next((word for start, word in KINDS.items() if dtype.startswith(start)), dtype.lower())


def _nulls(before: ColumnProfile, after: ColumnProfile) -> str:
    was, now = before.nulls / before.rows, after.nulls / after.rows
    if was == now == 1:
        return "all null, then and now"
    if now == 1:
        return f"all null; the reference had {was:.1%} null"
    if was == 1:
        return "no longer all null"
    return f"null {now:.1%}, was {was:.1%}" if abs(now - was) >= WORTH_A_WORD else ""


def _remarkable(before: ColumnProfile, after: ColumnProfile) -> str:
    if before.nulls == before.rows or after.nulls == after.rows:
        return ""
    if before.kind == "other":
        return "values of this type are not compared, only nulls"
    if before.kind == "category":
        return _others(before, after)
    return "constant in the reference" if before.is_constant else ""


def _others(before: ColumnProfile, after: ColumnProfile) -> str:
    was, now = before.others / before.rows, after.others / after.rows
    return f"other categories {now:.1%}, was {was:.1%}" if now - was >= WORTH_A_WORD else ""


def _values(before: ColumnProfile, after: ColumnProfile) -> str:
    if not (sum(before.counts) and sum(after.counts)):
        return ""
    if before.kind in ORDERED:
        return _middle(before, after)
    return "; ".join(filter(None, (_category(before, after), _others(before, after))))


def _middle(before: ColumnProfile, after: ColumnProfile) -> str:
    was, now = (tuple(_quantile(column, level) for level in (0.25, 0.5, 0.75)) for column in (before, after))
    what = "length: " if before.kind == "text" else ""
    half = was[2].value - was[0].value
    if abs(now[1].value - was[1].value) > MIDDLE * half:
        return f"{what}median {now[1].told(before)}, was {was[1].told(before)}"
    if any(abs(now[at].value - was[at].value) > MIDDLE * half for at in (0, 2)):
        ranges = [f"{low.told(before)} to {high.told(before)}" for low, _, high in (now, was)]
        return f"{what}middle half {ranges[0]}, was {ranges[1]}"
    lost = [before.infinite / before.rows, after.infinite / after.rows]
    return f"infinite {lost[1]:.1%}, was {lost[0]:.1%}" if abs(lost[1] - lost[0]) >= WORTH_A_WORD else ""


@dataclass(frozen=True)
class _Place:
    """Where a quantile lies: in the bin from `low` to `high`, of which one end may be open, at about `value`."""

    value: float
    low: float | None
    high: float | None

    def told(self, column: ColumnProfile) -> str:
        """Say where, no finer than is known."""
        if self.high is None and self.low is not None:
            return f"above {written(self.low, column)}"
        if self.low is None and self.high is not None:
            return f"at most {written(self.high, column)}"
        whole = "Int" in column.dtype
        known = whole and self.low is not None and self.high is not None and self.high - self.low <= 1
        narrow = self.low is not None and self.high is not None and self.high - self.low <= abs(self.high) * 1e-9
        if (known or narrow) and self.high is not None:
            return written(math.floor(self.high) if whole else self.high, column)
        return f"about {written(round(self.value) if whole else self.value, column)}"


def _quantile(column: ColumnProfile, level: float) -> _Place:
    """Find where a share `level` of the values lies below: straight between the edges of its bin."""
    ends = [column.minimum or 0.0, *column.edges, column.maximum or 0.0]
    total = sum(column.counts)
    for number, reached in enumerate(accumulate(column.counts)):
        if reached >= level * total and column.counts[number]:
            low, high = max(ends[number], ends[0]), min(ends[number + 1], ends[-1])
            part = (level * total - (reached - column.counts[number])) / column.counts[number]
            value = low + (high - low) * part
            inner = bool(column.edges) and low < high
            open_below, open_above = inner and number == 0, inner and number == len(column.edges)
            return _Place(value, None if open_below else low, None if open_above else high)
    return _Place(ends[-1], ends[-1], ends[-1])


def written(value: float, column: ColumnProfile) -> str:
    """Write a value of a column: a number with 4 digits, a time as its date and minute."""
    if column.kind != "time":
        return f"{value:.4g}"
    try:
        return f"{EPOCH + timedelta(microseconds=value):%Y-%m-%d %H:%M}"
    except OverflowError:
        return f"{value:.4g} µs"


def _category(before: ColumnProfile, after: ColumnProfile) -> str:
    """Name the category whose share of the rows changed most."""
    shares = {
        category: (was / before.rows, now / after.rows)
        for category, was, now in zip(before.categories, before.counts, after.counts, strict=False)
    }
    if not shares:
        return ""
    name, (was, now) = max(shares.items(), key=lambda one: abs(one[1][1] - one[1][0]))
    shown = name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
    return f"{shown!r} {now:.1%}, was {was:.1%}" if abs(now - was) >= WORTH_A_WORD else ""
