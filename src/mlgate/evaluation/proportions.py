"""Counts out of n: Wilson's interval for one model, Tango's interval and McNemar's test for two on the same rows."""

from __future__ import annotations

import math

from scipy.optimize import brentq
from scipy.special import ndtr
from scipy.stats import binom, binomtest

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


def mcnemar_midp(gained: int, lost: int) -> float:
    """Return the two-sided mid-p of McNemar's test: the exact p with the probability of what was seen counted half."""
    apart = gained + lost
    if not apart:
        return 1.0
    seen = float(binom.pmf(gained, apart, 0.5))
    if gained == lost:
        return 1 - seen / 2
    return min(1.0, 2 * (float(binom.cdf(min(gained, lost), apart, 0.5)) - seen / 2))


def score_test(gained: int, lost: int) -> float:
    """Return the two-sided p of McNemar's score test (1947), whose differences that are not rejected Tango's are."""
    return 2 * float(ndtr(-abs(gained - lost) / math.sqrt(gained + lost))) if gained + lost else 1.0


def tango(gained: int, lost: int, n: int, level: float) -> tuple[float, float]:
    """Return the score interval of (gained - lost)/n, a difference of paired proportions.

    Tango 1998 (Statistics in Medicine 17:891-908, equations 10 and 11): the differences that the score test at
    `level` does not reject, found by bisection. It has width also when no row is discordant.
    """
    return _lower(gained, lost, n, level), 0.0 - _lower(lost, gained, n, level)


def conditional(gained: int, lost: int, n: int, level: float, *, midp: bool) -> tuple[float, float]:
    """Return the interval of (gained - lost)/n that McNemar's test does not reject, given the discordant rows.

    Among them the gained ones are binomial with a share s, and the difference is (2s - 1) of their part of n: exact
    (Clopper and Pearson 1934), or by the mid-p, which counts what was seen half (Lancaster 1961; Fagerland, Lydersen
    and Laake 2013, BMC Med. Res. Methodol. 13:91).
    """
    apart = gained + lost
    if not apart:
        return tango(gained, lost, n, level)
    if midp:
        low, high = _midp_share(gained, apart, level), 1 - _midp_share(lost, apart, level)
    else:
        share = clopper_pearson(gained, apart, level)
        low, high = share.low, share.high
    return (2 * low - 1) * apart / n, (2 * high - 1) * apart / n


def paired_proportions(  # noqa: PLR0913 (a two-by-two table and what is asked of it)
    gained: int, lost: int, n: int, level: float, *, among: str, method: str = "auto"
) -> Difference:
    """Compare two models that are right on the same n rows except `gained` and `lost` ones."""
    midp = method == "mcnemar_midp"
    tests = {"auto": score_test, "mcnemar_exact": mcnemar, "mcnemar_midp": mcnemar_midp}
    if not n:
        low = high = math.nan
    elif method == "auto":
        low, high = tango(gained, lost, n, level)
    else:
        low, high = conditional(gained, lost, n, level, midp=midp)
    names = {
        "auto": "Tango's score interval and McNemar's score test",
        "mcnemar_exact": "McNemar's exact test and its interval",
        "mcnemar_midp": "McNemar's mid-p test and its interval",
    }
    return Difference(
        value=(gained - lost) / n if n else math.nan,
        low=low,
        high=high,
        p_value=tests[method](gained, lost),
        # under no difference, the variance is the share of discordant rows over n
        se=math.sqrt(gained + lost) / n if n else math.nan,
        method=f"{names[method]}{among}",
    )


def _midp_share(hits: int, n: int, level: float) -> float:
    """Return the share whose mid-p of `hits` or more among n is half of 1 - level; 0 where there is no hit."""

    def excess(share: float) -> float:
        seen = float(binom.pmf(hits, n, share))
        return float(binom.sf(hits, n, share)) + seen / 2 - (1 - level) / 2

    return float(brentq(excess, 0.0, 1.0, xtol=1e-12)) if hits else 0.0


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
