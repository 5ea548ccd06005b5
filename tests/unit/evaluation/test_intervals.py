"""Intervals: right on average, the same for the same rows, mirrored for swapped models."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import average_precision_score, roc_auc_score

from mlgate.evaluation.curves import newcombe
from mlgate.evaluation.metrics import METRICS
from tests.unit.evaluation.draws import BETTER, CASES, clustered, draw, keys_of, weighted
from tests.unit.evaluation.test_points import AVERAGED, CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.evaluation.estimate import Difference
    from mlgate.evaluation.paired import Paired

# drawn anew for the exchanged models, whose cells are others
RESAMPLED = {"precision", "f1", "f_beta", "balanced_accuracy", "matthews_corrcoef", "cohen_kappa"}
DRAWS = 120
SIZES = {"ranking": 1000}


def compare(paired: Paired, name: str, level: float = 0.95) -> Difference:
    """Compare the two models of `paired`."""
    assert paired.theirs is not None
    return METRICS[name].compare(paired.ours, paired.theirs, level, 7, keys_of(name))


@cache
def truth(name: str, task: str) -> tuple[float, float]:
    """The candidate's value and the difference in a population that is as good as infinite."""
    crowd = draw(task, np.random.default_rng(0), n=400_000, **BETTER[task])
    assert crowd.theirs is not None
    ours, theirs = (METRICS[name].measure(scores, 0.95, keys_of(name)).value for scores in (crowd.ours, crowd.theirs))
    return ours, (ours - theirs) * (1 if METRICS[name].higher_is_better else -1)


@pytest.mark.parametrize(("name", "task"), CASES)
def test_coverage(name: str, task: str) -> None:
    """Of 120 intervals at 95 % on 200 rows, most hold the truth, of one model and of the difference.

    That not too many do is for the long campaign to see, with more draws.
    """
    value, difference = truth(name, task)
    rng = np.random.default_rng(3)
    draws = DRAWS if name not in RESAMPLED or task != "binary" else DRAWS // 2
    single = paired = 0
    for _ in range(draws):
        rows = draw(task, rng, n=SIZES.get(task, 200), **BETTER[task])
        one, two = METRICS[name].measure(rows.ours, 0.95, keys_of(name)), compare(rows, name)
        # what chance adds to a calibration error leaves only the upper end of the interval sure
        single += (one.low <= value or name == "expected_calibration_error") and value <= one.high
        paired += two.low <= difference <= two.high
    # 0.95 less three standard errors of a share of so many draws
    least = 0.95 - 3 * (0.95 * 0.05 / draws) ** 0.5
    assert least <= single / draws
    assert least <= paired / draws


@pytest.mark.parametrize(("name", "task"), [case for case in CASES if case[1] != "ranking"])
def test_alike_rows_of_a_cluster_are_one_row(name: str, task: str) -> None:
    """Rows repeated four times in clusters leave the standard error as it is without repeating, whatever the metric."""
    once = draw(task, np.random.default_rng(4), n=150)
    four = clustered(task, np.random.default_rng(4), clusters=150, size=4)
    single, repeated = compare(replace(once, weight=np.ones(150)), name), compare(four, name)
    assert repeated.value == pytest.approx(single.value)
    # made-up rows, the grid of a median and the rank correction weigh a little less among more rows
    assert repeated.se == pytest.approx(single.se, rel=0.12)


@pytest.mark.parametrize(("name", "task"), [case for case in CASES if case[1] != "ranking"])
def test_equal_weights_change_nothing(name: str, task: str) -> None:
    """Rows that all weigh 3 give the value without weights, and about its interval."""
    rows = draw(task, np.random.default_rng(5), n=400)
    plain, heavy = compare(rows, name), compare(replace(rows, weight=np.full(400, 3.0)), name)
    assert heavy.value == pytest.approx(plain.value, abs=1e-12)
    close = 0.1 * (plain.high - plain.low)
    assert (heavy.low, heavy.high) == pytest.approx((plain.low, plain.high), abs=close)


@pytest.mark.parametrize(("name", "task"), CASES)
def test_equal_models_are_rarely_called_different(name: str, task: str) -> None:
    """A/A: among 100 pairs of equally good models, p < 0.05 comes up in at most 12 (expected 5)."""
    rng = np.random.default_rng(11)
    found = sum(compare(draw(task, rng, n=SIZES.get(task, 150)), name).p_value < 0.05 for _ in range(100))
    assert found <= 12


@pytest.mark.parametrize(("name", "task"), CASES)
def test_the_same_scores_are_no_difference(name: str, task: str) -> None:
    """A model against itself: difference 0, interval [0, 0], p 1, nothing to detect."""
    rows = draw(task, np.random.default_rng(1))
    for one in (rows, rows if task == "ranking" else weighted(rows, np.random.default_rng(2))):
        probabilities = one.candidate_probabilities
        twin = replace(
            one,
            production=one.candidate.copy(),
            production_probabilities=None if probabilities is None else probabilities.copy(),
        )
        same = compare(twin, name)
        assert (same.value, same.low, same.high, same.p_value, same.identical) == (0.0, 0.0, 0.0, 1.0, True)
        assert same.minimum_detectable(0.95) is None


@pytest.mark.parametrize(("name", "task"), CASES)
def test_swapping_the_models_mirrors_the_answer(name: str, task: str) -> None:
    """Candidate and production exchanged: the difference changes its sign, the interval its sides."""
    rows = draw(task, np.random.default_rng(2))
    assert rows.production is not None
    there = compare(rows, name)
    exchanged = replace(
        rows,
        candidate=rows.production,
        production=rows.candidate,
        candidate_probabilities=rows.production_probabilities,
        production_probabilities=rows.candidate_probabilities,
    )
    back = compare(exchanged, name)
    # a bootstrap draws other numbers for exchanged cells
    resampled = name in RESAMPLED and task == "binary"
    close = 0.05 * (there.high - there.low) if resampled else 1e-12
    assert back.value == pytest.approx(-there.value, abs=1e-12)
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low), abs=close)
    assert back.p_value == pytest.approx(there.p_value, abs=0.03 if resampled else 1e-9)


@pytest.mark.parametrize(("name", "task"), CASES)
def test_the_order_of_rows_does_not_matter(name: str, task: str) -> None:
    """Rows shuffled together give the same estimate and the same interval."""
    rows = draw(task, np.random.default_rng(4))
    shuffled = rows.only(np.random.default_rng(5).permutation(rows.n))
    first, second = compare(rows, name), compare(shuffled, name)
    assert (second.value, second.low, second.high) == pytest.approx((first.value, first.low, first.high), abs=1e-12)


@pytest.mark.parametrize(("name", "task"), CASES)
def test_a_better_model_is_better_in_every_metric(name: str, task: str) -> None:
    """The difference is positive for a clearly better candidate, whatever the metric's direction."""
    how = {"noise": 0.2} if "noise" in BETTER[task] else {"gap": 2.0}
    rows = draw(task, np.random.default_rng(6), n=2000, **how)
    # the better candidate lifts the positives: what it says of negatives stays as good, and its scores are too extreme
    slack = {"specificity": -0.05, "expected_calibration_error": -0.5}.get(name, 0)
    assert compare(rows, name).low > slack


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


def test_average_precision_agrees_with_the_bootstrap() -> None:
    """The contributions' standard error is within 10 % of that of scikit-learn's value on resampled rows."""
    rows = draw("binary", np.random.default_rng(17), n=600, gap=0.3)

    def gain(label: Any, ours: Any, theirs: Any) -> float:
        return float(average_precision_score(label, ours) - average_precision_score(label, theirs))

    columns = (rows.label, rows.candidate, rows.production)
    resampled = stats.bootstrap(
        columns, gain, paired=True, vectorized=False, n_resamples=400, method="percentile", rng=1
    )
    assert compare(rows, "average_precision").se == pytest.approx(resampled.standard_error, rel=0.10)


@pytest.mark.parametrize("name", ["precision", "recall", "f1", "matthews_corrcoef", "cohen_kappa"])
def test_the_delta_method_agrees_with_the_bootstrap(name: str) -> None:
    """Of three classes, the interval is that of scikit-learn's value on resampled rows, within a tenth of its width."""
    rows = draw("multiclass", np.random.default_rng(18), n=1500, gap=0.3)
    averaged = {"average": "macro"} if name in AVERAGED else {}
    score = (AVERAGED if averaged else CLASSES)[name]
    resampled = stats.bootstrap(
        (rows.label, rows.candidate, rows.production),
        lambda label, ours, theirs: score(label, ours, **averaged) - score(label, theirs, **averaged),
        paired=True,
        vectorized=False,
        n_resamples=300,
        method="percentile",
        rng=3,
    )
    ours, theirs = compare(rows, name), resampled.confidence_interval
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.1 * (theirs.high - theirs.low))
