"""Numbers as people read them: rounded to what their interval supports, signed, clamped."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_DECIMALS = 6
SHOWN = 3
WIDEST = 40


def count(n: int, noun: str = "") -> str:
    """Write a count with thousands separators: `1,000`, or with a noun `1 row`, `1,000 rows`."""
    if not noun:
        return f"{n:,}"
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {plural(noun)}"


def plural(noun: str) -> str:
    """Write more than one of something: `rows`, `queries`."""
    return f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"


def decimals(low: float, high: float, *others: float, apart_from: Iterable[float] = ()) -> int:
    """How many decimals an interval supports: two significant digits of its width.

    More are given where fewer would round an end, or a number of `others`, onto a number of `apart_from` or
    across it: what is printed must not contradict what was decided.
    """
    width = high - low
    if not math.isfinite(width):
        return SHOWN
    point = 0 if low == round(low) else 4
    needed = 1 - math.floor(math.log10(width)) if width > 0 else point
    needed = min(max(needed, 0), MOST_DECIMALS)
    edges = tuple(apart_from)
    while needed < MOST_DECIMALS and not all(
        _side(round(end, needed), edge) == _side(end, edge) for end in (low, high, *others) for edge in edges
    ):
        needed += 1
    return needed


def number(value: float, places: int) -> str:
    """Write a number with so many decimals; very large and very small ones in powers of ten, zero without a sign."""
    if not math.isfinite(value):
        return "undefined"
    if abs(value) >= 1e9 or 0 < abs(value) < 0.5 * 10**-MOST_DECIMALS:
        return f"{value:.3g}"
    return f"{round(value, places) or 0.0:,.{places}f}"


def signed(value: float, places: int) -> str:
    """Write a difference: as `number`, with a plus where it is positive."""
    text = number(value, places)
    return f"+{text}" if value > 0 and any(digit in text for digit in "123456789") else text


def short(value: float) -> str:
    """Write a number to two significant digits, as a rule of thumb is written: `0.0057`, `12`."""
    if not math.isfinite(value):
        return "undefined"
    if value == 0 or abs(value) >= 1e9 or abs(value) < 1e-6:
        return f"{value:.2g}"
    return number(value, max(0, 1 - math.floor(math.log10(abs(value)))))


def rounded(needed: float) -> str:
    """Write a number of rows to two significant digits."""
    return count(round(round(needed, 1 - math.floor(math.log10(needed))))) if needed >= 1 else "1"


def p_value(p: float) -> str:
    """Write a p-value: `p < 0.001`, `p = 0.031`, `p = 1`."""
    if not math.isfinite(p):
        return "p undefined"
    if p < 0.001:
        return "p < 0.001"
    return f"p = {p:.3f}" if p < 0.9995 else "p = 1"


def quoted(value: object) -> str:
    """Write a foreign value on one line, its control characters escaped, clamped to 40 characters."""
    text = repr(value)
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 3]}..."


def shown(value: object) -> str:
    """Write a foreign value as plainly as it can be: a printable text as it is, anything else as `quoted`."""
    plain = isinstance(value, str) and value.isprintable() and 0 < len(value) <= WIDEST
    return str(value) if plain else quoted(value)


def listed(values: Sequence[object], total: int) -> str:
    """Write the first few of `total` foreign values: `7, 9, 12 and 40 more`."""
    shown = ", ".join(quoted(value) for value in values[:SHOWN])
    rest = total - min(len(values), SHOWN)
    return f"{shown} and {count(rest)} more" if rest > 0 else shown


def _side(value: float, edge: float) -> int:
    return (value > edge) - (value < edge)
