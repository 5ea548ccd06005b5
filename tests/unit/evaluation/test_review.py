"""What a second pair of eyes found wrong in the gate's statistics, each held to what is right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy import stats

from mlgate.config.gate import Gate
from mlgate.evaluation import linear, resampling
from mlgate.evaluation.beside import Beside
from mlgate.evaluation.gate import judge
from mlgate.evaluation.metrics import METRICS
from mlgate.evaluation.paired import Paired
from mlgate.evaluation.proportions import mcnemar_midp, paired_proportions
from mlgate.evaluation.slices import judge_slices


def rows(label: np.ndarray, candidate: np.ndarray, production: np.ndarray | None = None) -> Paired:
    """Pair scores with labels."""
    return Paired(keys=np.arange(len(label)), label=label, candidate=candidate, production=production)


def gate(**given: object) -> Gate:
    """Read a policy."""
    return Gate.model_validate(given)


def test_values_that_begin_alike_are_slices_of_their_own() -> None:
    """However long they are: the bad one fails."""
    url = "https://shop.example.com/catalogue/shoes/"
    place = np.array([f"{url}a", f"{url}b"]).repeat(300)
    label = np.tile([True, False], 300)
    candidate = np.where(place == f"{url}a", ~label, label).astype(float)
    asked = gate(rules=[{"metric": "accuracy", "lower_bound": 0.1}],
                 slices=[{"by": ["place"], "rules": [{"metric": "accuracy", "lower_bound": 0.9}]}])  # fmt: skip
    found = judge_slices(rows(label, candidate), Beside(columns=pl.DataFrame({"place": place})), asked)
    assert {part.results[0].candidate for part in found} == {0.0, 1.0}
    assert len({part.name for part in found}) == 2


def test_an_unchanged_policy_misses_no_slice() -> None:
    """By one column and by two, each remembers its own."""
    columns = pl.DataFrame({"o": ["x", "y"] * 200, "d": ["m", "m", "n", "n"] * 100})
    label = np.tile([True, False], 200)
    rule = {"metric": "accuracy", "lower_bound": 0.1}
    asked = gate(rules=[rule], slices=[{"by": ["o"], "rules": [rule]}, {"by": ["o", "d"], "rules": [rule]}])
    once = judge_slices(rows(label, label.astype(float)), Beside(columns=columns), asked)
    again = judge_slices(rows(label, label.astype(float)), Beside(columns=columns), asked, before=once)
    assert [part.name for part in again] == [part.name for part in once]
    less = rows(label, label.astype(float)).only(np.flatnonzero(columns["d"].to_numpy() == "m"))
    gone = judge_slices(less, Beside(columns=columns.filter(pl.col("d") == "m")), asked, before=once)
    assert {part.name for part in gone if not part.n} == {"o=x, d=n", "o=y, d=n"}


@pytest.mark.parametrize(("clusters", "classes"), [(5, 2), (5, 10), (10, 30)])
def test_made_up_rows_are_no_clusters(clusters: int, classes: int) -> None:
    """The interval is at least as wide as Student's on the clusters' means."""
    rng = np.random.default_rng(3)
    unit = np.repeat(np.arange(clusters), 50)
    label = rng.integers(0, classes, len(unit))
    right = rng.random(len(unit)) < rng.beta(8, 2, clusters)[unit]
    guess = np.where(right, label, (label + 1) % classes).astype(float)
    names = tuple(f"c{number}" for number in range(classes))
    paired = replace(rows(label, guess), classes=names, unit=unit)
    found = METRICS["accuracy"].measure(paired.ours, 0.95)
    means = np.array([right[unit == one].mean() for one in range(clusters)])
    plain = stats.t.interval(0.95, clusters - 1, means.mean(), stats.sem(means))
    assert found.high - found.low >= 0.98 * (min(plain[1], 1.0) - max(plain[0], 0.0))


def test_levels_beyond_the_draws_are_as_wide_as_a_normal_law_says() -> None:
    """A level that no number of draws reaches is not the extreme of these draws."""
    draws = np.random.default_rng(0).normal(size=10_000)
    for level in (0.999999, 1 - 5e-8):
        low, high = resampling.widened(float(draws.min()), float(draws.max()), draws, level)
        assert high >= 0.98 * stats.norm.ppf(0.5 + level / 2)
        assert low <= -0.98 * stats.norm.ppf(0.5 + level / 2)
    assert resampling.widened(-2.0, 2.0, draws, 0.95) == (-2.0, 2.0)


def test_perfect_rankings_are_not_known_to_be_perfect() -> None:
    """On thirty rows with two positives much is open, weighted or not; two different models are not the same."""
    label = np.arange(30) < 2
    ours, theirs = np.where(label, 1.0, np.linspace(0, 0.5, 30)), np.where(label, 0.9, np.linspace(0.5, 0, 30))
    for weight in (None, np.linspace(1, 2, 30)):
        paired = replace(rows(label, ours, theirs), weight=weight)
        assert paired.theirs is not None
        for name in ("average_precision", "roc_auc"):
            assert METRICS[name].measure(paired.ours, 0.95).low < 0.9
            change = METRICS[name].compare(paired.ours, paired.theirs, 0.95, 0)
            assert not change.identical
            assert change.low < -0.1 < 0.1 < change.high


def test_mid_p_of_equal_counts_counts_what_was_seen_half() -> None:
    """0.75 and 0.877 (Fagerland, Lydersen and Laake 2013), and elsewhere twice the half-counted tail."""
    assert mcnemar_midp(1, 1) == pytest.approx(0.75)
    assert mcnemar_midp(5, 5) == pytest.approx(0.877, abs=5e-4)
    assert mcnemar_midp(1, 5) == pytest.approx(2 * (stats.binom.cdf(1, 6, 0.5) - stats.binom.pmf(1, 6, 0.5) / 2))


@pytest.mark.parametrize(("gained", "lost"), [(5, 0), (0, 5), (9, 2), (3, 3), (30, 20)])
def test_the_p_value_agrees_with_the_interval(gained: int, lost: int) -> None:
    """It is below 5 % exactly where the 95 % interval leaves 0 out."""
    found = paired_proportions(gained, lost, 100, 0.95, among="")
    assert (found.p_value < 0.05) == (not found.low <= 0 <= found.high)


def test_a_test_without_a_difference_never_passes() -> None:
    """Costs that were not measured are an error, not a bound without ends."""
    label = np.tile([True, False], 50)
    asked = gate(rules=[{"metric": "latency_p50", "test": "non_inferiority", "margin": 1.0}])
    (found,) = judge(rows(label, label.astype(float), label.astype(float)), asked, Beside())
    assert found.finding.outcome.value == "ERROR"


def test_spread_counts_what_was_sampled() -> None:
    """Not what was made up."""
    added = np.ones(12)
    assert linear.spread(added, None, units=10).units == 10
    assert linear.spread(added, None).units == 12


def test_the_seed_of_the_policy_is_the_seed_of_the_resampling() -> None:
    """Another one moves an interval that is resampled, in its last digits, and no other."""
    rng = np.random.default_rng(8)
    label = rng.random(300) < 0.4
    paired = rows(label, np.clip(label * 0.3 + rng.random(300) * 0.7, 0, 1))

    def low(metric: str, seed: int) -> float:
        rule = {"metric": metric, "lower_bound": 0.01}
        (found,) = judge(paired, gate(rules=[rule], seed=seed))
        assert found.candidate_interval is not None
        return found.candidate_interval.low

    assert (
        low("matthews_corrcoef", 1)
        != low("matthews_corrcoef", 2)
        == pytest.approx(low("matthews_corrcoef", 1), abs=0.02)
    )
    assert low("accuracy", 1) == low("accuracy", 2)
