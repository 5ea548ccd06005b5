"""How often drift alarms when nothing moved, over many columns and many runs."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.drift_alarms import alarms, power


@pytest.mark.long
@pytest.mark.parametrize("rows", [200, 1000])
def test_runs_without_a_shift_seldom_alarm(rows: int) -> None:
    """On 200 columns at most 3 % are due; more than 8 of 100 would be a chance of one in 250."""
    rng = np.random.default_rng(rows)
    assert sum(alarms(rng, rows, 200) > 0 for _ in range(100)) <= 8


@pytest.mark.parametrize("name", ["mean + 0.5 sd", "two categories swapped", "cents become euros"])
def test_what_matters_is_found_on_a_thousand_rows(name: str) -> None:
    """In one of twenty columns, every time."""
    rng = np.random.default_rng(2)
    assert all(power(rng, name, 1000, 20) for _ in range(5))


def test_a_trifle_is_not_found_however_many_rows_show_it() -> None:
    """A tenth of a standard deviation."""
    rng = np.random.default_rng(3)
    assert not any(power(rng, "mean + 0.1 sd", 50_000, 3) for _ in range(3))
