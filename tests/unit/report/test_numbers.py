"""Numbers say no more than is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mlgate.records import Interval
from mlgate.report import cells, numbers
from mlgate.report.facts import rate

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def test_an_interval_decides_how_many_digits_are_shown() -> None:
    """Two digits of the interval's width, for value and ends alike."""
    interval = Interval(low=-0.0123456, high=0.0345678)
    assert numbers.number(0.0111111, interval, signed=True) == "+0.011"
    assert numbers.bounds(interval, signed=True) == "[-0.012, +0.035]"


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "\u2013"), (0.0, "0.000"), (12345.678, "12,346"), (0.123456, "0.1235"), (float("nan"), "undefined")],
)
def test_a_number_without_an_interval(value: float | None, text: str) -> None:
    """Four digits, and a missing or undefined number says so."""
    assert numbers.number(value) == text


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (timedelta(days=23, hours=5), "23 days"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(minutes=3), "3 minutes"),
        (timedelta(days=-1), "less than a minute"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(passed: timedelta, text: str) -> None:
    """Days, else hours, else minutes; a clock that runs behind counts as none."""
    assert numbers.age(NOW - passed, NOW) == text


@pytest.mark.parametrize(("seconds", "text"), [(4.23, "4.2 s"), (185, "3 min 5 s"), (7800, "2 h 10 min")])
def test_a_duration_is_told_as_people_say_it(seconds: float, text: str) -> None:
    """Seconds, minutes, hours."""
    assert numbers.duration(seconds) == text


def test_a_percentage_has_no_needless_zeros() -> None:
    """Of a confidence level."""
    assert (numbers.percent(0.95), numbers.percent(0.995)) == ("95%", "99.5%")


def test_a_table_does_not_round_onto_what_decided(cases: dict[str, Any]) -> None:
    """An end that lies beyond the margin by little is written beyond it, as the sentence writes it."""
    close = cases["BETTER"][0].model_copy(
        update={"difference": 0.0005, "difference_interval": Interval(low=-0.00502, high=0.00602)}
    )
    assert cells.difference(close) == "+0.00050 [-0.00502, +0.00602]"
    bound = cases["FIRST"][0].model_copy(
        update={"candidate": 0.66, "candidate_interval": Interval(low=0.64996, high=0.67004)}
    )
    assert cells.candidate(bound) == "0.66000 [0.64996, 0.67004]"


@pytest.mark.parametrize(
    ("rows", "of", "low", "high", "text"),
    [
        (49, 1_000, 0.0395, 0.0586, "4.9% [4.0%, 5.9%]"),
        (3, 1_000_000, 6.2e-7, 8.8e-6, "0.00030% [0.00006%, 0.00088%]"),
        (0, 1_000, 0.0, 0.0037, "0.00% [0.00%, 0.37%]"),
        (1, 2, 0.01, 0.99, "50% [1%, 99%]"),
    ],
)
def test_a_share_has_the_digits_of_its_interval(rows: int, of: int, low: float, high: float, text: str) -> None:
    """Three of a million is not nothing, and one of two is not known to a tenth of a per cent."""
    assert rate(rows, of, Interval(low=low, high=high)) == text
