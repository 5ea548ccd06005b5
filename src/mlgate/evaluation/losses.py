"""Metrics that are means over rows, and RMSE, the root of one: t intervals."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtr, stdtrit

from mlgate.evaluation.estimate import Difference, Estimate

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.evaluation.paired import Floats, Scores

    Loss = Callable[[Scores], Floats]

PAIRED_T = "paired t interval of the row losses"
DELTA = "paired t interval of the squared errors, by the delta method"


def log_losses(scores: Scores) -> Floats:
    """Minus the log of the probability given to the truth, clipped to [eps, 1 - eps] as scikit-learn does."""
    eps = np.finfo(np.float64).eps
    given: Floats = np.where(scores.truth, scores.score, 1 - scores.score)
    losses: Floats = -np.log(np.clip(given, eps, 1 - eps))
    return losses


def squared_errors(scores: Scores) -> Floats:
    """Square of score minus label; for a binary label these are the terms of the Brier score."""
    errors: Floats = (scores.score - scores.label) ** 2
    return errors


def absolute_errors(scores: Scores) -> Floats:
    """Distance of score and label."""
    errors: Floats = np.abs(scores.score - scores.label)
    return errors


def mean_loss(scores: Scores, level: float, *, loss: Loss) -> Estimate:
    """Return the mean of the row losses with its t interval (Student 1908)."""
    value, se = _mean(loss(scores))
    reach = _reach(se, scores.n, level)
    return Estimate(value=value, low=value - reach, high=value + reach)


def compare_mean_loss(ours: Scores, theirs: Scores, level: float, _seed: int, *, loss: Loss) -> Difference:
    """Compare two means by the differences within rows."""
    return _paired_t(loss(ours) - loss(theirs), level, method=PAIRED_T)


def rmse(scores: Scores, level: float) -> Estimate:
    """Return the root of the mean squared error.

    Its standard error is that of the mean squared error divided by 2 RMSE (delta method; van der Vaart 1998,
    Asymptotic Statistics, theorem 3.1), and 0 when every error is 0.
    """
    mean, se = _mean(squared_errors(scores))
    value = math.sqrt(mean)
    reach = _reach(se / (2 * value) if value else se, scores.n, level)
    return Estimate(value=value, low=value - reach, high=value + reach)


def compare_rmse(ours: Scores, theirs: Scores, level: float, _seed: int) -> Difference:
    """Compare two roots by the delta method: a row's influence on RMSE is its squared error over 2 RMSE."""
    squares = squared_errors(ours), squared_errors(theirs)
    roots = [math.sqrt(float(square.mean())) for square in squares]
    influences = [square / (2 * root) if root else square for square, root in zip(squares, roots, strict=True)]
    spread = _paired_t(influences[0] - influences[1], level, method=DELTA)
    if np.array_equal(*squares):
        return Difference.none(DELTA)
    value = roots[0] - roots[1]
    reach = _reach(spread.se, ours.n, level)
    return Difference(
        value=value,
        low=value - reach,
        high=value + reach,
        p_value=_p(value, spread.se, ours.n),
        se=spread.se,
        method=DELTA,
    )


log_loss = partial(mean_loss, loss=log_losses)
brier = partial(mean_loss, loss=squared_errors)
mae = partial(mean_loss, loss=absolute_errors)
compare_log_loss = partial(compare_mean_loss, loss=log_losses)
compare_brier = partial(compare_mean_loss, loss=squared_errors)
compare_mae = partial(compare_mean_loss, loss=absolute_errors)


def _paired_t(differences: Floats, level: float, *, method: str) -> Difference:
    if not differences.any():
        return Difference.none(method)
    value, se = _mean(differences)
    n = len(differences)
    reach = _reach(se, n, level)
    return Difference(
        value=value, low=value - reach, high=value + reach, p_value=_p(value, se, n), se=se, method=method
    )


def _mean(values: Floats) -> tuple[float, float]:
    n = len(values)
    return float(values.mean()), float(values.std(ddof=1)) / math.sqrt(n) if n > 1 else math.nan


def _reach(se: float, n: int, level: float) -> float:
    return float(stdtrit(n - 1, 0.5 + level / 2)) * se


def _p(value: float, se: float, n: int) -> float:
    if se == 0:
        return 1.0 if value == 0 else 0.0
    return 2 * float(stdtr(n - 1, -abs(value / se)))
