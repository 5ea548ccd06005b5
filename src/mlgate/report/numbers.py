"""Numbers, counts and times as the report writes them; the gate's own wording decides how many digits."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import floor, isfinite, log10
from typing import TYPE_CHECKING

from mlgate.evaluation import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlgate.records import Interval

_UNITS = (("kB", 1e3), ("MB", 1e6), ("GB", 1e9))
MISSING = "\u2013"


def number(
    value: float | None, interval: Interval | None = None, *, signed: bool = False, apart_from: Sequence[float] = ()
) -> str:
    """Write `value` as finely as `interval` supports, or with 4 significant digits when there is none.

    What was decided by a number of `apart_from` is not rounded onto it, or across it.
    """
    if value is None:
        return MISSING
    if interval is not None:
        places = wording.decimals(interval.low, interval.high, apart_from=apart_from)
    else:
        places = min(max(3 - floor(log10(abs(value))), 0), 6) if value and isfinite(value) else 3
    return wording.signed(value, places) if signed else wording.number(value, places)


def bounds(interval: Interval, *, signed: bool = False, apart_from: Sequence[float] = ()) -> str:
    """Write an interval as `number` writes its ends: `[+0.004, +0.021]`."""
    low, high = (number(end, interval, signed=signed, apart_from=apart_from) for end in (interval.low, interval.high))
    return f"[{low}, {high}]"


def share(value: float, interval: Interval) -> str:
    """Write a share in per cent, as finely as its interval supports: `4.9%`, `0.0003%`."""
    places = wording.decimals(100 * interval.low, 100 * interval.high)
    return f"{wording.number(100 * value, places)}%"


def count(value: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun: `1 row`, `52,345 rows`."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    """Write seconds as people say them: `4.2 s`, `3 min 5 s`, `2 h 10 min`."""
    if not isfinite(seconds) or seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def size_of(size: int) -> str:
    """Write bytes in the unit that suits them, powers of ten: `812 B`, `1.2 MB`."""
    if size < 1000:
        return f"{size} B"
    unit, factor = next(((unit, factor) for unit, factor in _UNITS if size < 999.5 * factor), _UNITS[-1])
    return f"{size / factor:,.{2 if size < 9.995 * factor else 1 if size < 99.95 * factor else 0}f} {unit}"


def age(since: datetime, until: datetime) -> str:
    """Write how long before `until` the moment `since` was, in days, hours or minutes."""
    passed = max(until - since, timedelta(0))
    if passed >= timedelta(days=1):
        return count(passed.days, "day")
    if passed >= timedelta(hours=1):
        return count(passed.seconds // 3600, "hour")
    return count(passed.seconds // 60, "minute") if passed >= timedelta(minutes=1) else "less than a minute"


def percent(level: float) -> str:
    """Write a share as a percentage without needless zeros: `95%`, `99.5%`, `99.84%`."""
    return f"{level * 100:.4g}%" if level < 0.9999 else f"{level * 100:.6g}%"


def short(digest: str) -> str:
    """Cut a digest or commit to the 12 characters that people compare."""
    return digest.removeprefix("sha256:")[:12]
