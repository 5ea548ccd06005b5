"""Point values against scikit-learn."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as oracle

from mlgate.evaluation.metrics import METRICS, Direction
from mlgate.evaluation.paired import Scores
from tests.unit.evaluation.draws import draw

if TYPE_CHECKING:
    from collections.abc import Callable

    Oracle = Callable[..., float]

ROWS = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.2, 0.5, 0.5000001, 0.7, 1.0])), max_size=30)
PAIRS = st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=2, max_size=30)
SEEDS = st.integers(0, 2**32 - 1)

# y: labels, hard: predicted classes, w: weights
CLASSES: dict[str, Oracle] = {
    "accuracy": oracle.accuracy_score,
    "precision": lambda y, hard, **w: oracle.precision_score(y, hard, zero_division=np.nan, **w),
    "recall": oracle.recall_score,
    "f1": oracle.f1_score,
    "f_beta": lambda y, hard, **w: oracle.fbeta_score(y, hard, beta=2.0, **w),
    "specificity": lambda y, hard, **w: oracle.recall_score(~y, ~hard, **w),
    "balanced_accuracy": oracle.balanced_accuracy_score,
    "matthews_corrcoef": oracle.matthews_corrcoef,
    "cohen_kappa": oracle.cohen_kappa_score,
}
PROBABILITIES: dict[str, Oracle] = {
    "roc_auc": oracle.roc_auc_score,
    "average_precision": oracle.average_precision_score,
    "log_loss": oracle.log_loss,
    "brier": oracle.brier_score_loss,
}
AVERAGED: dict[str, Oracle] = {
    "precision": lambda y, hard, average, **w: oracle.precision_score(y, hard, average=average, zero_division=0, **w),
    "recall": lambda y, hard, average, **w: oracle.recall_score(y, hard, average=average, zero_division=0, **w),
    "f1": lambda y, hard, average, **w: oracle.f1_score(y, hard, average=average, zero_division=0, **w),
    "f_beta": lambda y, hard, average, **w: oracle.fbeta_score(
        y, hard, beta=2.0, average=average, zero_division=0, **w
    ),
}
OF_CLASSES: dict[str, Oracle] = {
    "log_loss": oracle.log_loss,
    "brier": oracle.brier_score_loss,
    "roc_auc": lambda y, p, **w: oracle.roc_auc_score(y, p, multi_class="ovr", **w),
    "top_k_accuracy": lambda y, p, **w: oracle.top_k_accuracy_score(y, p, k=2, **w),
}
NUMBERS: dict[str, Oracle] = {
    "rmse": oracle.root_mean_squared_error,
    "mae": oracle.mean_absolute_error,
    "mape": oracle.mean_absolute_percentage_error,
    "pinball_loss": lambda y, p, **w: oracle.mean_pinball_loss(y, p, alpha=0.8, **w),
    "r2": oracle.r2_score,
    "median_absolute_error": oracle.median_absolute_error,
}
ELSEWHERE = {"expected_calibration_error", "ndcg", "mrr"}


def value(name: str, scores: Scores, **keys: object) -> float:
    """Measure one model."""
    return METRICS[name].measure(scores, 0.95, {"beta": 2.0, "k": 2, "quantile": 0.8, **keys}).value


@settings(max_examples=40, deadline=None)
@given(rows=ROWS, seed=SEEDS)
def test_binary_metrics_equal_scikit_learn(rows: list[tuple[bool, float]], seed: int) -> None:
    """All binary metrics equal scikit-learn's, ties, 0, 1, weights and undefined precision included."""
    label = np.array([True, False, *(truth for truth, _ in rows)])
    score = np.array([0.4, 0.3, *(value for _, value in rows)])
    weight = np.random.default_rng(seed).uniform(0.5, 2, len(label))
    for given_weight in (None, weight):
        scores = Scores(label=label, score=score, threshold=0.5, weight=given_weight)
        for name, expected in CLASSES.items():
            wanted = expected(label, score >= 0.5, sample_weight=given_weight)
            assert value(name, scores) == pytest.approx(wanted, nan_ok=True, abs=1e-9), name
        for name, expected in PROBABILITIES.items():
            assert value(name, scores) == pytest.approx(expected(label, score, sample_weight=given_weight), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, size=st.integers(12, 60))
def test_metrics_of_several_classes_equal_scikit_learn(seed: int, size: int) -> None:
    """Each average, each class alone, and what needs probabilities, with and without weights."""
    rng = np.random.default_rng(seed)
    rows = draw("multiclass", rng, n=size)
    label = rows.label.copy()
    label[:3] = [0, 1, 2]
    for weight in (None, rng.uniform(0.5, 2, size)):
        ours = replace(rows, label=label, weight=weight).ours
        hard, given_weight = ours.score, {"sample_weight": weight}
        for name in ("accuracy", "balanced_accuracy", "matthews_corrcoef", "cohen_kappa"):
            assert value(name, ours) == pytest.approx(CLASSES[name](label, hard, **given_weight), abs=1e-9), name
        for name, expected in AVERAGED.items():
            for average in ("macro", "weighted", "micro"):
                wanted = expected(label, hard, average=average, **given_weight)
                assert value(name, ours, average=average) == pytest.approx(wanted, abs=1e-9), (name, average)
            alone = expected(label, hard, average=None, labels=[0, 1, 2], **given_weight) if name == "recall" else None
            assert alone is None or value(name, ours, average="b") == pytest.approx(np.asarray(alone)[1])
        for name, expected in OF_CLASSES.items():
            wanted = expected(label, ours.probabilities, **given_weight)
            assert value(name, ours) == pytest.approx(wanted, abs=1e-9), name
        weighted_auc = OF_CLASSES["roc_auc"](label, ours.probabilities, average="weighted", **given_weight)
        assert value("roc_auc", ours, average="weighted") == pytest.approx(weighted_auc, abs=1e-9)
        one_hot = np.eye(3)[label]
        mean = oracle.average_precision_score(one_hot, ours.probabilities, average="macro", **given_weight)
        assert value("average_precision", ours) == pytest.approx(mean, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(rows=PAIRS, seed=SEEDS)
def test_regression_metrics_equal_scikit_learn(rows: list[tuple[float, float]], seed: int) -> None:
    """Every regression metric equals scikit-learn's, with and without weights."""
    label, score = np.array(rows).T
    for weight in (None, np.random.default_rng(seed).uniform(0.5, 2, len(label))):
        for name, expected in NUMBERS.items():
            if name == "r2" and (np.ptp(label) < 1e-3):
                continue
            if name == "median_absolute_error" and weight is not None:
                continue
            found = value(name, Scores(label=label, score=score, weight=weight))
            assert found == pytest.approx(expected(label, score, sample_weight=weight), rel=1e-6), name


def test_a_weighted_median_counts_weights() -> None:
    """A row that weighs 2 counts as two rows."""
    errors, weight = np.array([1.0, 2.0, 3.0, 9.0]), np.array([1.0, 1.0, 1.0, 4.0])
    scores = Scores(label=np.zeros(4), score=errors, weight=weight)
    assert value("median_absolute_error", scores) == np.median(np.repeat(errors, weight.astype(int)))


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, rows=st.integers(2, 12), k=st.sampled_from([None, 1, 3]))
def test_ndcg_equals_scikit_learn(seed: int, rows: int, k: int | None) -> None:
    """NDCG of queries of equal length equals scikit-learn's, ties included, in whatever order rows are stored."""
    rng = np.random.default_rng(seed)
    queries = 7
    label, score = rng.integers(0, 3, (queries, rows)), rng.integers(0, 5, (queries, rows)) / 4
    order = rng.permutation(queries * rows)
    query = np.repeat(np.arange(queries) * 3, rows)[order].astype(np.intp)
    scores = Scores(label=label.ravel()[order].astype(np.float64), score=score.ravel()[order], query=query, unit=query)
    assert value("ndcg", scores, k=k) == pytest.approx(oracle.ndcg_score(label, score, k=k))


def test_mrr_is_one_over_the_place_of_the_first_relevant_row() -> None:
    """First place, third place and nowhere make (1 + 1/3 + 0)/3; two rows of one score share their places."""
    query = np.array([0, 0, 1, 1, 1, 2, 2], dtype=np.intp)
    label = np.array([1.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0])
    score = np.array([0.9, 0.1, 0.8, 0.7, 0.6, 0.5, 0.4])
    assert value("mrr", Scores(label=label, score=score, query=query)) == pytest.approx((1 + 1 / 3) / 3)
    tied = np.array([0.5, 0.5, 0.8, 0.7, 0.6, 0.5, 0.4])
    assert value("mrr", Scores(label=label, score=tied, query=query)) == pytest.approx((1 / 1.5 + 1 / 3) / 3)


def test_calibration_error_is_the_mean_gap_of_its_bins() -> None:
    """Of 4 rows at 0.9 one of which is true, and 4 at 0.1 none of which is: (0.65 + 0.1)/2."""
    label, score = np.array([True] + 7 * [False]), np.array([0.9] * 4 + [0.1] * 4)
    assert value("expected_calibration_error", Scores(label=label, score=score)) == pytest.approx((0.65 + 0.1) / 2)


def test_every_metric_has_an_oracle() -> None:
    """No metric of the gate goes unchecked."""
    checked = CLASSES.keys() | PROBABILITIES.keys() | OF_CLASSES.keys() | NUMBERS.keys() | ELSEWHERE
    assert checked == METRICS.keys()


def test_directions() -> None:
    """Of errors and losses less is better, of everything else more."""
    lower = {name for name, metric in METRICS.items() if metric.direction is Direction.LOWER}
    of_classes = {"log_loss", "brier", "expected_calibration_error"}
    assert lower == of_classes | {"rmse", "mae", "mape", "median_absolute_error", "pinball_loss"}


def test_a_certain_mistake_costs_what_scikit_learn_says() -> None:
    """Probability 0 of the truth is clipped to eps: a large loss, not an infinite one."""
    scores = Scores(label=np.array([True, False]), score=np.array([0.0, 0.0]), threshold=0.5)
    assert value("log_loss", scores) == pytest.approx(-math.log(np.finfo(float).eps) / 2)


def test_labels_all_alike_have_no_r2() -> None:
    """What share of no variance is explained has no answer."""
    found: Any = value("r2", Scores(label=np.full(5, 0.1), score=np.arange(5.0)))
    assert math.isnan(found)
