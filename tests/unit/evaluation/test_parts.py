"""Parts of the rows: by values, by bins, by conditions."""

from __future__ import annotations

from contextlib import suppress

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlgate.errors import ConfigError
from mlgate.evaluation.parts import columns_of_condition, parts, where

FRAME = pl.DataFrame({"origin": ["JFK", "LGA", "JFK", None], "distance": [100, 500, 900, None]})


def rows_of(frame: pl.DataFrame, **how: object) -> dict[str, list[int]]:
    """Split a frame, and return the rows of each part."""
    return {part.name: part.rows.tolist() for part in parts(frame, **how)}  # type: ignore[arg-type]


def test_by_values_and_by_bins() -> None:
    """A missing value is a part of its own; a bin holds its lower edge."""
    assert rows_of(FRAME, by=["origin"]) == {"origin=JFK": [0, 2], "origin=null": [3], "origin=LGA": [1]}
    cut = rows_of(FRAME, by=["distance"], bins={"distance": [500.0, 900.0]})
    assert cut == {
        "distance 500 to 900": [1], "distance below 500": [0], "distance from 900": [2], "distance=null": [3],
    }  # fmt: skip
    both = rows_of(FRAME, by=["origin", "distance"], bins={"distance": [500.0]})
    assert both["origin=JFK, distance below 500"] == [0]


def test_by_conditions() -> None:
    """A condition in SQL picks the rows for which it holds; what is unknown does not; none may be left."""
    found = where(FRAME, {"far": "distance >= 500 AND origin = 'JFK'", "nowhere": "distance > 5000"})
    assert [(part.name, part.rows.tolist()) for part in found] == [("far", [2]), ("nowhere", [])]
    assert sorted(columns_of_condition("distance > 1 OR origin IS NULL")) == ["distance", "origin"]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("distance >", "is no condition"),
        ("distance + 1", "does not say yes or no for each row"),
        ("origin > 5", "cannot be applied"),
        ("SUM(distance) > 5", "does not say yes or no for each row"),
    ],
)
def test_a_wrong_condition_is_named(condition: str, said: str) -> None:
    """With its slice, or itself."""
    with pytest.raises(ConfigError) as caught:
        where(FRAME, {"it": condition})
    assert said in caught.value.message


def test_bins_cut_numbers_only() -> None:
    """Text has no edges."""
    with pytest.raises(ConfigError, match="bins cut numbers"):
        parts(FRAME, ["origin"], {"origin": [1.0]})


@given(st.text(max_size=40))
def test_any_condition_is_applied_or_refused(condition: str) -> None:
    """Whatever somebody writes."""
    with suppress(ConfigError):
        assert len(where(FRAME, {"it": condition})) == 1
