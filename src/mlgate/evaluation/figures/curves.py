"""The ROC curve and the curve of precision and recall of a binary task, in weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.figures.thin import thin
from mlgate.evaluation.figures.written import number
from mlgate.records.figures import MOST_POINTS, Curve

if TYPE_CHECKING:
    from mlgate.evaluation.paired import Floats, Scores


def roc(hits: Floats, alarms: Floats) -> Curve | None:
    """Return the share of positives found over the share of negatives taken for them; None without either class.

    `hits` and `alarms` (T + 1,) are those of `counts`.
    """
    if not (hits[-1] > 0 and alarms[-1] > 0):
        return None
    x, y = alarms / alarms[-1], hits / hits[-1]
    return _curve(x, y, float(np.trapezoid(y, x)))


def precision_recall(hits: Floats, alarms: Floats) -> Curve | None:
    """Return precision over recall, beginning at (0, 1) as scikit-learn's; None without positives."""
    if not hits[-1] > 0:
        return None
    taken = (hits + alarms)[1:]
    recall = hits / hits[-1]
    precision = np.concatenate([[1.0], hits[1:] / taken])
    return _curve(recall, precision, float(np.dot(np.diff(recall), precision[1:])))


def counts(scores: Scores) -> tuple[Floats, Floats]:
    """Add up the weights of true and of false positives at every threshold, the strictest first, from (0, 0)."""
    order = np.argsort(-scores.score, kind="stable")
    score, weight, truth = scores.score[order], scores.weights[order], scores.truth[order]
    last_of_ties = np.append(np.flatnonzero(score[1:] != score[:-1]), len(score) - 1)
    hits, alarms = (np.cumsum(weight * those)[last_of_ties] for those in (truth, ~truth))
    return np.concatenate([[0.0], hits]), np.concatenate([[0.0], alarms])


def _curve(x: Floats, y: Floats, area: float) -> Curve:
    x, y = np.clip(x, 0, 1), np.clip(y, 0, 1)
    kept = thin(x, y, MOST_POINTS)
    points = tuple((number(one), number(other)) for one, other in zip(x[kept], y[kept], strict=True))
    return Curve(points=points, area=number(min(max(area, 0.0), 1.0)))
