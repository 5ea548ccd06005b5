"""Profiles: exact counts that add up, sketches that come close, and bins for whatever there is."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlgate.data.profile.counts import count
from mlgate.data.profile.kept import read_profile
from mlgate.data.profile.profile import SIZE, Profile, distinct, merge
from mlgate.data.profile.profiling import SAMPLE, profile, take_sample
from mlgate.data.profile.shapes import shapes_of
from mlgate.data.profile.sketch import HASHED, sketches
from mlgate.errors import DataError

Rows = list[tuple[float | None, str | None]]
VALUES = st.one_of(st.none(), st.floats(width=32), st.sampled_from([0.0, 1.0, math.inf, -math.inf, math.nan]))
WORDS = st.one_of(st.none(), st.sampled_from(["a", "b", "é", ""]))
ROWS = st.lists(st.tuples(VALUES, WORDS), max_size=40)


def frame(rows: Rows) -> pl.DataFrame:
    """Make a number and a text of each row."""
    return pl.DataFrame(rows, schema={"x": pl.Float64, "w": pl.String}, orient="row")


def counted(rows: pl.DataFrame, like: pl.DataFrame) -> Profile:
    """Count rows in the bins that another sample has."""
    shapes = shapes_of(like)
    hashes = sketches(rows.lazy(), rows, list(shapes))
    found = {name: one.model_copy(update={"sketch": hashes[name]}) for name, one in count(rows.lazy(), shapes).items()}
    return Profile(rows=rows.height, columns=found, hashed=HASHED)


@given(st.lists(ROWS, min_size=1, max_size=5), ROWS)
def test_profiles_of_parts_add_up_to_that_of_the_whole(parts: list[Rows], like: Rows) -> None:
    """To the last count, in any order and any grouping."""
    whole = counted(frame([row for part in parts for row in part]), frame(like))
    each = [counted(frame(part), frame(like)) for part in parts]
    assert merge(each) == whole
    assert merge(reversed(each)) == whole
    assert reduce(lambda left, right: merge([right, left]), each) == whole


def test_profiles_of_other_bins_do_not_add_up() -> None:
    """Other edges, other columns, and no profile at all are errors; other hashes give up the sketch."""
    one, other = profile(pl.LazyFrame({"a": [1.0, 2.0]})), profile(pl.LazyFrame({"a": [1.0, 3.0]}))
    with pytest.raises(ValueError, match="different bins"):
        merge([one, other])
    with pytest.raises(ValueError, match="different columns"):
        merge([one, profile(pl.LazyFrame({"b": [1.0]}))])
    with pytest.raises(TypeError):
        merge([])
    assert merge([one, one.model_copy(update={"hashed": "another"})]).columns["a"].sketch == ()


@pytest.mark.parametrize("size", [1, SIZE - 1, SIZE, 20_000, 150_000])
def test_a_sketch_tells_how_many_values_there_are(size: int) -> None:
    """Exactly below its size, else to a fifth: three standard errors."""
    rows = pl.LazyFrame({"a": np.arange(200_000) % size}).with_columns(b=pl.col("a").cast(pl.String))
    for column in profile(rows).columns.values():
        assert distinct(column) == (size if size < SIZE else pytest.approx(size, rel=0.2))


def test_every_finite_value_is_between_minimum_and_maximum() -> None:
    """Infinities and NaNs are counted, and are neither."""
    found = profile(pl.LazyFrame({"x": [math.inf, 3.0, -1.0, math.nan, None, -math.inf]})).columns["x"]
    assert (found.minimum, found.maximum, found.nans, found.infinite, found.nulls) == (-1, 3, 1, 2, 1)
    assert found.rows == 6
    empty = profile(pl.LazyFrame({"x": [math.inf, math.nan, None]})).columns["x"]
    assert (empty.minimum, empty.maximum, sum(empty.counts)) == (None, None, 0)


TYPES: dict[str, tuple[Any, list[Any], str]] = {
    "integer": (pl.Int64, [1, 2, 2, None], "number"),
    "large": (pl.UInt64, [2**64 - 1, 0, 1, None], "number"),
    "huge": (pl.Int128, [2**100, 0, 1, None], "number"),
    "decimal": (pl.Decimal(10, 2), [Decimal("1.25"), Decimal(0), None], "number"),
    "flag": (pl.Boolean, [True, False, None], "boolean"),
    "day": (pl.Date, [date(2013, 1, 1), date(2014, 1, 1), None], "time"),
    "moment": (pl.Datetime("ns", "UTC"), [datetime(2013, 1, 1, tzinfo=UTC), None], "time"),
    "time": (pl.Time, [time(1), time(2), None], "time"),
    "span": (pl.Duration("ms"), [timedelta(days=1), None], "time"),
    "category": (pl.Categorical, ["a", "b", "a", None], "category"),
    "enum": (pl.Enum(["a", "b"]), ["a", "b", "a", None], "category"),
    "list": (pl.List(pl.Int64), [[1], [], None], "other"),
    "struct": (pl.Struct({"a": pl.Int64}), [{"a": 1}, None], "other"),
    "bytes": (pl.Binary, [b"a", None], "other"),
    "nothing": (pl.Null, [None, None], "other"),
}


@pytest.mark.parametrize("name", TYPES)
def test_values_of_every_type_are_counted(name: str) -> None:
    """Each row once, nulls apart, and the profile survives JSON."""
    dtype, values, kind = TYPES[name]
    found = profile(pl.LazyFrame({"x": pl.Series(values, dtype=dtype)}))
    column = found.columns["x"]
    assert (column.kind, column.rows, column.nulls) == (kind, len(values), values.count(None))
    assert Profile.model_validate_json(found.model_dump_json()) == found


def test_text_of_many_values_is_binned_by_its_length() -> None:
    """No twenty categories would tell anything about identifiers; their lengths do."""
    identifiers = pl.LazyFrame({"id": [f"{number:0{number % 7 + 4}}" for number in range(3000)]})
    found = profile(identifiers).columns["id"]
    assert (found.kind, found.categories) == ("text", ())
    assert (found.minimum, found.maximum) == (4, 10)


def test_the_sample_comes_from_all_over_the_data() -> None:
    """Start and end included, and no more rows than it takes."""
    rows = take_sample(pl.LazyFrame({"a": range(10 * SAMPLE)}), 10 * SAMPLE)["a"]
    assert SAMPLE <= rows.len() < 1.01 * SAMPLE
    assert (rows.min(), rows.max()) == (0, 10 * SAMPLE - 1)


def test_a_profile_takes_a_few_kilobytes_a_column() -> None:
    """However many values there are."""
    rng = np.random.default_rng(0)
    data = pl.LazyFrame({"x": rng.normal(size=50_000), "c": [f"category {number % 400}" for number in range(50_000)]})
    assert len(profile(data).model_dump_json()) < 2 * 8_000


GOOD = profile(pl.LazyFrame({"n": [1.0, 2.0, 3.0, 4.0], "c": ["a", "a", "b", "b"]}))
BROKEN = {
    "counts": ("n", {"counts": (1, 2)}),
    "edges": ("n", {"edges": tuple(reversed(GOOD.columns["n"].edges))}),
    "no category may": ("c", {"categories": ("a", "a")}),
    "has no edges": ("n", {"kind": "boolean"}),
    "has no categories": ("c", {"kind": "number", "categories": ("a",)}),
    "finite": ("n", {"minimum": "Infinity"}),
    "of 4 rows": ("c", {"nulls": 7}),
    "at most 1000": ("n", {"edges": tuple(map(float, range(2000)))}),
    "less than or equal": ("c", {"nulls": 10**400}),
}


@pytest.mark.parametrize("why", BROKEN)
def test_a_profile_that_does_not_fit_together_is_refused(tmp_path: Path, why: str) -> None:
    """Cut, edited or made to break what reads it: it is named, with where and why."""
    name, change = BROKEN[why]
    raw = json.loads(GOOD.model_dump_json())
    raw["columns"][name] |= change
    path = tmp_path / "p.json"
    path.write_text(json.dumps(raw).replace('"Infinity"', "Infinity"), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_profile(path)
    assert why in caught.value.message
