"""Area under the ROC curve: DeLong's intervals, for one model and for two on the same rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, logit, ndtr
from scipy.stats import rankdata

from mlgate.evaluation.estimate import Difference, Estimate, quantile

if TYPE_CHECKING:
    from mlgate.evaluation.paired import Floats, Scores

METHOD = "DeLong's paired interval"
HALVINGS = 80


def roc_auc(scores: Scores, level: float) -> Estimate:
    """Return the area with DeLong's interval (DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44:837-845).

    The interval is made on the logit scale (Pepe 2003, The Statistical Evaluation of Medical Tests, chapter 5):
    it stays inside [0, 1], and holds its level where the plain one falls short, near 1 and with few positives.
    Where there is no variance to go by, as for a perfect ranking, Newcombe's score-like interval stands in.
    """
    positives, negatives = _placements(scores)
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
    if np.array_equal(rankdata(ours.score), rankdata(theirs.score)):
        return Difference.none(METHOD)
    (our_positives, our_negatives), (their_positives, their_negatives) = _placements(ours), _placements(theirs)
    value = float(our_positives.mean() - their_positives.mean()) if len(our_positives) else math.nan
    se = _error(our_positives - their_positives, our_negatives - their_negatives)
    if not se > 0:
        # no spread to go by: what the two single intervals leave open bounds the difference
        mine, other = roc_auc(ours, level), roc_auc(theirs, level)
        return Difference(
            value=value, low=mine.low - other.high, high=mine.high - other.low, p_value=1.0, se=se, method=METHOD
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


def _placements(scores: Scores) -> tuple[Floats, Floats]:
    """For each positive, the share of negatives below it; for each negative, the share of positives above it.

    Ties count half, by midranks (Sun and Xu 2014, IEEE Signal Processing Letters 21:1389-1393).
    """
    positives, negatives = scores.score[scores.truth], scores.score[~scores.truth]
    m, n = len(positives), len(negatives)
    ranks = rankdata(np.concatenate([positives, negatives]))
    below: Floats = (ranks[:m] - rankdata(positives)) / n if n else np.full(m, np.nan)
    above: Floats = 1 - (ranks[m:] - rankdata(negatives)) / m if m else np.full(n, np.nan)
    return below, above


def _error(positives: Floats, negatives: Floats) -> float:
    if min(len(positives), len(negatives)) < 2:
        return math.nan
    return math.sqrt(positives.var(ddof=1) / len(positives) + negatives.var(ddof=1) / len(negatives))
