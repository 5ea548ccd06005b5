"""Bootstrap of the confusion cells: precision and F1 of two models on the same rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mlgate.evaluation.estimate import Difference

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.evaluation.paired import Floats, Scores

    Ratio = Callable[[Floats, Floats, Floats], Floats]

RESAMPLES = 10_000
METHOD = f"bootstrap of the confusion cells, {RESAMPLES:,} resamples"
# cells are numbered label, ours, theirs as binary digits: on these four exactly one model says positive
DISCORDANT = [0b001, 0b010, 0b101, 0b110]


def compare_precision(ours: Scores, theirs: Scores, level: float, seed: int) -> Difference:
    """Compare TP / (TP + FP)."""
    return _compare(ours, theirs, level, seed, ratio=lambda hits, positives, _: hits / positives)


def compare_f1(ours: Scores, theirs: Scores, level: float, seed: int) -> Difference:
    """Compare 2 TP / (TP + FP + TP + FN)."""
    return _compare(ours, theirs, level, seed, ratio=lambda hits, positives, actual: 2 * hits / (positives + actual))


def _compare(ours: Scores, theirs: Scores, level: float, seed: int, *, ratio: Ratio) -> Difference:
    """Resample the eight joint cells, which has the same law as resampling rows (Efron 1979), and take percentiles.

    One row is added to each discordant cell, as Bonett and Price 2012 (J. Educ. Behav. Stat. 37:479-488) do for
    paired proportions: without it, models that disagree on few rows get an interval without width.
    """
    number = 4 * ours.truth + 2 * ours.positive + theirs.positive
    cells = np.bincount(number, minlength=8).astype(np.float64)
    value = float(_differences(cells[np.newaxis], ratio)[0])
    cells[DISCORDANT] += 1
    # NumPy takes no negative seed
    generator = np.random.default_rng(seed % 2**64)
    draws = generator.multinomial(ours.n, cells / cells.sum(), size=RESAMPLES)
    return _percentiles(value, _differences(draws.astype(np.float64), ratio), level)


def _differences(cells: npt.NDArray[np.float64], ratio: Ratio) -> Floats:
    """Return the metric's difference (k,) of cell counts (k, 8), NaN where it is 0/0 for either model."""
    table = cells.reshape(-1, 2, 2, 2)
    actual = table[:, 1].sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        ours = ratio(table[:, 1, 1].sum(axis=1), table[:, :, 1].sum(axis=(1, 2)), actual)
        theirs = ratio(table[:, 1, :, 1].sum(axis=1), table[:, :, :, 1].sum(axis=(1, 2)), actual)
    difference: Floats = ours - theirs
    return difference


def _percentiles(value: float, draws: Floats, level: float) -> Difference:
    """Read the interval off the draws; a draw where the metric is 0/0 counts as the worst, on either side."""
    undefined = np.isnan(draws)
    worst, best = np.where(undefined, -1.0, draws), np.where(undefined, 1.0, draws)
    tail = (1 - level) / 2
    beyond = min(np.count_nonzero(worst <= 0), np.count_nonzero(best >= 0))
    return Difference(
        value=value,
        low=float(np.quantile(worst, tail)),
        high=float(np.quantile(best, 1 - tail)),
        p_value=min(1.0, 2 * (1 + beyond) / (1 + len(draws))),
        se=math.nan if undefined.all() else float(np.std(draws[~undefined])),
        method=METHOD,
    )
