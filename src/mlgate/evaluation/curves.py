"""Areas under curves: of the ROC curve by DeLong's method, of precision and recall as average precision."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, logit, ndtr

from mlgate.evaluation.estimate import Difference, Estimate, quantile
from mlgate.evaluation.linear import Terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.evaluation.paired import Codes, Flags, Floats, Scores

    Curve = Callable[[Flags, Floats, Floats], Terms]

METHOD = "DeLong's paired interval"
CLUSTERED = "DeLong's contributions, weighted and summed by cluster (Obuchowski)"
PRECISION = "paired interval of average precision's contributions"
HALVINGS = 80


def roc_auc(scores: Scores, level: float) -> Estimate:
    """Return the area with DeLong's interval (DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44:837-845).

    The interval is made on the logit scale (Pepe 2003, The Statistical Evaluation of Medical Tests, chapter 5):
    it stays inside [0, 1], and holds its level where the plain one falls short, near 1 and with few positives.
    Where there is no variance to go by, as for a perfect ranking, Newcombe's score-like interval stands in.
    """
    placed = _Placed.of(scores.truth, scores.score, scores.weights)
    positives, negatives = placed.split(scores.truth)
    if not (len(positives) and len(negatives)):
        return Estimate(value=math.nan, low=math.nan, high=math.nan)
    value, se = float(positives.mean()), _error(positives, negatives)
    if not se > 0:
        low, high = newcombe(value, len(positives), len(negatives), level)
    else:
        reach = quantile(level) * se / (value * (1 - value))
        low, high = float(expit(logit(value) - reach)), float(expit(logit(value) + reach))
    return Estimate(value=value, low=low, high=high)


def compare_roc_auc(ours: Scores, theirs: Scores, level: float, _seed: int) -> Difference:
    """Compare two areas by DeLong's covariance; the same ranking of all rows is no difference at all."""
    mine, other = (_Placed.of(one.truth, one.score, one.weights) for one in (ours, theirs))
    if np.array_equal(mine.ranks, other.ranks):
        return Difference.none(METHOD)
    (our_positives, our_negatives), (their_positives, their_negatives) = mine.split(ours.truth), other.split(ours.truth)
    value = float(our_positives.mean() - their_positives.mean()) if len(our_positives) else math.nan
    se = _error(our_positives - their_positives, our_negatives - their_negatives)
    if not se > 0:
        # no spread to go by: what the two single intervals leave open bounds the difference
        one, two = roc_auc(ours, level), roc_auc(theirs, level)
        return Difference(
            value=value, low=one.low - two.high, high=one.high - two.low, p_value=math.nan, se=se, method=METHOD
        )
    z = quantile(level)
    p = 2 * float(ndtr(-abs(value / se)))
    return Difference(value=value, low=value - z * se, high=value + z * se, p_value=p, se=se, method=METHOD)


def newcombe(area: float, positives: int, negatives: int, level: float) -> tuple[float, float]:
    """Return the interval of Newcombe 2006 (Statistics in Medicine 25:559-573, method 5), by bisection."""

    def far(theta: float) -> bool:
        spread = 1 + ((positives + negatives) / 2 - 1) * ((1 - theta) / (2 - theta) + theta / (1 + theta))
        variance = theta * (1 - theta) * spread / (positives * negatives)
        return (area - theta) ** 2 > quantile(level) ** 2 * variance

    def end(outside: float, inside: float) -> float:
        for _ in range(HALVINGS):
            middle = (outside + inside) / 2
            outside, inside = (middle, inside) if far(middle) else (outside, middle)
        return inside

    return end(0.0, area), end(1.0, area)


def auc_terms(scores: Scores, *, average: str | None = None) -> Terms:
    """Return the area and its contributions, for weights and clusters (Obuchowski 1997, Biometrics 53:567-578).

    Of several classes it is the mean of each class against the rest (Provost and Domingos 2001).
    """
    return _averaged(scores, _auc, average or "macro")


def average_precision(scores: Scores, *, average: str | None = None) -> Terms:
    """Return the mean precision at the positives' scores, which is the sum over steps of recall (scikit-learn's)."""
    return _averaged(scores, _average_precision, average or "macro")


def _averaged(scores: Scores, curve: Curve, average: str) -> Terms:
    """Return a curve's area, of several classes averaged over each against the rest."""
    if scores.probabilities is None:
        return curve(scores.truth, scores.score, scores.weights)
    count, weight = scores.class_count, scores.weights
    chosen = range(count) if average in {"macro", "weighted"} else [scores.classes.index(average)]
    areas = {one: curve(scores.label_class == one, scores.probabilities[:, one], weight) for one in chosen}
    total = float(weight.sum())
    sizes = np.bincount(scores.label_class, weights=weight, minlength=count) / total
    share = {one: sizes[one] if average == "weighted" else 1 / len(areas) for one in areas}
    value = sum(share[one] * area.value for one, area in areas.items())
    rows = np.sum([share[one] * area.rows for one, area in areas.items()], axis=0)
    if average == "weighted":
        values = np.array([area.value for area in areas.values()])
        rows += weight * (values[scores.label_class] - value) / total
    return Terms(value=float(value), rows=rows)


def _auc(truth: Flags, score: Floats, weight: Floats) -> Terms:
    placed = _Placed.of(truth, score, weight)
    positives, negatives = float(weight[truth].sum()), float(weight[~truth].sum())
    if not (positives and negatives):
        return Terms(value=math.nan, rows=np.zeros(len(truth)))
    value = float(np.dot(weight[truth], placed.share[truth])) / positives
    size = np.where(truth, positives, negatives)
    return Terms(value=value, rows=weight * (placed.share - value) / size)


def _average_precision(truth: Flags, score: Floats, weight: Floats) -> Terms:
    """With A(s) and B(s) the weight of the positives and of all rows scored s or more, the area is the mean of A/B.

    A row contributes its own A/B, if it is positive, and what it adds to the A and B of all positives scored no more.
    """
    positives = float((weight * truth).sum())
    if not positives:
        return Terms(value=math.nan, rows=np.zeros(len(truth)))
    ranks = _ranks(score)
    of_positives = np.bincount(ranks, weights=weight * truth)
    above = np.cumsum(of_positives[::-1])[::-1]
    everything = np.cumsum(np.bincount(ranks, weights=weight)[::-1])[::-1]
    shares = above / everything
    value = float(np.dot(of_positives, shares)) / positives
    gain, loss = np.cumsum(of_positives / everything), np.cumsum(of_positives * shares / everything)
    rows = truth * (shares[ranks] - value) + truth * gain[ranks] - loss[ranks]
    return Terms(value=value, rows=weight * rows / positives)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Placed:
    """Each row's rank by score, (n,), equal for ties; and its placement, (n,).

    The placement of a positive is the share of negatives scored below it, of a negative that of positives above it;
    ties count half (Sun and Xu 2014, IEEE Signal Processing Letters 21:1389-1393).
    """

    ranks: Codes
    share: Floats

    @classmethod
    def of(cls, truth: Flags, score: Floats, weight: Floats) -> _Placed:
        ranks = _ranks(score)
        positives = np.bincount(ranks, weights=weight * truth)
        negatives = np.bincount(ranks, weights=weight * ~truth)
        below = (np.cumsum(negatives) - negatives / 2) / negatives.sum()
        above = (positives.sum() - np.cumsum(positives) + positives / 2) / positives.sum()
        return cls(ranks=ranks, share=np.where(truth, below[ranks], above[ranks]))

    def split(self, truth: Flags) -> tuple[Floats, Floats]:
        """Return the placements of the positives and of the negatives."""
        return self.share[truth], self.share[~truth]


def _ranks(score: Floats) -> Codes:
    """Return the place of each score among the distinct ones, from the lowest, (n,)."""
    order = np.argsort(score)
    ordered = score[order]
    steps = np.concatenate([[0], np.cumsum(ordered[1:] != ordered[:-1])])
    ranks = np.empty(len(score), dtype=np.intp)
    ranks[order] = steps
    return ranks


def _error(positives: Floats, negatives: Floats) -> float:
    if min(len(positives), len(negatives)) < 2:
        return math.nan
    return math.sqrt(positives.var(ddof=1) / len(positives) + negatives.var(ddof=1) / len(negatives))
