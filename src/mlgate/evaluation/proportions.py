"""Counts out of n: Wilson's interval for one model, Tango's interval and McNemar's test for two on the same rows."""

from __future__ import annotations

import math

from scipy.stats import binomtest

from mlgate.evaluation.estimate import Difference, Estimate, quantile

UNDEFINED = Estimate(value=math.nan, low=math.nan, high=math.nan)
HALVINGS = 80


def wilson(hits: int, n: int, level: float) -> Estimate:
    """Return hits/n with Wilson's score interval (Wilson 1927); undefined when n is 0."""
    if n == 0:
        return UNDEFINED
    interval = binomtest(hits, n).proportion_ci(confidence_level=level, method="wilson")
    return Estimate(value=hits / n, low=float(interval.low), high=float(interval.high))


def clopper_pearson(hits: int, n: int, level: float) -> Estimate:
    """Return hits/n with the exact interval (Clopper and Pearson 1934), which never holds less than its level."""
    if n == 0:
        return UNDEFINED
    interval = binomtest(hits, n).proportion_ci(confidence_level=level, method="exact")
    return Estimate(value=hits / n, low=float(interval.low), high=float(interval.high))


def mcnemar(gained: int, lost: int) -> float:
    """Return the two-sided p of McNemar's exact test on the discordant rows; 1 when there are none."""
    return float(binomtest(gained, gained + lost).pvalue) if gained + lost else 1.0


def tango(gained: int, lost: int, n: int, level: float) -> tuple[float, float]:
    """Return the score interval of (gained - lost)/n, a difference of paired proportions.

    Tango 1998 (Statistics in Medicine 17:891-908, equations 10 and 11): the differences that the score test at
    `level` does not reject, found by bisection. It has width also when no row is discordant.
    """
    return _lower(gained, lost, n, level), 0.0 - _lower(lost, gained, n, level)


def paired_proportions(gained: int, lost: int, n: int, level: float, *, among: str) -> Difference:
    """Compare two models that are right on the same n rows except `gained` and `lost` ones."""
    low, high = tango(gained, lost, n, level) if n else (math.nan, math.nan)
    return Difference(
        value=(gained - lost) / n if n else math.nan,
        low=low,
        high=high,
        p_value=mcnemar(gained, lost),
        # under no difference, the variance is the share of discordant rows over n
        se=math.sqrt(gained + lost) / n if n else math.nan,
        method=f"Tango's score interval and McNemar's exact test{among}",
    )


def _lower(gained: int, lost: int, n: int, level: float) -> float:
    z = quantile(level)
    low, high = -1.0, (gained - lost) / n
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _score(middle, gained, lost, n) > z:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _score(delta: float, gained: int, lost: int, n: int) -> float:
    """Tango's statistic for a true difference `delta`, its nuisance share at its restricted maximum."""
    b = (2 * n - gained + lost) * delta - gained - lost
    c = -lost * delta * (1 - delta)
    share = (math.sqrt(max(b * b - 8 * n * c, 0.0)) - b) / (4 * n)
    variance = n * (2 * share + delta * (1 - delta))
    distance = gained - lost - n * delta
    return distance / math.sqrt(variance) if variance > 0 else math.copysign(math.inf, distance)
