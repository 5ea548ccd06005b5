"""The measures of drift, held to scipy's on the values that the bins were counted from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import jensenshannon

from mlgate.data.drift import measures
from mlgate.data.drift.psi import stability

COUNTS = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=2, max_size=30).filter(
    lambda pairs: sum(one for one, _ in pairs) > 0 and sum(other for _, other in pairs) > 0
)


def split(pairs: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Return the two samples' counts."""
    return [before for before, _ in pairs], [after for _, after in pairs]


@given(COUNTS)
def test_the_jensen_shannon_distance_is_scipys(pairs: list[tuple[int, int]]) -> None:
    """With base 2; it does not matter which sample is the reference."""
    before, after = split(pairs)
    assert measures.jensen_shannon(before, after) == pytest.approx(jensenshannon(before, after, base=2), abs=1e-7)
    assert measures.jensen_shannon(before, after) == pytest.approx(measures.jensen_shannon(after, before), abs=1e-9)


@given(COUNTS)
def test_chi_squared_is_scipys(pairs: list[tuple[int, int]]) -> None:
    """P value and Cramér's V of the table without the bins that both leave empty."""
    filled = [pair for pair in pairs if sum(pair)]
    effect, chance = measures.chi_squared(*split(pairs))
    if len(filled) < 2:
        assert [effect, chance] == pytest.approx([0.0, 1.0], abs=1e-12)
        return
    table = np.array(filled).T
    found = stats.chi2_contingency(table, correction=False)
    assert chance == pytest.approx(found.pvalue, abs=1e-9)
    assert effect == pytest.approx(stats.contingency.association(table, method="cramer"), abs=1e-9)


def test_kolmogorov_smirnov_at_many_edges_is_scipys() -> None:
    """With an edge at every value nothing is lost; with few, the statistic is smaller and the p value larger."""
    rng = np.random.default_rng(1)
    one, other = rng.normal(size=400), rng.normal(0.2, 1.1, size=300)
    exact = stats.ks_2samp(one, other, method="asymp")
    every = np.sort(np.concatenate([one, other]))
    bins = [np.diff([0, *np.searchsorted(np.sort(x), every, side="right")]).tolist() for x in (one, other)]
    apart, chance = measures.kolmogorov_smirnov(*bins)
    assert apart == pytest.approx(exact.statistic)
    assert chance == pytest.approx(stats.kstwobign.sf(exact.statistic * np.sqrt(400 * 300 / 700)))
    few = [np.histogram(x, [-9, *np.quantile(one, np.arange(1, 10) / 10), 9])[0].tolist() for x in (one, other)]
    assert measures.kolmogorov_smirnov(*few)[0] < apart
    assert measures.kolmogorov_smirnov(*few)[1] > chance


@pytest.mark.parametrize("shift", [0.0, 0.1, 0.5])
def test_wasserstein_is_scipys_within_the_edges(shift: float) -> None:
    """On values that are clamped to the outermost edges, in standard deviations, with fine bins."""
    rng = np.random.default_rng(2)
    one, other = rng.normal(3, 2, size=200_000), rng.normal(3 + 2 * shift, 2, size=200_000)
    edges = np.quantile(one, np.arange(1, 100) / 100)
    bins = [np.histogram(x, [-np.inf, *edges, np.inf])[0].tolist() for x in (one, other)]
    clamped = (np.clip(x, edges[0], edges[-1]) for x in (one, other))
    expected = stats.wasserstein_distance(*clamped) / 2
    assert measures.wasserstein(bins[0], bins[1], edges.tolist()) == pytest.approx(expected, rel=0.02, abs=0.003)


def test_wasserstein_without_a_spread_is_nothing() -> None:
    """A constant has no standard deviation to measure in, and three bins no range within edges."""
    assert measures.wasserstein([5, 5], [5, 5], [1.0]) is None
    assert measures.wasserstein([0, 9, 0, 0], [0, 9, 0, 0], [1.0, 1.0, 1.0]) is None
    assert measures.wasserstein([0, 0, 0, 0], [0, 9, 0, 0], [1.0, 2.0, 3.0]) is None


@given(COUNTS)
def test_a_sample_is_at_no_distance_from_itself(pairs: list[tuple[int, int]]) -> None:
    """In every measure."""
    before, _ = split(pairs)
    edges = [float(number) for number in range(len(before) - 1)]
    assert measures.jensen_shannon(before, before) == 0
    assert measures.kolmogorov_smirnov(before, before) == (0, 1)
    assert measures.chi_squared(before, before)[0] == 0
    assert measures.wasserstein(before, before, edges) in {0, None}
    assert stability(before, before, level=0.95).psi == 0


def test_psi_of_a_moved_normal_is_the_square_of_the_shift() -> None:
    """In many bins it is d squared (the two divergences of two normals of one variance): what the floor is read off."""
    edges = stats.norm.ppf(np.arange(1, 1000) / 1000)
    for shift in (0.1, 0.2):
        before, after = (np.diff([0, *stats.norm.cdf(edges - moved), 1]) * 1e9 for moved in (0.0, shift))
        found = stability(before.astype(int).tolist(), after.astype(int).tolist(), level=0.95)
        assert found.psi == pytest.approx(shift**2, rel=0.02)
