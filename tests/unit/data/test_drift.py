"""Drift: nothing moved is seldom an alarm, and what moved always is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlgate.config.data import Shift
from mlgate.data.drift.findings import shift_findings
from mlgate.data.drift.psi import stability
from mlgate.data.drift.shifts import measure
from mlgate.data.profile.profile import Profile
from mlgate.data.profile.profiling import profile
from mlgate.records import ColumnShift
from mlgate.verdict import Outcome, Verdict

SETTINGS = Shift()
ROWS = 3000
MAY = datetime(2013, 5, 1)  # noqa: DTZ001 (data files mostly hold times without a zone)


def sample(seed: int, rows: int = ROWS) -> pl.DataFrame:
    """Draw rows of one known distribution: a number, a skewed one with nulls, a category, a flag and a time."""
    random = np.random.default_rng(seed)
    rain = random.gamma(0.5, 1.0, rows) * (random.random(rows) < 0.1)
    days = random.integers(0, 60, rows)
    return pl.DataFrame(
        {
            "temp": random.normal(20, 5, rows),
            "rain": pl.Series(rain).set(pl.Series(random.random(rows) < 0.05), None),
            "carrier": random.choice(["AA", "UA", "DL", "B6"], rows, p=[0.4, 0.3, 0.2, 0.1]),
            "late": random.random(rows) < 0.2,
            "date": [MAY + timedelta(days=int(day)) for day in days],
        }
    )


REFERENCE = profile(sample(0).lazy())


def measured(frame: pl.DataFrame, reference: Profile = REFERENCE, **chosen: Any) -> dict[str, ColumnShift]:
    """Measure the shift of `frame` against the reference, by column."""
    found = measure(reference, frame.lazy(), Shift(**chosen))
    return {shift.column: shift for shift in found}


def test_the_same_distribution_seldom_alarms() -> None:
    """Of 60 draws of the same distribution, a floor of nearly nothing lets at most 8 alarm (5 % are due)."""
    alarms = sum(
        any(shift.shifted for shift in measured(sample(seed, 800), floor=1e-9).values()) for seed in range(1, 61)
    )
    assert alarms <= 8
    assert not any(shift.shifted for seed in range(1, 20) for shift in measured(sample(seed, 800)).values())


def test_noise_is_the_mean_and_the_limit_the_quantile_under_no_shift() -> None:
    """Over 2,000 draws, PSI of unmoved counts averages its noise and exceeds its 95 % limit about one time in 20."""
    random = np.random.default_rng(7)
    shares = np.full(10, 0.1)
    drawn = [
        stability(random.multinomial(5000, shares).tolist(), random.multinomial(900, shares).tolist(), level=0.95)
        for _ in range(2000)
    ]
    assert np.mean([one.psi for one in drawn]) == pytest.approx(drawn[0].noise, rel=0.06)
    assert 0.03 < np.mean([one.psi > one.limit for one in drawn]) < 0.07


def test_bins_that_are_empty_on_both_sides_do_not_count() -> None:
    """PSI, noise and limit are those of the occupied bins."""
    assert stability([5, 0, 7, 0], [6, 0, 8, 0], level=0.95) == stability([5, 7], [6, 8], level=0.95)


def test_every_row_falls_into_exactly_one_bin() -> None:
    """Nulls, NaNs and infinities of both signs have bins of their own; edges belong to the bin below."""
    values = [-float("inf"), float("inf"), float("nan"), None, 1.0, 2.0, 2.0, 3.0]
    found = profile(pl.LazyFrame({"x": values})).columns["x"]
    assert (found.nulls, found.nans, found.infinite) == (1, 1, 2)
    spread = dict(zip(found.edges, found.counts, strict=False))
    assert {edge: spread[edge] for edge in (1.0, 2.0)} == {1.0: 1, 2.0: 2}
    assert min(found.counts) >= 0
    assert sum(found.counts) == 4


MOVED = {
    "mean by one standard deviation": ("temp", pl.col("temp") + 5),
    "half the spread": ("temp", (pl.col("temp") - 20) * 0.5 + 20),
    "null rate by 30 points": ("temp", pl.when(pl.int_range(pl.len()) % 10 >= 3).then("temp")),
    "all null": ("temp", pl.lit(None, pl.Float64)),
    "NaN in a third": ("temp", pl.when(pl.int_range(pl.len()) % 3 > 0).then("temp").otherwise(float("nan"))),
    "endless in a third": ("temp", pl.when(pl.int_range(pl.len()) % 3 > 0).then("temp").otherwise(float("inf"))),
    "two categories swapped": ("carrier", pl.col("carrier").replace({"AA": "B6", "B6": "AA"})),
    "an unseen category": ("carrier", pl.col("carrier").replace({"UA": "WN"})),
    "flag turned round": ("late", ~pl.col("late")),
    "a month later": ("date", pl.col("date").dt.offset_by("30d")),
    "zeros became ones": ("rain", pl.col("rain").replace({0.0: 1.0})),
    "zeros became negative": ("rain", pl.col("rain").replace({0.0: -1.0})),
}


@pytest.mark.parametrize("name", MOVED)
def test_a_clear_shift_alarms_in_its_column_only(name: str) -> None:
    """What moved is found and stands first; the columns beside it stay quiet."""
    column, moved = MOVED[name]
    found = measure(REFERENCE, sample(1).with_columns(moved.alias(column)).lazy(), SETTINGS)
    assert [shift.column for shift in found if shift.shifted] == [column]
    assert found[0].column == column
    assert (found[0].psi or 0) > (found[0].debiased or 0) > SETTINGS.floor


def test_one_wild_value_does_not_hide_a_shift() -> None:
    """An outlier of a billion sits in an outer bin: the shift beside it is measured all the same."""
    frame = sample(1).with_columns(pl.col("temp") + 5)
    frame[0, "temp"] = 1e9
    assert measured(frame)["temp"].shifted


def test_a_constant_that_changes_is_a_shift() -> None:
    """A column that always was 5 and now is 3 has moved, though no quantile lies between."""
    reference = profile(pl.LazyFrame({"a": [5.0] * 500}))
    assert measured(pl.DataFrame({"a": [3.0] * 500}), reference)["a"].shifted
    same = measured(pl.DataFrame({"a": [5.0] * 500}), reference)["a"]
    assert not same.shifted
    assert same.note == "constant in the reference"


def test_columns_that_cannot_be_compared_are_named() -> None:
    """A missing, a new and a retyped column each say so, and none of them is an error."""
    frame = sample(1).drop("late").with_columns(pl.col("temp").cast(pl.String), new=1)
    found = measured(frame)
    assert found["late"].note.startswith("missing")
    assert found["late"].shifted
    assert found["new"].note.startswith("new")
    assert not found["new"].shifted
    assert found["temp"].note == "type changed: was number, is text"
    assert found["temp"].shifted
    assert {found[name].psi for name in ("late", "new", "temp")} == {None}, "what was not measured is not 0"
    times = measured(sample(1).with_columns(pl.col("date").cast(pl.String), late=pl.lit(1.5)))
    assert (times["date"].note, times["late"].note) == (
        "type changed: was time, is text",
        "type changed: was boolean, is number",
    )
    finding = next(one for one in shift_findings(found.values(), SETTINGS, since="May") if "temp" in one.rule)
    assert finding.sentence == "temp moved from May: type changed: was number, is text"


def test_a_column_without_values_has_no_type_that_could_change() -> None:
    """Text that is all null (as CSV reads an empty column) is compared with numbers by its nulls."""
    empty = sample(1).with_columns(temp=pl.lit(None, pl.String))
    found = measured(empty)["temp"]
    assert found.shifted
    assert found.note == "all null; the reference had 0.0% null"
    back = measured(sample(2), profile(empty.lazy()))["temp"]
    assert back.note == "no longer all null"
    assert not measured(empty, profile(empty.lazy()))["temp"].shifted


def test_columns_to_ignore_are_not_measured() -> None:
    """What the configuration ignores appears nowhere."""
    assert "date" not in measured(sample(1), ignore=("date",))
    assert "date" not in profile(sample(0).lazy(), ignore=["date"]).columns


def test_a_handful_of_rows_is_no_alarm() -> None:
    """Ten rows of the same distribution have a large PSI, all of it noise."""
    found = measured(sample(1, 10))
    assert (found["temp"].psi or 0) > 0.25
    assert not any(shift.shifted for shift in found.values())


def test_many_categories_do_not_alarm_by_their_number() -> None:
    """Five thousand categories, drawn twice from one distribution, are no shift."""
    random = np.random.default_rng(3)
    first, second = (pl.DataFrame({"c": random.integers(0, 5000, 20_000).astype(str)}) for _ in range(2))
    assert not measured(second, profile(first.lazy()))["c"].shifted


def test_a_profile_survives_json_and_stays_small() -> None:
    """A profile read back from JSON gives the same shifts, and a column of it takes less than 4 kB."""
    text = REFERENCE.model_dump_json()
    assert Profile.model_validate_json(text) == REFERENCE
    assert len(text) < 4096 * len(REFERENCE.columns)


COLUMNS = st.one_of(
    st.lists(st.one_of(st.none(), st.floats(), st.floats(width=32)), max_size=12).map(
        lambda v: pl.Series(v, dtype=pl.Float64)
    ),
    st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)), max_size=12).map(
        lambda v: pl.Series(v, dtype=pl.Int64)
    ),
    st.lists(st.one_of(st.none(), st.text()), max_size=12).map(lambda v: pl.Series(v, dtype=pl.String)),
    st.lists(st.one_of(st.none(), st.text(max_size=2)), max_size=12).map(lambda v: pl.Series(v, dtype=pl.Categorical)),
    st.lists(st.one_of(st.none(), st.booleans()), max_size=12).map(lambda v: pl.Series(v, dtype=pl.Boolean)),
    st.lists(st.one_of(st.none(), st.datetimes()), max_size=12).map(lambda v: pl.Series(v, dtype=pl.Datetime("us"))),
    st.lists(st.one_of(st.none(), st.dates()), max_size=12).map(lambda v: pl.Series(v, dtype=pl.Date)),
    st.lists(st.one_of(st.none(), st.times()), max_size=12).map(lambda v: pl.Series(v, dtype=pl.Time)),
    st.lists(st.one_of(st.none(), st.lists(st.integers(0, 3), max_size=2)), max_size=12).map(
        lambda v: pl.Series(v, dtype=pl.List(pl.Int64))
    ),
    st.integers(0, 12).map(lambda n: pl.Series([None] * n, dtype=pl.Null)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(before=COLUMNS, after=COLUMNS)
def test_no_frame_makes_an_error(before: pl.Series, after: pl.Series) -> None:
    """Any two columns are compared or said to be incomparable; against itself none is shifted."""
    reference = profile(before.to_frame("x").lazy())
    assert sum(reference.columns["x"].bins) == len(before)
    Profile.model_validate_json(reference.model_dump_json())
    (found,) = measure(reference, after.to_frame("x").lazy(), SETTINGS)
    measured = [found.psi, found.noise, found.debiased]
    assert measured == [None] * 3 if found.limit is None else np.isfinite(np.array(measured, dtype=float)).all()
    (same,) = measure(reference, before.to_frame("x").lazy(), SETTINGS)
    assert not same.psi
    assert not same.shifted


@pytest.mark.parametrize(("severity", "outcome"), [("warn", Outcome.INCONCLUSIVE), ("error", Outcome.FAIL)])
def test_a_shift_decides_only_where_it_is_told_to(severity: str, outcome: Outcome) -> None:
    """With severity warn a shifted column is shown, with error it fails; one that did not shift is no finding."""
    moved = ColumnShift(
        column="temp", psi=0.9, noise=0.01, debiased=0.89, shifted=True, size="major", note="null 30.0%, was 1.0%"
    )
    still = ColumnShift(column="hour", psi=0.01, noise=0.01, debiased=0.0, shifted=False)
    found = shift_findings((moved, still), Shift.model_validate({"severity": severity}), since="last week")
    assert Verdict.of(found, empty="nothing").outcome is outcome
    (sentence,) = (one.sentence for one in found)
    assert sentence == "temp moved from last week: major shift, debiased PSI 0.890, floor 0.02; null 30.0%, was 1.0%"
