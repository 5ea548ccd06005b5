"""Data as it comes: each oddity has a named outcome, and none a traceback."""

from __future__ import annotations

import datetime as dt
import decimal
import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from polars.testing.parametric import dataframes

from mlgate.config.data import Freshness, Shift
from mlgate.data.drift.shifts import measure
from mlgate.data.files.read import scan
from mlgate.data.profile.profile import Profile
from mlgate.data.profile.profiling import profile
from mlgate.data.schema.infer import infer
from mlgate.data.validation.expectations import constants, freshness
from mlgate.data.validation.rows import Rows
from mlgate.records import ColumnShift

N = 2000
RNG = np.random.default_rng(11)
HOSTILE = ["</td><script>alert(1)</script>", "a|b", "`x`", "@octocat", "::error::x", "\u202eabc", "$(id)", "x" * 5000]


def shift(before: Any, after: Any) -> ColumnShift:
    """Measure one column."""
    reference = profile(pl.DataFrame({"x": before}).lazy())
    (found,) = measure(reference, pl.DataFrame({"x": after}).lazy(), Shift())
    return found


NORMAL = RNG.normal(size=N)
DAYS = [dt.date(2026, 1, 1) + dt.timedelta(days=int(day)) for day in RNG.integers(0, 300, N)]
CASES: dict[str, tuple[Any, Any, bool, str]] = {
    "all null, then and now": ([None] * 5, [None] * 9, False, "all null, then and now"),
    "all null now": (NORMAL, [None] * N, True, "all null; the reference had 0.0% null"),
    "no longer all null": (pl.Series([None] * N, dtype=pl.Float64), NORMAL, True, "no longer all null"),
    "infinite values": (NORMAL, np.where(RNG.random(N) < 0.1, math.inf, NORMAL), True, "infinite"),
    "one distinct value": ([7] * N, [7] * N, False, "constant in the reference"),
    "one distinct value, another": ([7] * N, [8] * N, True, "median 8, was 7"),
    "three rows": (NORMAL, NORMAL[:3], False, ""),
    "no rows": (NORMAL, pl.Series([], dtype=pl.Float64), False, "there are no rows"),
    "numbers became text": (NORMAL, [str(value) for value in NORMAL], True, "type changed: was number, is text"),
    "nested lists": ([[1, 2]] * N, [[3]] * N, False, "values of this type are not compared, only nulls"),
    "decimals": (
        pl.Series([decimal.Decimal(f"{value:.2f}") for value in NORMAL]),
        pl.Series([decimal.Decimal(f"{value + 1:.2f}") for value in NORMAL]),
        True,
        "median",
    ),
    "dates": (DAYS, [day + dt.timedelta(days=90) for day in DAYS], True, "median about 2026-"),
    "another time zone, the same moments": (
        pl.Series(DAYS).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
        pl.Series(DAYS).cast(pl.Datetime("us")).dt.replace_time_zone("UTC").dt.convert_time_zone("Asia/Tokyo"),
        False,
        "",
    ),
    "another unit of time, the same moments": (
        pl.Series(DAYS).cast(pl.Datetime("us")),
        pl.Series(DAYS).cast(pl.Datetime("ms")),
        False,
        "",
    ),
    "categories of hostile text": ([HOSTILE[k % 8] for k in range(N)], [HOSTILE[k % 4] for k in range(N)], True, "%"),
}


@pytest.mark.parametrize("case", CASES)
def test_each_oddity_has_its_outcome(case: str) -> None:
    """Whether it is a shift, and what is said of it."""
    before, after, shifted, note = CASES[case]
    found = shift(before, after)
    assert found.shifted is shifted
    assert note in found.note
    assert len(found.note) < 400


def test_columns_of_one_side_only_are_told() -> None:
    """A missing one is a shift, a new one is not."""
    reference = profile(pl.DataFrame({"both": NORMAL, "gone": NORMAL}).lazy())
    found = {one.column: one for one in measure(reference, pl.DataFrame({"both": NORMAL, "new": 1}).lazy(), Shift())}
    assert {name: one.shifted for name, one in found.items()} == {"both": False, "gone": True, "new": False}
    assert found["gone"].note == "missing now: the reference has it"


MIXED = "id,x\n1,3\n2,three\n3,3.0\n4,\n"
DATES = "id,x\n1,2026-01-31\n2,31.01.2026\n3,01/31/2026\n4,soon\n"


@pytest.mark.parametrize("text", [MIXED, DATES])
def test_mixed_types_and_dates_in_three_formats_are_text(tmp_path: Path, text: str) -> None:
    """Nothing is guessed, nothing is lost; a schema would say what it should be."""
    path = tmp_path / "d.csv"
    path.write_text(text, encoding="utf-8")
    frame = scan(path)
    assert frame.collect_schema()["x"] == pl.String
    assert profile(frame).columns["x"].rows == 4


def test_texts_that_are_no_times_are_not_fresh() -> None:
    """Told as such, whatever format they are in."""
    for texts, expected in ((["31.01.2026", "soon"], "in some row"), (["soon", "2020-01-31"], "of 2020-01-31")):
        rows = Rows.of(pl.LazyFrame({"at": texts}), file="d.csv", key="id", limit=5)
        (found,) = freshness(rows, Freshness(column="at", max_age_hours=1), dt.datetime(2026, 2, 1, tzinfo=dt.UTC))
        assert expected in found.expected


FRAMES = dataframes(max_cols=4, max_size=40, allow_null=True, excluded_dtypes=[pl.Object])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(before=FRAMES, after=FRAMES)
def test_any_frame_is_profiled_compared_drafted_and_asked(before: pl.DataFrame, after: pl.DataFrame) -> None:
    """Of whatever types and names: counts add up, every column has an answer, and what is written can be read."""
    reference = profile(before.lazy())
    assert all(sum(column.bins) == before.height for column in reference.columns.values())
    assert Profile.model_validate_json(reference.model_dump_json()) == reference
    found = measure(reference, after.lazy(), Shift())
    assert {one.column for one in found} == {*before.columns, *after.columns}
    assert all(math.isfinite(one.psi or 0) and len(one.note) < 1000 for one in found)
    assert not any(one.shifted for one in measure(reference, before.lazy(), Shift()))
    if before.width:
        assert "columns:" in infer(before.lazy(), file="d.parquet")
    constants(Rows.of(before.lazy(), file="d.parquet", key="id", limit=5), set())
