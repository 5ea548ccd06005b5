"""Apache Spark counts what polars counts, in several partitions on this machine."""

from __future__ import annotations

import datetime as dt
import json
import math
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from mlgate.__main__ import run
from mlgate.config.data import Shift
from mlgate.data.drift.shifts import compare
from mlgate.data.profile.counts import count
from mlgate.data.profile.profile import Profile, merge
from mlgate.data.profile.profiling import profile
from mlgate.errors import DataError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="Apache Spark needs Java 17 or newer")
N = 4000
PARTITIONS = 7


def rows(seed: int) -> pl.DataFrame:
    """Draw a column of every kind, with nulls, NaNs and infinities."""
    rng = np.random.default_rng(seed)
    number = pl.Series(rng.normal(size=N))
    for value in (None, math.nan, math.inf, -math.inf):
        number = number.set(pl.Series(rng.random(N) < 0.02), value)
    start = dt.datetime(2013, 1, 1)  # noqa: DTZ001 (files mostly hold times without a zone)
    return pl.DataFrame(
        {
            "number": number,
            "short": pl.Series(rng.normal(size=N)).cast(pl.Float32),
            "whole": rng.integers(0, 50, N),
            "few": pl.Series([f"c{k}" for k in rng.integers(0, 8, N)]),
            "many": pl.Series([f"é{k:05}" for k in rng.zipf(1.5, N) % 3000]),
            "id": [f"row-{k}" for k in range(N)],
            "flag": rng.random(N) < 0.3,
            "day": [start.date() + dt.timedelta(days=int(k)) for k in rng.integers(0, 300, N)],
            "moment": [start + dt.timedelta(seconds=int(k)) for k in rng.integers(0, 10**7, N)],
            "nothing": pl.Series([None] * N, dtype=pl.Int64),
            "list": pl.Series([[1, 2]] * N),
            "a `b` c": rng.normal(size=N),
        }
    )


def plain(found: Profile) -> dict[str, object]:
    """Leave out what the engines call the types."""
    return {name: column.model_copy(update={"dtype": "", "sketch": ()}) for name, column in found.columns.items()}


def test_in_given_bins_spark_counts_what_polars_counts(session: SparkSession, tmp_path: Path) -> None:
    """To the last row; and its profiles add up with polars'."""
    from mlgate.data.profile import spark

    reference, current = rows(1), rows(2)
    known = profile(reference.lazy())
    current.write_parquet(tmp_path / "d.parquet")
    frame = session.read.parquet(str(tmp_path / "d.parquet")).repartition(PARTITIONS)
    counted = count(current.lazy(), known.columns)
    found = spark.profile(frame, like=known)
    assert plain(found) == plain(Profile(rows=N, columns=counted))
    assert compare(known.columns, found.columns, Shift()) == compare(known.columns, counted, Shift())
    assert merge([found, known]).rows == 2 * N


def test_in_bins_of_its_own_the_counts_are_right_as_well(session: SparkSession, tmp_path: Path) -> None:
    """And the bins are those that polars would choose, but for ties and ranks."""
    from mlgate.data.profile import spark

    rows(3).write_parquet(tmp_path / "d.parquet")
    frame = session.read.parquet(str(tmp_path / "d.parquet")).repartition(PARTITIONS)
    found, ours = spark.profile(frame, ignore=["list"]), profile(rows(3).lazy(), ignore=["list"])
    assert {name: one.kind for name, one in found.columns.items()} == {n: one.kind for n, one in ours.columns.items()}
    assert plain(found) == plain(Profile(rows=N, columns=count(rows(3).lazy(), found.columns)))
    assert found.columns["few"].categories == ours.columns["few"].categories
    assert found.columns["number"].edges == pytest.approx(ours.columns["number"].edges, abs=0.01)


def test_the_command_takes_spark(
    session: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And gives a profile that drift is measured by."""
    assert session.version
    monkeypatch.chdir(tmp_path)
    rows(1).write_parquet("a.parquet")
    rows(2).write_parquet("b.parquet")
    assert run(["profile", "a.parquet", "--engine", "spark", "-o", "a.json"]) == 0
    assert json.loads(Path("a.json").read_text(encoding="utf-8"))["rows"] == N
    assert run(["drift", "a.json", "b.parquet"]) == 0
    assert run(["profile", "none.parquet", "--engine", "spark"]) == 2
    assert "none.parquet does not exist" in capsys.readouterr().err


def test_what_cannot_be_counted_is_named(session: SparkSession) -> None:
    """A column that is missing, and a session whose moments are of another zone."""
    from mlgate.data.profile import spark

    frame = session.createDataFrame([(1,)], "a int")
    with pytest.raises(DataError, match="column 'number' is missing"):
        spark.profile(frame, like=profile(rows(1).select("number").lazy()))
    session.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    try:
        with pytest.raises(DataError, match="time zone is Asia/Tokyo"):
            spark.profile(frame)
    finally:
        session.conf.set("spark.sql.session.timeZone", "UTC")
