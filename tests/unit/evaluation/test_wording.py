"""Numbers as people read them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlgate.evaluation.wording import count, decimals, listed, number, p_value, quoted, short, signed


@pytest.mark.parametrize(
    ("low", "high", "places"),
    [(-0.003, 0.011, 3), (0.1, 0.24, 2), (-3.0, 11.0, 0), (-300.0, 1100.0, 0), (0.0, 0.0, 0), (0.25, 0.25, 4)],
)
def test_decimals_follow_the_width(low: float, high: float, places: int) -> None:
    """An interval supports two significant digits of its width, and never fewer than no decimals."""
    assert decimals(low, high) == places


@given(st.floats(-2, 2), st.floats(0, 1), st.floats(-1, 1).map(lambda edge: round(edge, 3)))
def test_rounding_never_contradicts_the_decision(low: float, width: float, edge: float) -> None:
    """An end further from the edge than the last decimal is printed on the side where it is."""
    high = low + width
    places = decimals(low, high, apart_from=(edge,))
    for end in (low, high):
        if abs(end - edge) > 1e-6:
            assert (round(end, places) > edge) == (end > edge)
            assert (round(end, places) < edge) == (end < edge)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0.0042, 3, "+0.004"),
        (-0.0031, 3, "-0.003"),
        (-0.0001, 2, "0.00"),
        (0.0001, 2, "0.00"),
        (1234.5, 0, "+1,234"),
        (1e200, 2, "+1e+200"),
        (3e-9, 6, "+3e-09"),
        (math.nan, 3, "undefined"),
        (math.inf, 3, "undefined"),
    ],
)
def test_signed(value: float, places: int, text: str) -> None:
    """A plus where positive, no sign on a zero, powers of ten where digits would not fit."""
    assert signed(value, places) == text


@given(st.floats(), st.integers(0, 6))
def test_numbers_stay_short(value: float, places: int) -> None:
    """No number is wider than a table cell bears."""
    assert len(number(value, places)) <= 22
    assert len(short(value)) <= 22


@pytest.mark.parametrize(("p", "text"), [(0.0002, "p < 0.001"), (0.0306, "p = 0.031"), (1.0, "p = 1")])
def test_p_value(p: float, text: str) -> None:
    """Three decimals, and neither 0.000 nor 1.000."""
    assert p_value(p) == text


def test_count() -> None:
    """Thousands are separated, and one is one."""
    assert (count(1000), count(1, "row"), count(2500, "row")) == ("1,000", "1 row", "2,500 rows")


def test_foreign_values_are_clamped_and_on_one_line() -> None:
    """A hostile key cannot break the line, hide characters, or fill the page."""
    assert quoted("a\n\x1b[31m\u202eb") == "'a\\n\\x1b[31m\\u202eb'"
    assert len(quoted("x" * 10_000)) == 40
    assert listed([1, 2, 3, 4], 1004) == "1, 2, 3 and 1,001 more"
