"""Thousands of columns: each is answered, and in seconds."""

from __future__ import annotations

import numpy as np
import polars as pl

from mlgate.config.data import Shift
from mlgate.data.drift.shifts import measure
from mlgate.data.profile.profiling import profile

NORMAL = np.random.default_rng(11).normal(size=300)


def test_five_thousand_columns_are_each_answered() -> None:
    """With two that moved among them."""
    before = pl.DataFrame({f"c{at}": NORMAL for at in range(5000)})
    after = before.with_columns(c7=pl.col("c7") + 3, c4000=pl.lit(None))
    found = measure(profile(before.lazy()), after.lazy(), Shift())
    assert {one.column for one in found if one.shifted} == {"c7", "c4000"}
    assert len(found) == 5000
