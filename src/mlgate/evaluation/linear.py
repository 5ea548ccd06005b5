"""Metrics as sums over rows: one standard error for all of them, whatever rows weigh and whatever was sampled.

Near the truth, a smooth metric of a sample moves by the sum of what each row contributes (its influence function over
n; Hampel 1974, JASA 69:383-393). Its variance is that of independent contributions; where clusters were sampled, of
their sums (Liang and Zeger 1986, Biometrika 73:13-22). The contributions of a difference are the differences of the
contributions, which is what makes it paired.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, logit, stdtr, stdtrit

from mlgate.evaluation.estimate import Difference, Estimate, quantile

if TYPE_CHECKING:
    from mlgate.evaluation.paired import Codes, Floats, Scores

ROUNDING = 1e-12  # what sums of weights may be off by


@dataclass(frozen=True, kw_only=True, eq=False)
class Terms:
    """A metric's `value`, and what each row contributes to its error, (n,), which add up to 0."""

    value: float
    rows: Floats


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A standard error, and how many independent units it was estimated from."""

    se: float
    units: int

    def reach(self, level: float) -> float:
        """Return half the width of Student's interval."""
        return float(stdtrit(self.units - 1, 0.5 + level / 2)) * self.se if self.units > 1 else math.nan

    def p_value(self, value: float) -> float:
        """Return the two-sided p of no difference."""
        if self.se == 0:
            return 1.0 if value == 0 else 0.0
        return 2 * float(stdtr(self.units - 1, -abs(value / self.se))) if self.units > 1 else math.nan


def spread(rows: Floats, unit: Codes | None, *, units: int | None = None) -> Spread:
    """Estimate the standard error of a sum of contributions (n,) by the units that were sampled, (n,) or the rows.

    `units` is how many there really are, where some of the rows were made up.
    """
    added = rows if unit is None else totals(rows, unit)
    count = len(added) if units is None else units
    if count < 2:
        return Spread(se=math.nan, units=count)
    return Spread(se=math.sqrt(count / (count - 1) * float(np.dot(added, added))), units=count)


def totals(rows: Floats, unit: Codes) -> Floats:
    """Add up rows (n,) by unit, leaving out numbers that no row has."""
    return sums(unit, rows)[np.bincount(unit) > 0]


def sums(numbers: Codes, values: Floats, count: int = 0) -> Floats:
    """Add up values (n,) by their number (n,), for at least `count` numbers."""
    added: Floats = np.bincount(numbers, weights=values, minlength=count).astype(np.float64, copy=False)
    return added


def mean(values: Floats, scores: Scores) -> Terms:
    """Return the (weighted) mean of a number a row (n,)."""
    if scores.weight is None:
        value = float(values.mean())
        return Terms(value=value, rows=(values - value) / len(values))
    total = float(scores.weight.sum())
    value = float(np.dot(values, scores.weight)) / total
    return Terms(value=value, rows=scores.weight * (values - value) / total)


def estimate(terms: Terms, scores: Scores, level: float, *, as_share: bool = False) -> Estimate:
    """Return the value with Student's interval; of a share strictly between 0 and 1 on the logit scale.

    The logit keeps the interval of a share inside (0, 1), and its level near the ends (Boyd, Eng and Page 2013,
    ECML PKDD, section 4).
    """
    found = spread(terms.rows, scores.unit)
    value, reach = terms.value, found.reach(level)
    if as_share and min(value, 1 - value) < ROUNDING and found.units > 1:
        return _at_the_end(round(value), _informative(scores), level)
    if as_share and 0 < value < 1:
        middle, half = float(logit(value)), reach / (value * (1 - value))
        return Estimate(value=value, low=float(expit(middle - half)), high=float(expit(middle + half)))
    return Estimate(value=value, low=value - reach, high=value + reach)


def _at_the_end(value: float, n: int, level: float) -> Estimate:
    """Return Wilson's interval (1927) of a share that is 0 or 1 of n, where no spread says how sure that is."""
    reach = quantile(level) ** 2 / (n + quantile(level) ** 2)
    low, high = (1 - reach, 1.0) if value else (0.0, reach)
    return Estimate(value=value, low=low, high=high)


def _informative(scores: Scores) -> int:
    """Count the units that a share hangs on: of the rarer class where there are two, else all."""
    chosen = [np.ones(scores.n, dtype=bool)] if scores.label.dtype != bool else [scores.truth, ~scores.truth]
    counted = (np.count_nonzero(rows) if scores.unit is None else len(np.unique(scores.unit[rows])) for rows in chosen)
    return max(int(min(counted)), 1)


def compare(ours: Terms, theirs: Terms, unit: Codes | None, level: float, *, method: str) -> Difference:
    """Return ours minus theirs with Student's interval."""
    return difference(ours.value - theirs.value, ours.rows - theirs.rows, unit, level, method=method)


def compare_shares(ours: Terms, theirs: Terms, scores: Scores, level: float, *, method: str) -> Difference:
    """Compare two shares of the rows that `scores` is of.

    Two that are 1 (or 0), such as two perfect rankings, have no spread to go by, and are not the same for that: what
    their single intervals leave open bounds their difference.
    """
    found = compare(ours, theirs, scores.unit, level, method=method)
    if found.se > ROUNDING or math.isnan(found.se):
        return found
    one, two = (estimate(terms, scores, level, as_share=True) for terms in (ours, theirs))
    return replace(found, low=one.low - two.high, high=one.high - two.low, p_value=math.nan, se=math.nan)


def difference(  # noqa: PLR0913 (what is known of a difference)
    value: float, rows: Floats, unit: Codes | None, level: float, *, method: str, units: int | None = None
) -> Difference:
    """Return a difference of this value whose rows contribute this; `units` as in `spread`."""
    found = spread(rows, unit, units=units)
    reach = found.reach(level)
    return Difference(
        value=value, low=value - reach, high=value + reach, p_value=found.p_value(value), se=found.se, method=method
    )
