"""What other tools for drift were seen to get wrong, as facts that hold here."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from mlgate.config.data import Shift
from mlgate.data.drift.shifts import measure
from mlgate.data.profile.profiling import profile
from mlgate.records import ColumnShift

N = 20_000


def moved(before: object, after: object) -> ColumnShift:
    """Compare one column of two files."""
    (found,) = measure(profile(pl.LazyFrame({"x": before})), pl.LazyFrame({"x": after}), Shift())
    return found


def normal(seed: int, n: int = N, shift: float = 0.0) -> pl.Series:
    """Draw from the standard normal law."""
    return pl.Series(np.random.default_rng(seed).normal(shift, 1, n))


def with_nulls(values: pl.Series, share: float) -> pl.Series:
    """Take a share of the values away."""
    return values.set(pl.Series(np.random.default_rng(9).random(len(values)) < share), None)


@pytest.mark.parametrize(("before", "after"), [(0.0, 0.9), (0.02, 0.3)])
def test_nulls_are_a_shift(before: float, after: float) -> None:
    """They are no rows to drop."""
    found = moved(with_nulls(normal(1), before), with_nulls(normal(2), after))
    assert (found.size, found.note) == ("major", f"null {found.nulls_after:.1%}, was {found.nulls_before:.1%}")


def test_a_column_that_is_all_null_is_a_shift() -> None:
    """And no crash, on either side."""
    nothing = pl.Series([None] * N, dtype=pl.Float64)
    assert moved(normal(1), nothing).shifted
    assert moved(nothing, normal(1)).shifted
    assert not moved(nothing, nothing).shifted


def test_a_column_that_is_gone_is_a_shift() -> None:
    """It is not left out of the report."""
    found = measure(profile(pl.LazyFrame({"x": [1.0], "y": [1.0]})), pl.LazyFrame({"x": [1.0]}), Shift())
    assert {one.column: one.shifted for one in found} == {"y": True, "x": False}


@pytest.mark.parametrize("side", ["reference", "current"])
def test_one_wild_value_hides_nothing(side: str) -> None:
    """A shift of two standard deviations is seen beside a million, and a million alone is none."""
    before, after = normal(1), normal(2, shift=2)
    wild = (before if side == "reference" else after).clone()
    wild[0] = 1e6
    found = moved(wild, after) if side == "reference" else moved(before, wild)
    assert (found.size, found.shifted) == ("major", True)
    assert found.wasserstein == pytest.approx(1.12, abs=0.05), "of 2, as it ends at the outermost edges"
    still = normal(3)
    still[0] = 1e6
    assert not (moved(still, before) if side == "reference" else moved(before, still)).shifted


@pytest.mark.parametrize(("categories", "n"), [(100, 2_000), (1_000, 20_000), (5_000, 100_000)])
def test_many_categories_are_no_shift(categories: int, n: int) -> None:
    """Two samples of one distribution of up to 5,000 categories are alike."""
    names = np.array([f"category {number}" for number in range(categories)])
    draws = [np.random.default_rng(seed).choice(names, n) for seed in (1, 2)]
    assert not moved(*draws).shifted


def test_a_trifle_is_no_shift_however_many_rows_show_it() -> None:
    """A hundredth of a standard deviation is significant at a million rows, and does not matter."""
    found = moved(normal(1, 1_000_000), normal(2, 1_000_000, shift=0.01))
    assert not found.shifted
    assert found.chi_squared_p is not None
    assert found.chi_squared_p < 0.001


def test_the_most_frequent_category_losing_a_third_is_a_shift() -> None:
    """Of ten categories at 100,000 rows."""
    names = [f"c{number}" for number in range(10)]
    shares = 1 / np.arange(1, 11)
    less = shares.copy()
    less[0] *= 0.7
    draws = [np.random.default_rng(5).choice(names, 100_000, p=one / one.sum()) for one in (shares, less)]
    assert moved(*draws).shifted


def test_eight_rows_are_no_shift() -> None:
    """What eight rows show, chance shows too."""
    assert not any(moved(normal(1), normal(seed, 8)).shifted for seed in range(2, 30))
