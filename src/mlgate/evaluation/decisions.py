"""Metrics of yes-or-no decisions: accuracy, precision, recall, F1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.estimate import Difference, Estimate
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


def f1(scores: Scores, level: float) -> Estimate:
    """Harmonic mean of precision and recall.

    With J = TP / (TP + FP + FN), F1 = 2J / (1 + J): J is a share of counted rows, and the map is monotone, so
    Wilson's interval of J becomes one of F1.
    """
    share = wilson(_sum(scores.positive & scores.truth), _sum(scores.positive | scores.truth), level)
    value, low, high = (2 * j / (1 + j) for j in (share.value, share.low, share.high))
    return Estimate(value=value, low=low, high=high)


def compare_accuracy(ours: Scores, theirs: Scores, level: float, _seed: int) -> Difference:
    """Compare on all rows."""
    gained, lost = discordant(ours, theirs)
    return paired_proportions(gained, lost, ours.n, level, among="")


def compare_recall(ours: Scores, theirs: Scores, level: float, _seed: int) -> Difference:
    """Compare on the positive rows, whose share predicted positive recall is."""
    gained, lost = discordant(ours, theirs, among=ours.truth)
    return paired_proportions(gained, lost, _sum(ours.truth), level, among=" on the positive rows")


def specificity(scores: Scores, level: float) -> Estimate:
    """Share of negatives that are predicted negative; undefined when there is none."""
    return wilson(_sum(~scores.positive & ~scores.truth), _sum(~scores.truth), level)


def compare_specificity(ours: Scores, theirs: Scores, level: float, _seed: int) -> Difference:
    """Compare on the negative rows, whose share predicted negative specificity is."""
    gained, lost = discordant(ours, theirs, among=~ours.truth)
    return paired_proportions(gained, lost, _sum(~ours.truth), level, among=" on the negative rows")


def negative_flip_rate(ours: Scores, theirs: Scores, level: float) -> Estimate:
    """Share of rows that production predicts right and the candidate wrong (Yan et al. 2021, arXiv 2011.09161)."""
    _, broken = discordant(ours, theirs)
    return clopper_pearson(broken, ours.n, level)


def discordant(ours: Scores, theirs: Scores, *, among: Flags | None = None) -> tuple[int, int]:
    """Count the rows that only we predict right, and those that only they do."""
    rows = np.ones(ours.n, dtype=np.bool_) if among is None else among
    return _sum(ours.right & ~theirs.right & rows), _sum(theirs.right & ~ours.right & rows)


def _sum(flags: Flags) -> int:
    return int(np.count_nonzero(flags))
