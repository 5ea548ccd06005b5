"""Wilson, Tango and McNemar against printed tables."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from mlgate.evaluation.proportions import conditional, mcnemar, mcnemar_midp, paired_proportions, tango, wilson


def test_tango_on_cavo() -> None:
    """Cavo et al.'s table (59, 6, 16, 80) has the Tango interval -0.1240 to -0.0054 (R, contingencytables)."""
    assert tango(6, 16, 161, 0.95) == pytest.approx((-0.1240, -0.0054), abs=5e-5)


@pytest.mark.parametrize(("gained", "lost", "p"), [(6, 16, 0.052479), (25, 15, 0.15386), (0, 0, 1.0), (5, 5, 1.0)])
def test_mcnemar_exact(gained: int, lost: int, p: float) -> None:
    """The exact p equals contingencytables' on Cavo and mlxtend's documented example; no discordant row gives 1."""
    assert mcnemar(gained, lost) == pytest.approx(p, abs=5e-6)


@pytest.mark.parametrize(("gained", "lost", "p"), [(6, 16, 0.034690), (25, 15, 0.117275), (0, 0, 1.0)])
def test_mcnemar_midp(gained: int, lost: int, p: float) -> None:
    """The mid-p equals contingencytables' on Cavo and that of mlxtend's example."""
    assert mcnemar_midp(gained, lost) == pytest.approx(p, abs=5e-6)


@given(st.integers(0, 40), st.integers(0, 40), st.booleans())
def test_a_conditional_interval_is_its_test(gained: int, lost: int, midp: bool) -> None:  # noqa: FBT001
    """It leaves out 0 exactly when the test rejects at its level."""
    low, high = conditional(gained, lost, 100, 0.95, midp=midp)
    p = mcnemar_midp(gained, lost) if midp else mcnemar(gained, lost)
    assert low <= (gained - lost) / 100 <= high
    if abs(p - 0.05) > 1e-6 and gained + lost:
        assert (low > 0 or high < 0) == (p < 0.05)


def test_tango_rejects_at_the_printed_level() -> None:
    """Tango's lens example: 0 against 1 of 44, tested at a difference of -0.1, has z 1.7086."""
    level = 2 * norm.cdf(1.7086) - 1
    assert tango(0, 1, 44, level)[0] == pytest.approx(-0.1, abs=2e-5)


@pytest.mark.parametrize("n", [1, 10, 1000])
def test_tango_without_discordant_rows_has_width(n: int) -> None:
    """No disagreement among n rows still leaves z^2/(n + z^2) open on either side."""
    z2 = norm.ppf(0.975) ** 2
    assert tango(0, 0, n, 0.95) == pytest.approx((-z2 / (n + z2), z2 / (n + z2)))


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 200), st.floats(0.5, 0.999))
def test_tango_properties(gained: int, lost: int, same: int, level: float) -> None:
    """The interval holds the estimate, stays within [-1, 1], and swapping the models mirrors it exactly."""
    n = gained + lost + same + 1
    low, high = tango(gained, lost, n, level)
    assert -1 <= low <= (gained - lost) / n <= high <= 1
    assert tango(lost, gained, n, level) == (0.0 - high, 0.0 - low)


@pytest.mark.parametrize(("hits", "low"), [(3, 0.439), (30, 0.886), (35, 0.901)])
def test_wilson(hits: int, low: float) -> None:
    """All right of 3, 30 and 35 shows at least 0.439, 0.886 and 0.901."""
    assert wilson(hits, hits, 0.95).low == pytest.approx(low, abs=6e-4)


def test_nothing_counted_is_undefined() -> None:
    """A share of no rows is NaN with NaN ends, for one model and for two."""
    assert math.isnan(wilson(0, 0, 0.95).value)
    assert not paired_proportions(0, 0, 0, 0.95, among="").bounded


@pytest.mark.parametrize(
    ("n", "share", "points"), [(200, 0.05, 3.9), (1000, 0.10, 2.5), (5000, 0.20, 1.57), (50000, 0.02, 0.16)]
)
def test_minimum_detectable(n: int, share: float, points: float) -> None:
    """One-sided at 5 %, power 80 %: published points for so many rows and such disagreement."""
    half = round(n * share / 2)
    detectable = paired_proportions(half, half, n, 0.90, among="").minimum_detectable(0.90)
    assert detectable is not None
    assert 100 * detectable == pytest.approx(points, rel=0.02)
