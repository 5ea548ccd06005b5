"""Intervals: right on average, the same for the same rows, mirrored for swapped models."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from mlgate.evaluation.metrics import METRICS
from mlgate.evaluation.ranking import newcombe
from tests.unit.evaluation.test_points import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.evaluation.estimate import Difference
    from mlgate.evaluation.paired import Paired

BINARY = [name for name, metric in METRICS.items() if name not in {"rmse", "mae"}]
REGRESSION = ["rmse", "mae"]
RESAMPLED = {"precision", "f1", "balanced_accuracy", "matthews_corrcoef", "cohen_kappa"}
DRAWS = 300


def compare(paired: Paired, name: str, level: float = 0.95) -> Difference:
    """Compare the two models of `paired`."""
    assert paired.theirs is not None
    return METRICS[name].compare(paired.ours, paired.theirs, level, 7)


def draw(name: str, request: pytest.FixtureRequest, rng: np.random.Generator, **how: Any) -> Paired:
    """Draw rows fit for a metric."""
    made: Paired = request.getfixturevalue("regression" if name in REGRESSION else "binary")(rng, **how)
    return made


def truth(name: str, request: pytest.FixtureRequest, **how: Any) -> tuple[float, float]:
    """The candidate's value and the difference in a population that is as good as infinite."""
    crowd = draw(name, request, np.random.default_rng(0), n=400_000, **how)
    assert crowd.theirs is not None
    ours, theirs = (METRICS[name].measure(scores, 0.95).value for scores in (crowd.ours, crowd.theirs))
    return ours, (ours - theirs) * (1 if METRICS[name].higher_is_better else -1)


@pytest.mark.parametrize("name", METRICS)
def test_coverage(name: str, request: pytest.FixtureRequest) -> None:
    """Of 300 intervals at 95 % on 200 rows, most but not all hold the truth, of one model and of the difference."""
    how = {"noise": 0.8} if name in REGRESSION else {"gap": 0.3}
    value, difference = truth(name, request, **how)
    rng = np.random.default_rng(3)
    single = paired = 0
    for _ in range(DRAWS if name not in RESAMPLED else DRAWS // 2):
        rows = draw(name, request, rng, n=200, **how)
        one, two = METRICS[name].measure(rows.ours, 0.95), compare(rows, name)
        single += one.low <= value <= one.high
        paired += two.low <= difference <= two.high
    draws = DRAWS if name not in RESAMPLED else DRAWS // 2
    # 0.95 less three standard errors of a share of so many draws
    least = 0.95 - 3 * (0.95 * 0.05 / draws) ** 0.5
    assert least <= single / draws <= 0.995
    assert least <= paired / draws <= 0.995


@pytest.mark.parametrize("name", METRICS)
def test_equal_models_are_rarely_called_different(name: str, request: pytest.FixtureRequest) -> None:
    """A/A: among 100 pairs of equally good models, p < 0.05 comes up in at most 12 (expected 5)."""
    rng = np.random.default_rng(11)
    found = sum(compare(draw(name, request, rng, n=150), name).p_value < 0.05 for _ in range(100))
    assert found <= 12


@pytest.mark.parametrize("name", METRICS)
def test_the_same_scores_are_no_difference(name: str, request: pytest.FixtureRequest) -> None:
    """A model against itself: difference 0, interval [0, 0], p 1, nothing to detect."""
    rows = draw(name, request, np.random.default_rng(1))
    same = compare(replace(rows, production=rows.candidate.copy()), name)
    assert (same.value, same.low, same.high, same.p_value, same.identical) == (0.0, 0.0, 0.0, 1.0, True)
    assert same.minimum_detectable(0.95) is None


@pytest.mark.parametrize("name", METRICS)
def test_swapping_the_models_mirrors_the_answer(name: str, request: pytest.FixtureRequest) -> None:
    """Candidate and production exchanged: the difference changes its sign, the interval its sides."""
    rows = draw(name, request, np.random.default_rng(2))
    assert rows.production is not None
    there = compare(rows, name)
    back = compare(replace(rows, candidate=rows.production, production=rows.candidate), name)
    # a bootstrap draws other numbers for exchanged cells
    close = 0.05 * (there.high - there.low) if name in RESAMPLED else 1e-12
    assert back.value == pytest.approx(-there.value, abs=1e-12)
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low), abs=close)
    assert back.p_value == pytest.approx(there.p_value, abs=0.03 if close > 1e-6 else 1e-9)


@pytest.mark.parametrize("name", METRICS)
def test_the_order_of_rows_does_not_matter(name: str, request: pytest.FixtureRequest) -> None:
    """Rows shuffled together give the same estimate and the same interval."""
    rows = draw(name, request, np.random.default_rng(4))
    assert rows.production is not None
    order = np.random.default_rng(5).permutation(rows.n)
    shuffled = replace(
        rows, label=rows.label[order], candidate=rows.candidate[order], production=rows.production[order]
    )
    first, second = compare(rows, name), compare(shuffled, name)
    assert (second.value, second.low, second.high) == pytest.approx((first.value, first.low, first.high), abs=1e-12)


def test_a_better_model_is_better_in_every_metric(request: pytest.FixtureRequest) -> None:
    """The difference is positive for a clearly better candidate, whatever the metric's direction."""
    for name in METRICS:
        how = {"noise": 0.2} if name in REGRESSION else {"gap": 2.0}
        rows = draw(name, request, np.random.default_rng(6), n=2000, **how)
        # the better candidate lifts the positives; what it says of negatives stays as good
        assert compare(rows, name).low > (-0.05 if name == "specificity" else 0), name


def test_delong_agrees_with_the_bootstrap(binary: Callable[..., Paired]) -> None:
    """DeLong's difference is scikit-learn's; its standard error is within 10 % of SciPy's paired bootstrap."""
    rows = binary(np.random.default_rng(8), n=400, gap=0.3)

    def gain(label: Any, ours: Any, theirs: Any) -> float:
        return float(roc_auc_score(label, ours) - roc_auc_score(label, theirs))

    columns = (rows.label, rows.candidate, rows.production)
    resampled = stats.bootstrap(
        columns, gain, paired=True, vectorized=False, n_resamples=300, method="percentile", rng=1
    )
    ours = compare(rows, "roc_auc")
    assert ours.value == pytest.approx(gain(*columns))
    assert ours.se == pytest.approx(resampled.standard_error, rel=0.10)


@pytest.mark.parametrize("name", ["precision", "recall", "f1", "balanced_accuracy", "matthews_corrcoef", "cohen_kappa"])
def test_cells_agree_with_the_row_bootstrap(name: str, binary: Callable[..., Paired]) -> None:
    """Resampled cells give the interval that SciPy's paired bootstrap of rows gives, within a tenth of its width."""
    rows = binary(np.random.default_rng(9), n=1500, gap=0.3)
    score = CLASSES[name]
    hard = (rows.ours.positive, rows.theirs.positive if rows.theirs else None)
    resampled = stats.bootstrap(
        (rows.label, *hard),
        lambda label, ours, theirs: score(label, ours) - score(label, theirs),
        paired=True,
        vectorized=False,
        n_resamples=250,
        method="percentile",
        rng=2,
    )
    ours, theirs = compare(rows, name), resampled.confidence_interval
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.1 * (theirs.high - theirs.low))


def test_means_are_paired_t_tests(regression: Callable[..., Paired]) -> None:
    """MAE's p and interval are those of SciPy's one-sample t test on the differences within rows."""
    rows = regression(np.random.default_rng(10), noise=1.3)
    assert rows.production is not None
    gains = np.abs(rows.production - rows.label) - np.abs(rows.candidate - rows.label)
    expected = stats.ttest_1samp(gains, 0)
    interval = expected.confidence_interval(0.9)
    ours = compare(rows, "mae", 0.9)
    assert (ours.p_value, ours.low, ours.high) == pytest.approx((expected.pvalue, interval.low, interval.high))


@pytest.mark.parametrize(("name", "gained"), [("accuracy", 3), ("recall", 3), ("precision", 4), ("f1", 4)])
def test_few_disagreements_prove_nothing(name: str, gained: int, binary: Callable[..., Paired]) -> None:
    """A few rows gained and none lost do not make the candidate better: a plain bootstrap of four says they do."""
    label = np.arange(200) < 60
    production = np.where(np.arange(200) < 40, 0.9, 0.1)
    candidate = production.copy()
    candidate[40 : 40 + gained] = 0.9
    production[100:110] = candidate[100:110] = 0.9
    rows = replace(binary(np.random.default_rng(12), n=200), label=label, production=production, candidate=candidate)
    assert compare(rows, name).low <= 0 < compare(rows, name).high


def test_resamples_without_a_value_count_as_the_worst(binary: Callable[..., Paired]) -> None:
    """Where more than 2.5 % of the resamples leave precision 0/0, the interval is all that a difference can be."""
    row = np.arange(100)
    candidate, production = np.where(row < 1, 0.9, 0.1), np.where(row < 60, 0.9, 0.1)
    rows = replace(binary(np.random.default_rng(16), n=100), label=row < 30, candidate=candidate, production=production)
    sure = compare(rows, "precision")
    # a defined resample lies near 1 - 0.5 or 0 - 0.5
    assert (sure.value, sure.low, sure.high) == (0.5, -1.0, 1.0)


def test_a_perfect_ranking_is_not_certain(binary: Callable[..., Paired]) -> None:
    """AUC 1 on 15 positives and 15 negatives leaves a lower end below 0.9; two such models are not shown equal."""
    rows = binary(np.random.default_rng(13), n=30)
    label = np.arange(30) < 15
    candidate, production = label + np.linspace(0, 0.5, 30), label + np.linspace(0.5, 0, 30)
    rows = replace(rows, label=label, candidate=candidate, production=production)
    one, two = METRICS["roc_auc"].measure(rows.ours, 0.95), compare(rows, "roc_auc")
    assert (one.value, one.high) == (1.0, 1.0)
    assert one.low == pytest.approx(newcombe(1.0, 15, 15, 0.95)[0])
    assert one.low < 0.9
    assert (two.value, two.low < 0 < two.high, two.identical) == (0.0, True, False)


def test_the_same_ranking_is_no_difference_in_auc(binary: Callable[..., Paired]) -> None:
    """Recalibrated scores keep the AUC on every row, and are told apart by the Brier score."""
    rows = binary(np.random.default_rng(14))
    rows = replace(rows, production=rows.candidate**2)
    assert compare(rows, "roc_auc").identical
    assert not compare(rows, "brier").identical


def test_negative_seeds_work(binary: Callable[..., Paired]) -> None:
    """Any integer is a seed, and another seed moves the interval only a little."""
    rows = binary(np.random.default_rng(15))
    assert rows.theirs is not None
    one, two = (METRICS["f1"].compare(rows.ours, rows.theirs, 0.95, seed) for seed in (-1, 1))
    assert one.low != two.low
    assert one.low == pytest.approx(two.low, abs=0.05 * (one.high - one.low))
