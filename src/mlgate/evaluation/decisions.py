"""Metrics of yes-or-no decisions, exactly: rows that were sampled one by one and count the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation import linear
from mlgate.evaluation.estimate import Difference, Estimate
from mlgate.evaluation.losses import top_k_hits
from mlgate.evaluation.proportions import clopper_pearson, paired_proportions, wilson

if TYPE_CHECKING:
    from mlgate.evaluation.paired import Flags, Scores


def accuracy(scores: Scores, level: float) -> Estimate:
    """Share of rows predicted right."""
    return wilson(_sum(scores.right), scores.n, level)


def precision(scores: Scores, level: float) -> Estimate:
    """Share of predicted positives that are positive; undefined when none is predicted."""
    return wilson(_sum(scores.positive & scores.truth), _sum(scores.positive), level)


def recall(scores: Scores, level: float) -> Estimate:
    """Share of positives that are predicted positive; undefined when there is none."""
    return wilson(_sum(scores.positive & scores.truth), _sum(scores.truth), level)


def specificity(scores: Scores, level: float) -> Estimate:
    """Share of negatives that are predicted negative; undefined when there is none."""
    return wilson(_sum(~scores.positive & ~scores.truth), _sum(~scores.truth), level)


def f1(scores: Scores, level: float) -> Estimate:
    """Harmonic mean of precision and recall.

    With J = TP / (TP + FP + FN), F1 = 2J / (1 + J): J is a share of counted rows, and the map is monotone, so
    Wilson's interval of J becomes one of F1.
    """
    share = wilson(_sum(scores.positive & scores.truth), _sum(scores.positive | scores.truth), level)
    value, low, high = (2 * j / (1 + j) for j in (share.value, share.low, share.high))
    return Estimate(value=value, low=low, high=high)


def top_k_accuracy(scores: Scores, level: float, *, k: int) -> Estimate:
    """Share of rows whose class is among the k most probable."""
    return wilson(int(top_k_hits(scores, k=k).sum()), scores.n, level)


def compare_accuracy(ours: Scores, theirs: Scores, level: float, _seed: int, *, method: str = "auto") -> Difference:
    """Compare on all rows."""
    gained, lost = discordant(ours, theirs)
    return paired_proportions(gained, lost, ours.n, level, among="", method=method)


def compare_recall(ours: Scores, theirs: Scores, level: float, _seed: int, *, method: str = "auto") -> Difference:
    """Compare on the positive rows, whose share predicted positive recall is."""
    gained, lost = discordant(ours, theirs, among=ours.truth)
    return paired_proportions(gained, lost, _sum(ours.truth), level, among=" on the positive rows", method=method)


def compare_specificity(ours: Scores, theirs: Scores, level: float, _seed: int, *, method: str = "auto") -> Difference:
    """Compare on the negative rows, whose share predicted negative specificity is."""
    gained, lost = discordant(ours, theirs, among=~ours.truth)
    return paired_proportions(gained, lost, _sum(~ours.truth), level, among=" on the negative rows", method=method)


def compare_top_k(
    ours: Scores, theirs: Scores, level: float, _seed: int, *, k: int, method: str = "auto"
) -> Difference:
    """Compare on all rows."""
    mine, other = top_k_hits(ours, k=k) > 0, top_k_hits(theirs, k=k) > 0
    return paired_proportions(_sum(mine & ~other), _sum(other & ~mine), ours.n, level, among="", method=method)


def negative_flip_rate(ours: Scores, theirs: Scores, level: float) -> Estimate:
    """Share of rows that production predicts right and the candidate wrong (Yan et al. 2021, arXiv 2011.09161)."""
    return share(theirs.right & ~ours.right, ours, level)


def disagreement(ours: Scores, theirs: Scores, level: float) -> Estimate:
    """Share of rows that the two models predict differently: d of ease.ml/ci (arXiv 1903.00278)."""
    return share(ours.predicted_class != theirs.predicted_class, ours, level)


def discordant(ours: Scores, theirs: Scores, *, among: Flags | None = None) -> tuple[int, int]:
    """Count the rows that only we predict right, and those that only they do."""
    gained, lost = ours.right & ~theirs.right, theirs.right & ~ours.right
    return (_sum(gained), _sum(lost)) if among is None else (_sum(gained & among), _sum(lost & among))


def share(flags: Flags, scores: Scores, level: float) -> Estimate:
    """Measure a share of the rows; where these weigh differently or are clustered, with a made-up row of each kind."""
    if scores.simple:
        return clopper_pearson(_sum(flags), scores.n, level)
    weight = scores.weights
    value = float(np.dot(weight, flags)) / float(weight.sum())
    flagged = np.concatenate([flags, [True, False]])
    weight = np.concatenate([weight, np.full(2, weight.mean())])
    middle = float(np.dot(weight, flagged)) / float(weight.sum())
    rows = weight * (flagged - middle) / float(weight.sum())
    unit = scores.unit
    units = None if unit is None else np.concatenate([unit, unit.max() + np.array([1, 2])])
    real = scores.n if unit is None else len(np.unique(unit))
    reach = linear.spread(rows, units, units=real).reach(level)
    return Estimate(value=value, low=value - reach, high=value + reach).clipped(0.0, 1.0)


def _sum(flags: Flags) -> int:
    return int(np.count_nonzero(flags))
