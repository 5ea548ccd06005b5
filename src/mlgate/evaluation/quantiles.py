"""Quantiles of a number a row: the median error, and how long predictions take."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from mlgate.evaluation.linear import Terms
from mlgate.evaluation.losses import absolute_errors

if TYPE_CHECKING:
    from mlgate.evaluation.paired import Floats, Scores

METHOD = "paired interval of the quantiles' contributions (Bahadur)"


def median_absolute_error(scores: Scores) -> Terms:
    """Return the (weighted) median distance of score and label."""
    return quantile(absolute_errors(scores), scores.weights, share=0.5)


def quantile(values: Floats, weight: Floats, *, share: float) -> Terms:
    """Return a quantile of values (n,), by the mean of the two order statistics that a median lies between.

    A row contributes (share - [it is below]) / density there (Bahadur 1966, Ann. Math. Statist. 37:577-580); one over
    the density is the slope of the quantiles around it, over the bandwidth of Hall and Sheather 1988 (J. Royal
    Statist. Soc. B 50:381-391).
    """
    order = np.argsort(values, kind="stable")
    ordered, shares = values[order], np.cumsum(weight[order]) / float(weight.sum())
    value = (_at(ordered, shares, share - 1e-12) + _at(ordered, shares, share + 1e-12)) / 2
    width = bandwidth(share, len(values))
    low, high = max(share - width, 0.0), min(share + width, 1.0)
    slope = (_at(ordered, shares, high) - _at(ordered, shares, low)) / (high - low)
    below = (values < value) + 0.5 * (values == value)
    total = float(weight.sum())
    below_share = float(np.dot(weight, below)) / total
    return Terms(value=value, rows=weight * (below_share - below) * slope / total)


def bandwidth(share: float, n: int) -> float:
    """Return how far to both sides of a quantile its slope is looked at, for intervals at 95 %."""
    z, density = float(ndtri(share)), math.exp(-(float(ndtri(share)) ** 2) / 2) / math.sqrt(2 * math.pi)
    size = 1.5 * density**2 / (2 * z**2 + 1)
    return math.pow(n, -1 / 3) * math.pow(float(ndtri(0.975)), 2 / 3) * math.pow(size, 1 / 3)


def _at(ordered: Floats, shares: Floats, share: float) -> float:
    place = int(np.searchsorted(shares, share, side="left"))
    return float(ordered[min(place, len(ordered) - 1)])
