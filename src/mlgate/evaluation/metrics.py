"""The metrics: each with its name, its direction, its interval and its way to compare two models."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation import decisions, losses, ranking, resampling
from mlgate.evaluation.estimate import Difference, Estimate

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.evaluation.paired import Scores


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric of the gate.

    `estimator(scores, level)` measures one model; `comparer(ours, theirs, level, seed)` answers ours minus
    theirs. `undefined` says when the metric has no value; `least` and `most` are the ends of what it can be.
    """

    name: str
    title: str
    direction: Direction
    estimator: Callable[[Scores, float], Estimate]
    comparer: Callable[[Scores, Scores, float, int], Difference]
    least: float = 0.0
    most: float = 1.0
    probabilities: bool = False
    undefined: str = "its terms are too large to add up"

    @property
    def higher_is_better(self) -> bool:
        """Whether more is better."""
        return self.direction is Direction.HIGHER

    def measure(self, scores: Scores, level: float) -> Estimate:
        """Measure one model, with a two-sided interval at `level`."""
        return self.estimator(scores, level).clipped(self.least, self.most)

    def compare(self, ours: Scores, theirs: Scores, level: float, seed: int) -> Difference:
        """Compare two models on the same rows; positive means that ours is better."""
        if np.array_equal(ours.score, theirs.score):
            return Difference.none("identical predictions")
        difference = self.comparer(ours, theirs, level, seed)
        return difference if self.higher_is_better else difference.reversed()


_ALL = (
    Metric(
        name="accuracy",
        title="accuracy",
        direction=Direction.HIGHER,
        estimator=decisions.accuracy,
        comparer=decisions.compare_accuracy,
    ),
    Metric(
        name="precision",
        title="precision",
        direction=Direction.HIGHER,
        estimator=decisions.precision,
        comparer=resampling.compare_precision,
        undefined="no row is predicted positive; look at the scores and at evaluate.threshold",
    ),
    Metric(
        name="recall",
        title="recall",
        direction=Direction.HIGHER,
        estimator=decisions.recall,
        comparer=decisions.compare_recall,
        undefined="no row is positive",
    ),
    Metric(
        name="f1",
        title="F1",
        direction=Direction.HIGHER,
        estimator=decisions.f1,
        comparer=resampling.compare_f1,
        undefined="no row is positive or predicted positive",
    ),
    Metric(
        name="specificity",
        title="specificity",
        direction=Direction.HIGHER,
        estimator=decisions.specificity,
        comparer=decisions.compare_specificity,
        undefined="no row is negative",
    ),
    Metric(
        name="balanced_accuracy",
        title="balanced accuracy",
        direction=Direction.HIGHER,
        estimator=resampling.estimate_balanced_accuracy,
        comparer=resampling.compare_balanced_accuracy,
        undefined="the rows hold one class only",
    ),
    Metric(
        name="matthews_corrcoef",
        title="Matthews correlation",
        direction=Direction.HIGHER,
        estimator=resampling.estimate_matthews,
        comparer=resampling.compare_matthews,
        least=-1.0,
    ),
    Metric(
        name="cohen_kappa",
        title="Cohen's kappa",
        direction=Direction.HIGHER,
        estimator=resampling.estimate_kappa,
        comparer=resampling.compare_kappa,
        least=-1.0,
        undefined="label and prediction are the same class on every row",
    ),
    Metric(
        name="roc_auc",
        title="AUC",
        direction=Direction.HIGHER,
        estimator=ranking.roc_auc,
        comparer=ranking.compare_roc_auc,
        undefined="the rows hold one class only",
    ),
    Metric(
        name="log_loss",
        title="log loss",
        direction=Direction.LOWER,
        estimator=losses.log_loss,
        comparer=losses.compare_log_loss,
        most=math.inf,
        probabilities=True,
    ),
    Metric(
        name="brier",
        title="Brier score",
        direction=Direction.LOWER,
        estimator=losses.brier,
        comparer=losses.compare_brier,
        probabilities=True,
    ),
    Metric(
        name="rmse",
        title="RMSE",
        direction=Direction.LOWER,
        estimator=losses.rmse,
        comparer=losses.compare_rmse,
        most=math.inf,
    ),
    Metric(
        name="mae",
        title="MAE",
        direction=Direction.LOWER,
        estimator=losses.mae,
        comparer=losses.compare_mae,
        most=math.inf,
    ),
)

METRICS: dict[str, Metric] = {metric.name: metric for metric in _ALL}


@dataclass(frozen=True, kw_only=True)
class PairMetric:
    """What is measured on two models at once, so that it has no meaning before there is a production."""

    name: str
    title: str
    higher_is_better: bool
    estimator: Callable[[Scores, Scores, float], Estimate]


PAIR_METRICS: dict[str, PairMetric] = {
    metric.name: metric
    for metric in (
        PairMetric(
            name="negative_flip_rate",
            title="negative flip rate",
            higher_is_better=False,
            estimator=decisions.negative_flip_rate,
        ),
    )
}

__all__ = ["METRICS", "PAIR_METRICS", "Direction", "Metric", "PairMetric"]
