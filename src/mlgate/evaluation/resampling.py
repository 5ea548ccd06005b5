"""Bootstrap of the confusion cells: metrics of yes-or-no decisions that have no closed interval."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mlgate.evaluation.estimate import Difference, Estimate, quantile

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.evaluation.paired import Floats, Scores

    Formula = Callable[..., Floats]

RESAMPLES = 10_000
ENOUGH = 25  # draws in a tail that tell its quantile
METHOD = f"bootstrap of the confusion cells, {RESAMPLES:,} resamples"
# cells are numbered label, ours, theirs as binary digits: on these four exactly one model says positive
DISCORDANT = [0b001, 0b010, 0b101, 0b110]


# Each formula takes counts (k,) of true positives, false positives, false negatives and true negatives, and
# returns the metric (k,), NaN where it is 0/0.


def precision(tp: Floats, fp: Floats, _fn: Floats, _tn: Floats) -> Floats:
    """Share of predicted positives that are positive."""
    return tp / (tp + fp)


def f_beta(tp: Floats, fp: Floats, fn: Floats, _tn: Floats, *, beta: float = 1.0) -> Floats:
    """Weighted harmonic mean of precision and recall (van Rijsbergen 1979)."""
    return (1 + beta**2) * tp / ((1 + beta**2) * tp + fp + beta**2 * fn)


def balanced_accuracy(tp: Floats, fp: Floats, fn: Floats, tn: Floats) -> Floats:
    """Mean of recall and specificity."""
    return (tp / (tp + fn) + tn / (tn + fp)) / 2


def matthews(tp: Floats, fp: Floats, fn: Floats, tn: Floats) -> Floats:
    """Correlation of label and prediction (Matthews 1975); 0 where either is constant, as scikit-learn has it."""
    spread = np.sqrt(tp + fp) * np.sqrt(tp + fn) * np.sqrt(tn + fp) * np.sqrt(tn + fn)
    value: Floats = np.where(spread > 0, (tp * tn - fp * fn) / spread, 0.0)
    return value


def kappa(tp: Floats, fp: Floats, fn: Floats, tn: Floats) -> Floats:
    """Agreement of label and prediction beyond what their shares would give (Cohen 1960)."""
    value: Floats = 2 * (tp * tn - fp * fn) / ((tp + fp) * (fp + tn) + (tp + fn) * (fn + tn))
    return value


def estimate(scores: Scores, level: float, *, formula: Formula, seed: int = 0, **keys: float) -> Estimate:
    """Measure one model by resampling its four cells, one row added to each, so that no interval is without width."""
    formula = partial(formula, **keys)
    cells = np.bincount(2 * scores.truth + scores.positive, minlength=4).astype(np.float64)
    value = float(_apply(formula, cells.reshape(1, 2, 2))[0])
    low, high = _ends(_apply(formula, _draw(cells + 1, scores.n, seed).reshape(-1, 2, 2)), level, least=-1.0)
    return Estimate(value=value, low=min(low, value), high=max(high, value))


def compare(ours: Scores, theirs: Scores, level: float, seed: int, *, formula: Formula, **keys: float) -> Difference:
    """Resample the eight joint cells, which has the same law as resampling rows (Efron 1979), and take percentiles.

    One row is added to each discordant cell, as Bonett and Price 2012 (J. Educ. Behav. Stat. 37:479-488) do for
    paired proportions: without it, models that disagree on few rows get an interval without width.
    """
    formula = partial(formula, **keys)
    number = 4 * ours.truth + 2 * ours.positive + theirs.positive
    cells = np.bincount(number, minlength=8).astype(np.float64)
    value = float(_differences(cells[np.newaxis], formula)[0])
    cells[DISCORDANT] += 1
    return _percentiles(value, _differences(_draw(cells, ours.n, seed), formula), level)


def _draw(cells: Floats, n: int, seed: int) -> Floats:
    # NumPy takes no negative seed
    generator = np.random.default_rng(seed % 2**64)
    return generator.multinomial(n, cells / cells.sum(), size=RESAMPLES).astype(np.float64)


def _apply(formula: Formula, tables: npt.NDArray[np.float64]) -> Floats:
    """Return the metric (k,) of tables (k, 2, 2): label, prediction."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return formula(tables[:, 1, 1], tables[:, 0, 1], tables[:, 1, 0], tables[:, 0, 0])


def _differences(cells: npt.NDArray[np.float64], formula: Formula) -> Floats:
    """Return the metric's difference (k,) of cell counts (k, 8), NaN where it is 0/0 for either model."""
    tables = cells.reshape(-1, 2, 2, 2)
    difference: Floats = _apply(formula, tables.sum(axis=3)) - _apply(formula, tables.sum(axis=2))
    return difference


def _ends(draws: Floats, level: float, *, least: float) -> tuple[float, float]:
    """Read an interval off the draws; one where the metric is 0/0 counts as the worst, on either side."""
    undefined, tail = np.isnan(draws), (1 - level) / 2
    worst, best = np.where(undefined, least, draws), np.where(undefined, 1.0, draws)
    ends = float(np.quantile(worst, tail)), float(np.quantile(best, 1 - tail))
    return widened(*ends, draws[~undefined], level)


def widened(low: float, high: float, draws: Floats, level: float) -> tuple[float, float]:
    """Return percentiles of draws (r,), or where a tail holds too few of them what a normal law says, if that is wider.

    A level far out, as a correction or a spent budget asks for, is beyond the draws: their extremes are no quantiles.
    """
    if len(draws) * (1 - level) / 2 >= ENOUGH or not len(draws):
        return low, high
    middle, reach = float(np.mean(draws)), quantile(level) * float(np.std(draws))
    return min(low, middle - reach), max(high, middle + reach)


def _percentiles(value: float, draws: Floats, level: float) -> Difference:
    undefined = np.isnan(draws)
    low, high = _ends(draws, level, least=-1.0)
    beyond = min(np.count_nonzero(undefined | (draws <= 0)), np.count_nonzero(undefined | (draws >= 0)))
    return Difference(
        value=value,
        low=low,
        high=high,
        p_value=min(1.0, 2 * (1 + beyond) / (1 + len(draws))),
        se=math.nan if undefined.all() else float(np.std(draws[~undefined])),
        method=METHOD,
    )
