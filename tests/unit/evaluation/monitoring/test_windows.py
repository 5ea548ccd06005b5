"""Rows cut into stretches of time."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlgate.errors import ConfigError, DataError
from mlgate.evaluation.monitoring.windows import cut

DAY = dt.date(2026, 1, 5)


def test_windows_are_in_order_and_rows_without_a_time_come_last() -> None:
    """Named by their first moment."""
    frame = pl.DataFrame({"at": [DAY + dt.timedelta(days=9), None, DAY, DAY + dt.timedelta(days=6)], "x": [1, 2, 3, 4]})
    found = cut(frame, "at", "1w")
    assert [(one.name, one.frame["x"].to_list()) for one in found] == [
        ("2026-01-05", [3, 4]),
        ("2026-01-12", [1]),
        ("no time", [2]),
    ]


def test_times_may_be_text_or_carry_a_zone() -> None:
    """As files hold them."""
    text = pl.DataFrame({"at": ["2026-01-05T10:30:00", "2026-01-05T11:00:00"]})
    assert [one.name for one in cut(text, "at", "1h")] == ["2026-01-05 10:00:00", "2026-01-05 11:00:00"]
    zoned = pl.DataFrame({"at": pl.Series([dt.datetime(2026, 1, 5, 23, tzinfo=dt.UTC)])})
    assert [one.name for one in cut(zoned, "at", "1d")] == ["2026-01-05"]


@given(st.lists(st.one_of(st.none(), st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2030, 1, 1))), max_size=60))  # noqa: DTZ001
def test_every_row_is_in_one_window(times: list[dt.datetime | None]) -> None:
    """None is lost, whatever its time."""
    frame = pl.DataFrame({"at": pl.Series(times, dtype=pl.Datetime("us")), "x": range(len(times))})
    found = cut(frame, "at", "1y")
    assert sorted(x for one in found for x in one.frame["x"]) == list(range(len(times)))
    timed = [one.name for one in found if one.name != "no time"]
    assert timed == sorted(timed)


def test_without_a_time_all_rows_are_one_window() -> None:
    """Nothing is cut."""
    (only,) = cut(pl.DataFrame({"x": [1]}), None, "1w")
    assert only.name == "all rows"


@pytest.mark.parametrize("every", ["", "week", "0d", "-1d", "1 w", "nan", "99999999999999999999y"])
def test_what_is_no_length_is_named(every: str) -> None:
    """With those that are."""
    frame = pl.DataFrame({"at": [DAY, DAY + dt.timedelta(days=700)]})
    with pytest.raises(ConfigError) as caught:
        cut(frame, "at", every)
    assert caught.value.hint


def test_too_many_windows_are_refused() -> None:
    """A wrong unit must not run for hours."""
    frame = pl.DataFrame({"at": pl.datetime_range(DAY, DAY + dt.timedelta(days=60), "1h", eager=True)})
    with pytest.raises(ConfigError, match="1,441 windows"):
        cut(frame, "at", "1h")


@pytest.mark.parametrize("values", [[1, 2], ["yesterday", "today"], [True, False]])
def test_a_column_that_is_no_time_is_named(values: list[object]) -> None:
    """By what it holds."""
    with pytest.raises(DataError, match="'at' holds"):
        cut(pl.DataFrame({"at": values}), "at", "1w")
