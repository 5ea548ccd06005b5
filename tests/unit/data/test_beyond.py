"""Beyond the schema: leakage, columns that give the label away, balance, freshness, size and references."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing.parametric import series

from mlgate.config.data import Freshness, Reference
from mlgate.data.validation.expectations import balance, constants, freshness, references, size
from mlgate.data.validation.leakage import shared_content, telling_columns
from mlgate.data.validation.rows import Rows

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
RNG = np.random.default_rng(0)
N = 1000
ANY = series(min_size=0, max_size=120, excluded_dtypes=[pl.Object])
LABEL = RNG.random(N) < 0.3


def rows(**columns: Any) -> Rows:
    """Make a file's rows."""
    return Rows.of(pl.LazyFrame(columns), file="d.parquet", key="id", limit=5)


def test_rows_that_stand_in_both_files_are_found_whatever_their_keys() -> None:
    """As a warning: the same values in all columns but the key; one value of difference is enough."""
    train = pl.LazyFrame({"id": [1, 2, 3], "x": [1.5, 2.5, None], "w": ["a", "b", None]})
    held_out = pl.LazyFrame({"id": [7, 8, 9], "x": [2.5, 2.5, None], "w": ["b", "c", None], "more": 1})
    (found,) = shared_content(train, held_out, "id")
    assert (found.rule, found.severity, found.count, found.of) == ("leakage_content", "warn", 2, 3)
    assert [row.key for row in found.examples] == ["7", "9"]
    assert found.expected.endswith("(same values in all 2 shared columns)")
    assert shared_content(train, held_out.filter(pl.col("id") == 8), "id") == ()


TELLING = {
    "the label itself": (LABEL.astype(int), True),
    "the label turned round": (1 - LABEL, True),
    "the label as words": (np.where(LABEL, "refunded", "kept"), True),
    "missing where it is false": ([1.0 if one else None for one in LABEL], True),
    "a good feature": (LABEL + RNG.normal(0, 1, N), False),
    "noise": (RNG.normal(size=N), False),
    "identifiers": ([f"row-{number}" for number in range(N)], False),
    "lists": ([[number] for number in range(N)], False),
}


@pytest.mark.parametrize("name", TELLING)
def test_a_column_that_gives_the_label_away_is_told(name: str) -> None:
    """As a warning with how well it predicts alone; a feature that is merely good is not."""
    values, telling = TELLING[name]
    frame = pl.LazyFrame({"id": range(N), "x": values, "y": LABEL})
    found = telling_columns(frame, key="id", label="y", task="binary")
    assert [(one.column, one.severity) for one in found] == ([("x", "warn")] if telling else [])


def test_a_number_that_is_the_target_in_other_units_is_told() -> None:
    """Or one of several classes' names."""
    target = RNG.normal(100, 20, N)
    frame = pl.LazyFrame({"id": range(N), "cents": target * 100, "near": target + RNG.normal(0, 20, N), "y": target})
    assert [one.column for one in telling_columns(frame, key="id", label="y", task="regression")] == ["cents"]
    classes = RNG.choice(["a", "b", "c"], N)
    frame = pl.LazyFrame({"id": range(N), "code": [ord(one) for one in classes], "y": classes})
    assert [one.column for one in telling_columns(frame, key="id", label="y", task="multiclass")] == ["code"]


@settings(max_examples=60, deadline=None)
@given(
    values=series(min_size=0, max_size=150, excluded_dtypes=[pl.Object]), task=st.sampled_from(["binary", "regression"])
)
def test_no_column_makes_an_error(values: pl.Series, task: str) -> None:
    """Of whatever type and size."""
    frame = pl.DataFrame({"id": range(len(values)), "x": values, "y": [number % 2 for number in range(len(values))]})
    telling_columns(frame.lazy(), key="id", label="y", task=task)
    telling_columns(frame.lazy(), key="id", label="x", task=task)
    shared_content(frame.lazy(), frame.lazy(), "id")
    found = Rows.of(frame.lazy(), file="d", key="id", limit=2)
    constants(found, set())
    balance(found, "x", 0.1)
    freshness(found, Freshness(column="x", max_age_hours=1), NOW)
    references(found, Reference(column="x", file="d", to="x"), frame.lazy())
    references(found, Reference(column="x", file="d", to="y"), frame.lazy())


def test_a_class_with_too_few_rows_is_found() -> None:
    """By its share; a column of nulls has no class."""
    (found,) = balance(rows(id=range(100), y=["a"] * 98 + ["b"] * 2), "y", 0.05)
    assert found.expected == "at least 5% of the rows in every class; b has 2%"
    assert balance(rows(id=range(100), y=["a"] * 98 + ["b"] * 2), "y", 0.02) == []
    assert balance(rows(id=[1], y=[None]), "y", 0.5) == []


def test_columns_of_one_value_are_told() -> None:
    """Null or not; one null more is a second value."""
    found = constants(rows(id=[1, 2], a=[5, 5], b=[None, None], c=[None, 5], d=["x", "x"], e=[True, False]), {"id"})
    assert [(one.column, one.severity) for one in found] == [("a", "warn"), ("d", "warn")]
    typed = rows(id=[1, 2], b=pl.Series([None, None], dtype=pl.Int64))
    assert [one.column for one in constants(typed, {"id"})] == ["b"]
    assert constants(rows(a=[1]), set()) == []


AGES = {
    "an hour": ([datetime(2026, 3, 10, 11)], True),  # noqa: DTZ001 (files mostly hold times without a zone)
    "a zone": ([datetime(2026, 3, 10, 11, tzinfo=UTC)], True),
    "three days": ([datetime(2026, 3, 7, 11)], False),  # noqa: DTZ001
    "a day": ([date(2026, 3, 9)], True),
    "text": (["2026-03-10 10:00:00", "2026-01-01 00:00:00"], True),
    "old text": (["2026-01-01 00:00:00"], False),
    "no date": (["yesterday"], False),
    "the future": ([datetime(2027, 1, 1)], False),  # noqa: DTZ001
    "nothing": ([None], False),
}


@pytest.mark.parametrize("name", AGES)
def test_the_newest_row_is_fresh_or_not(name: str) -> None:
    """By the newest moment of the column, in UTC where it names no zone."""
    values, fresh = AGES[name]
    found = freshness(rows(t=values), Freshness(column="t", max_age_hours=48), NOW)
    assert [one.rule for one in found] == ([] if fresh else ["fresh"])
    assert freshness(rows(t=[1]), Freshness(column="u", max_age_hours=48), NOW)[0].rule == "column_missing"


def test_a_file_of_another_size_is_found() -> None:
    """By the share that it may differ."""
    assert size(rows(id=range(150)), 100, 0.5) == []
    (found,) = size(rows(id=range(151)), 100, 0.5)
    assert found.expected == "100 rows give or take 50%, as production had; there are 151"
    assert size(rows(id=range(10)), 0, 0.5) == []


def test_values_that_refer_to_nothing_are_found() -> None:
    """With their rows; nulls refer to nothing, and numbers may be referred to as text."""
    known = pl.LazyFrame({"code": ["EWR", "JFK"], "number": ["1", "2"]})
    asked = Reference(column="at", file="a.csv", to="code")
    (found,) = references(rows(id=[1, 2, 3], at=["JFK", "XXX", None]), asked, known)
    assert (found.rule, found.count, found.examples[0].value) == ("reference", 1, "XXX")
    assert references(rows(id=[1], at=[2]), Reference(column="at", file="a.csv", to="number"), known) == []
    (gone,) = references(rows(id=[1]), asked, known)
    assert gone.rule == "column_missing"
