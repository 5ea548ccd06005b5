"""Point values against scikit-learn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as oracle

from mlgate.evaluation.metrics import METRICS, Direction
from mlgate.evaluation.paired import Scores

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.2, 0.5, 0.5000001, 0.7, 1.0])), max_size=30)
PAIRS = st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=2, max_size=30)

CLASSES: dict[str, Callable[[Any, Any], float]] = {
    "accuracy": oracle.accuracy_score,
    "precision": lambda y, hard: oracle.precision_score(y, hard, zero_division=np.nan),
    "recall": oracle.recall_score,
    "f1": oracle.f1_score,
    "specificity": lambda y, hard: oracle.recall_score(~y, ~hard),
    "balanced_accuracy": oracle.balanced_accuracy_score,
    "matthews_corrcoef": oracle.matthews_corrcoef,
    "cohen_kappa": oracle.cohen_kappa_score,
}
PROBABILITIES: dict[str, Callable[[Any, Any], float]] = {
    "roc_auc": oracle.roc_auc_score,
    "log_loss": oracle.log_loss,
    "brier": oracle.brier_score_loss,
}
NUMBERS: dict[str, Callable[[Any, Any], float]] = {
    "rmse": oracle.root_mean_squared_error,
    "mae": oracle.mean_absolute_error,
}


@settings(max_examples=40, deadline=None)
@given(rows=ROWS)
def test_binary_metrics_equal_scikit_learn(rows: list[tuple[bool, float]]) -> None:
    """All binary metrics equal scikit-learn's, ties, 0, 1 and undefined precision included."""
    label = np.array([True, False, *(truth for truth, _ in rows)])
    score = np.array([0.4, 0.3, *(value for _, value in rows)])
    scores = Scores(label=label, score=score, threshold=0.5)
    for name, expected in CLASSES.items():
        value = METRICS[name].measure(scores, 0.95).value
        assert value == pytest.approx(expected(label, score >= 0.5), nan_ok=True), name
    for name, expected in PROBABILITIES.items():
        assert METRICS[name].measure(scores, 0.95).value == pytest.approx(expected(label, score), abs=1e-12), name


@settings(max_examples=40, deadline=None)
@given(rows=PAIRS)
def test_regression_metrics_equal_scikit_learn(rows: list[tuple[float, float]]) -> None:
    """RMSE and MAE equal scikit-learn's."""
    label, score = np.array(rows).T
    for name, expected in NUMBERS.items():
        value = METRICS[name].measure(Scores(label=label, score=score, threshold=0.5), 0.95).value
        assert value == pytest.approx(expected(label, score)), name


def test_every_metric_has_an_oracle() -> None:
    """No metric of the gate goes unchecked."""
    assert METRICS.keys() == CLASSES.keys() | PROBABILITIES.keys() | NUMBERS.keys()


def test_directions() -> None:
    """Of errors and losses less is better, of everything else more."""
    lower = {name for name, metric in METRICS.items() if metric.direction is Direction.LOWER}
    assert lower == {"log_loss", "brier", "rmse", "mae"}


def test_a_certain_mistake_costs_what_scikit_learn_says() -> None:
    """Probability 0 of the truth is clipped to eps: a large loss, not an infinite one."""
    scores = Scores(label=np.array([True, False]), score=np.array([0.0, 0.0]), threshold=0.5)
    value = METRICS["log_loss"].measure(scores, 0.95).value
    assert value == pytest.approx(-math.log(np.finfo(float).eps) / 2)
