"""Rules about a metric of the user's own: scikit-learn's by name or a function, measured in the user's Python."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.estimate import Difference, Estimate
from mlgate.evaluation.resampling import widened

if TYPE_CHECKING:
    from mlgate.config.rule import Rule
    from mlgate.evaluation.beside import Beside, Drawn
    from mlgate.evaluation.evidence import Evidence
    from mlgate.evaluation.paired import Floats, Paired


def gather(paired: Paired, rule: Rule, beside: Beside, start: Evidence, seed: int) -> Evidence:
    """Read the intervals off the values on resamples: percentiles (Efron 1979), the difference's of paired ones.

    A resample on which the metric has no value counts as the worst on either side.
    """
    if beside.elsewhere is None:
        return replace(start, fault=("not_measured", f"{start.what.title} was not measured"))
    drawn = beside.elsewhere(rule, paired, seed)
    if isinstance(drawn, str):
        return replace(start, fault=("not_measured", f"{start.what.title} could not be measured: {drawn}"))
    level = start.level
    production = None
    if drawn.production is not None and drawn.production_draws is not None:
        production = _estimate(drawn.production, drawn.production_draws, level)
    difference = _difference(paired, drawn, level) if rule.test and production is not None else None
    if difference is not None and not start.what.higher_is_better:
        difference = difference.reversed()
    candidate = _estimate(drawn.candidate, drawn.candidate_draws, level)
    return replace(start, candidate=candidate, production=production, difference=difference)


def _estimate(value: float, draws: Floats, level: float) -> Estimate:
    low, high = ends(draws, level)
    return Estimate(value=value, low=low, high=high)


def _difference(paired: Paired, drawn: Drawn, level: float) -> Difference:
    draws = np.asarray(drawn.candidate_draws) - np.asarray(drawn.production_draws)
    value = drawn.candidate - (drawn.production or 0.0)
    method = f"bootstrap of the {'rows' if paired.unit is None else 'clusters'}, {len(draws):,} resamples"
    if value == 0 and not draws.any():
        return Difference.none(method)
    return of_draws(value, draws, level, method=method)


def of_draws(value: float, draws: Floats, level: float, *, method: str) -> Difference:
    """Return a difference whose interval are the percentiles of its draws (r,)."""
    low, high = ends(draws, level)
    undefined = np.isnan(draws)
    beyond = min(np.count_nonzero(undefined | (draws <= 0)), np.count_nonzero(undefined | (draws >= 0)))
    se = float(np.std(draws[~undefined])) if not undefined.all() else math.nan
    p_value = min(1.0, 2 * (1 + beyond) / (1 + len(draws)))
    return Difference(value=value, low=low, high=high, p_value=p_value, se=se, method=method)


def ends(draws: Floats, level: float) -> tuple[float, float]:
    """Return the percentiles of draws (r,) that leave out 1 - level; what is NaN counts as infinite, on both sides."""
    undefined, tail = np.isnan(draws), (1 - level) / 2
    low = float(np.quantile(np.where(undefined, -np.inf, draws), tail, method="inverted_cdf"))
    high = float(np.quantile(np.where(undefined, np.inf, draws), 1 - tail, method="inverted_cdf"))
    return widened(low, high, draws[~undefined], level)
