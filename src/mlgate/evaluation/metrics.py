"""The metrics: each with its name, its direction, and its ways to measure one model and to compare two."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation import calibration, confusion, curves, decisions, losses, quantiles, queries, resampling
from mlgate.evaluation.estimate import Difference
from mlgate.evaluation.ways import Exact, General, by_cells, by_terms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mlgate.evaluation.estimate import Estimate
    from mlgate.evaluation.paired import Scores

ONE_CLASS = "the rows hold one class only"


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric of the gate.

    `exact` is how rows are measured that were sampled one by one and count the same, where there is such a way;
    `general` measures all. `takes` are the rule's keys that it needs. `undefined` says when the metric has no value;
    `least` and `most` are the ends of what it can be.
    """

    name: str
    title: str
    general: General
    exact: Exact | None = None
    direction: Direction = Direction.HIGHER
    takes: tuple[str, ...] = ()
    least: float = 0.0
    most: float = 1.0
    probabilities: bool = False
    undefined: str = "its terms are too large to add up"

    @property
    def higher_is_better(self) -> bool:
        """Whether more is better."""
        return self.direction is Direction.HIGHER

    def measure(
        self, scores: Scores, level: float, keys: Mapping[str, object] | None = None, *, seed: int = 0
    ) -> Estimate:
        """Measure one model, with a two-sided interval at `level`."""
        exact = self._exact(scores)
        if exact:
            found = exact.estimate(scores, level, **_some({**(keys or {}), "seed": seed}, exact.takes))
        else:
            found = self.general.estimate(scores, level, **self.keys(keys))
        return found.clipped(self.least, self.most)

    def compare(
        self, ours: Scores, theirs: Scores, level: float, seed: int, keys: Mapping[str, object] | None = None
    ) -> Difference:
        """Compare two models on the same rows; positive means that ours is better."""
        if same_answers(ours, theirs):
            return Difference.none("identical predictions")
        exact = self._exact(ours)
        if exact:
            method = _some(keys, ("method",)) if self.name in MCNEMAR else {}
            found = exact.compare(ours, theirs, level, seed, **_some(keys, exact.takes), **method)
        else:
            found = self.general.compare(ours, theirs, level, **self.keys(keys))
        return found if self.higher_is_better else found.reversed()

    def keys(self, given: Mapping[str, object] | None) -> dict[str, object]:
        """Pick what the general way takes of a rule's keys; `average` also where the rule is silent about it."""
        some = _some(given, self.takes)
        return {"average": None, **some} if "average" in self.takes else some

    def _exact(self, scores: Scores) -> Exact | None:
        fits = self.exact is not None and scores.simple and not (self.exact.of_two and scores.classes)
        return self.exact if fits else None


def same_answers(ours: Scores, theirs: Scores) -> bool:
    """Whether two models answer the same on every row."""
    mine, other = ours.probabilities, theirs.probabilities
    if mine is not None and other is not None and not np.array_equal(mine, other):
        return False
    return np.array_equal(ours.score, theirs.score)


def _some(keys: Mapping[str, object] | None, names: tuple[str, ...]) -> dict[str, object]:
    return {name: value for name, value in (keys or {}).items() if name in names and value is not None}


def _cells(formula: resampling.Formula) -> Exact:
    compare = partial(resampling.compare, formula=formula)
    return Exact(estimate=partial(resampling.estimate, formula=formula), compare=compare, takes=("seed",))


MCNEMAR = frozenset({"accuracy", "recall", "specificity", "top_k_accuracy"})
LOWER = Direction.LOWER
AVERAGE = ("average",)

_DECISIONS = (
    Metric(
        name="accuracy",
        title="accuracy",
        exact=Exact(estimate=decisions.accuracy, compare=decisions.compare_accuracy, of_two=False),
        general=by_cells(confusion.accuracy),
    ),
    Metric(
        name="balanced_accuracy",
        title="balanced accuracy",
        exact=_cells(resampling.balanced_accuracy),
        general=by_cells(confusion.balanced_accuracy),
        undefined=ONE_CLASS,
    ),
    Metric(
        name="precision",
        title="precision",
        exact=Exact(estimate=decisions.precision, compare=partial(resampling.compare, formula=resampling.precision)),
        general=by_cells(confusion.precision),
        takes=AVERAGE,
        undefined="no row is predicted to be of the class; look at the scores and at evaluate.threshold",
    ),
    Metric(
        name="recall",
        title="recall",
        exact=Exact(estimate=decisions.recall, compare=decisions.compare_recall),
        general=by_cells(confusion.recall),
        takes=AVERAGE,
        undefined="no row is of the class",
    ),
    Metric(
        name="specificity",
        title="specificity",
        exact=Exact(estimate=decisions.specificity, compare=decisions.compare_specificity),
        general=by_cells(confusion.specificity),
        undefined="no row is negative",
    ),
    Metric(
        name="f1",
        title="F1",
        exact=Exact(estimate=decisions.f1, compare=partial(resampling.compare, formula=resampling.f_beta)),
        general=by_cells(confusion.f_beta),
        takes=AVERAGE,
        undefined="no row is of the class or predicted to be",
    ),
    Metric(
        name="f_beta",
        title="F-beta",
        exact=Exact(
            estimate=partial(resampling.estimate, formula=resampling.f_beta),
            compare=partial(resampling.compare, formula=resampling.f_beta),
            takes=("beta", "seed"),
        ),
        general=by_cells(confusion.f_beta),
        takes=("average", "beta"),
        undefined="no row is of the class or predicted to be",
    ),
    Metric(
        name="matthews_corrcoef",
        title="Matthews correlation",
        exact=_cells(resampling.matthews),
        general=by_cells(confusion.matthews_corrcoef),
        least=-1.0,
    ),
    Metric(
        name="cohen_kappa",
        title="Cohen's kappa",
        exact=_cells(resampling.kappa),
        general=by_cells(confusion.cohen_kappa),
        least=-1.0,
        undefined="label and prediction are the same class on every row",
    ),
)
_PROBABILITIES = (
    Metric(
        name="roc_auc",
        title="AUC",
        exact=Exact(estimate=curves.roc_auc, compare=curves.compare_roc_auc),
        general=by_terms(curves.auc_terms, curves.CLUSTERED, as_share=True),
        takes=AVERAGE,
        undefined="a class has no row, or every row",
    ),
    Metric(
        name="average_precision",
        title="average precision",
        general=by_terms(curves.average_precision, curves.PRECISION, as_share=True),
        takes=AVERAGE,
        undefined="a class has no row",
    ),
    Metric(
        name="log_loss",
        title="log loss",
        direction=LOWER,
        general=by_terms(losses.log_loss, losses.PAIRED_T),
        most=math.inf,
        probabilities=True,
    ),
    Metric(
        name="brier",
        title="Brier score",
        direction=LOWER,
        general=by_terms(losses.brier, losses.PAIRED_T),
        most=2.0,
        probabilities=True,
    ),
    Metric(
        name="expected_calibration_error",
        title="calibration error",
        direction=LOWER,
        general=by_terms(calibration.expected_calibration_error, calibration.METHOD),
        takes=("bins",),
        probabilities=True,
    ),
    Metric(
        name="top_k_accuracy",
        title="top-k accuracy",
        exact=Exact(estimate=decisions.top_k_accuracy, compare=decisions.compare_top_k, takes=("k",), of_two=False),
        general=by_terms(losses.top_k_accuracy, losses.PAIRED_T, as_share=True),
        takes=("k",),
    ),
)
_NUMBERS = (
    Metric(name="rmse", title="RMSE", direction=LOWER, general=by_terms(losses.rmse, losses.DELTA), most=math.inf),
    Metric(name="mae", title="MAE", direction=LOWER, general=by_terms(losses.mae, losses.PAIRED_T), most=math.inf),
    Metric(name="mape", title="MAPE", direction=LOWER, general=by_terms(losses.mape, losses.PAIRED_T), most=math.inf),
    Metric(
        name="median_absolute_error",
        title="median absolute error",
        direction=LOWER,
        general=by_terms(quantiles.median_absolute_error, quantiles.METHOD),
        most=math.inf,
    ),
    Metric(
        name="pinball_loss",
        title="pinball loss",
        direction=LOWER,
        general=by_terms(losses.pinball_loss, losses.PAIRED_T),
        takes=("quantile",),
        most=math.inf,
    ),
    Metric(
        name="r2",
        title="R2",
        general=by_terms(losses.r2, losses.DELTA),
        least=-math.inf,
        undefined="every label is the same",
    ),
)
_RANKINGS = (
    Metric(name="ndcg", title="NDCG", general=by_terms(queries.ndcg, queries.METHOD), takes=("k",)),
    Metric(name="mrr", title="MRR", general=by_terms(queries.mrr, queries.METHOD)),
)

METRICS: dict[str, Metric] = {metric.name: metric for metric in (*_DECISIONS, *_PROBABILITIES, *_NUMBERS, *_RANKINGS)}


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
        PairMetric(
            name="disagreement",
            title="disagreement",
            higher_is_better=False,
            estimator=decisions.disagreement,
        ),
    )
}

__all__ = ["METRICS", "PAIR_METRICS", "Direction", "Metric", "PairMetric"]
