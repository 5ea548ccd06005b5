"""Rows in groups of similar predictions: what was predicted, and what came."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.calibration import BINS, answered, bins_of
from mlgate.evaluation.estimate import quantile
from mlgate.evaluation.figures.written import number
from mlgate.records.figures import Group

if TYPE_CHECKING:
    from mlgate.evaluation.paired import Codes, Floats, Scores

DECILES = 10


def calibration(scores: Scores, level: float) -> tuple[Group, ...]:
    """Group probabilities in the bins of the calibration error, with Wilson's interval of the share that came true.

    Weighted rows count as many as Kish's effective size (1965, Survey Sampling, section 11.7). None are grouped where
    a score is no probability.
    """
    probability, true = answered(scores)
    if not len(probability) or probability.min() < 0 or probability.max() > 1:
        return ()
    place, weight = bins_of(probability, BINS), scores.weights
    return tuple(
        _share(probability[rows], true[rows], weight[rows], level)
        for rows in (place == one for one in range(BINS))
        if rows.any()
    )


def deciles(scores: Scores) -> tuple[Group, ...]:
    """Group numbers by tenths of the weight in the order of their predictions, with the quartiles of the labels."""
    label = np.asarray(scores.label, dtype=np.float64)
    place, weight = _tenths(scores.score, scores.weights), scores.weights
    return tuple(
        _mean(scores.score[rows], label[rows], weight[rows])
        for rows in (place == one for one in range(DECILES))
        if rows.any()
    )


def _share(probability: Floats, true: Floats, weight: Floats, level: float) -> Group:
    total = float(weight.sum())
    observed = float(np.dot(weight, true)) / total
    low, high = wilson(observed, total**2 / float(np.dot(weight, weight)), level)
    return Group(
        predicted=number(np.dot(weight, probability) / total),
        observed=number(observed),
        low=number(low),
        high=number(high),
        n=len(true),
    )


def wilson(share: float, n: float, level: float) -> tuple[float, float]:
    """Return Wilson's score interval of a share of n, which need not be whole (Wilson 1927, JASA 22:209-212)."""
    z = quantile(level)
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def _mean(predicted: Floats, label: Floats, weight: Floats) -> Group:
    total = float(weight.sum())
    order = np.argsort(label)
    reached = np.cumsum(weight[order]) / total
    low, high = (label[order][min(int(np.searchsorted(reached, part)), len(label) - 1)] for part in (0.25, 0.75))
    return Group(
        predicted=number(np.dot(weight, predicted) / total),
        observed=number(np.dot(weight, label) / total),
        low=number(low),
        high=number(high),
        n=len(label),
    )


def _tenths(score: Floats, weight: Floats) -> Codes:
    """Return each row's tenth, (n,); rows of one prediction stay together, where the middle of their weight falls."""
    _, place = np.unique(score, return_inverse=True)
    sizes = np.bincount(place, weights=weight)
    middle = (np.cumsum(sizes) - sizes / 2) / sizes.sum()
    tenths: Codes = np.minimum((middle * DECILES).astype(np.intp), DECILES - 1)[place]
    return tenths
