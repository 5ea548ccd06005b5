"""What a score means: the share of positives among the reference's rows of such scores.

A logistic regression on a restricted cubic spline of the score: the flexible calibration curve of Van Calster et al.
(2016, J. Clin. Epidemiol. 74:167-176). Isotonic regression, which one might expect, follows the reference so closely
that it promises too much: half a standard error on a thousand rows. Coefficients are drawn from their law, whose
covariance is the sandwich of White (1980, Econometrica 48:817-838), so that what is not known of the curve is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from mlgate.evaluation.monitoring.spline import Spline

if TYPE_CHECKING:
    from mlgate.evaluation.paired import Flags, Floats, Scores

ROWS = 100_000  # of the reference, at most
RIDGE = 1e-3  # keeps the curve finite where scores part the classes
EDGE = 1e-6  # a probability is taken as no nearer to 0 or 1


@dataclass(frozen=True, eq=False)
class Curve:
    """The probability of a class by its score: a spline and its coefficients (c,)."""

    spline: Spline
    weights: Floats
    as_odds: bool

    def __call__(self, scores: Floats) -> Floats:
        """Return the probabilities at scores (n,)."""
        found: Floats = expit(self.spline(_read(scores, as_odds=self.as_odds)) @ self.weights)
        return found


@dataclass(frozen=True, eq=False)
class Calibration:
    """One curve for a binary task, or one a class, whose probabilities are made to add up to 1."""

    curves: tuple[Curve, ...]

    def probabilities(self, scores: Scores) -> Floats:
        """Return the probability of each class, (n, K), for answers whose labels are not looked at."""
        if scores.probabilities is None:
            positive = self.curves[0](scores.score)
            return np.column_stack([1 - positive, positive])
        raw = np.column_stack([curve(scores.probabilities[:, at]) for at, curve in enumerate(self.curves)])
        found: Floats = raw / raw.sum(axis=1, keepdims=True)
        return found


def calibrate(reference: Scores, draws: int, generator: np.random.Generator) -> tuple[Calibration, ...]:
    """Draw so many calibrations from what the reference tells of them; none where its scores are too large for that."""
    rows = np.arange(reference.n)
    if reference.n > ROWS:
        rows = generator.choice(rows, ROWS, replace=False)
    weight = reference.weights[rows]
    if reference.probabilities is None:
        drawn = [_curves(reference.score[rows], reference.truth[rows], weight, draws, generator)]
    else:
        drawn = [
            _curves(answer[rows], reference.label_class[rows] == at, weight, draws, generator)
            for at, answer in enumerate(reference.probabilities.T)
        ]
    return tuple(Calibration(curves) for curves in zip(*drawn, strict=True)) if all(drawn) else ()


def _curves(score: Floats, truth: Flags, weight: Floats, draws: int, generator: np.random.Generator) -> list[Curve]:
    as_odds = bool(score.min() >= 0) and bool(score.max() <= 1)
    read = _read(score, as_odds=as_odds)
    spline = Spline.through(read)
    columns, y = spline(read), truth.astype(np.float64)
    if not np.isfinite(columns).all():
        return []
    best = _fit(columns, y, weight)
    given = expit(columns @ best)
    bread = np.linalg.inv((columns.T * (weight * given * (1 - given))) @ columns + RIDGE * np.eye(len(best)))
    residual = columns * (weight * (y - given))[:, None]
    law = bread @ (residual.T @ residual) @ bread
    coefficients = generator.multivariate_normal(best, law, size=draws, method="eigh")
    return [Curve(spline, one, as_odds) for one in coefficients]


def _fit(columns: Floats, truth: Floats, weight: Floats) -> Floats:
    """Return the coefficients of largest penalised likelihood."""

    def loss(coefficients: Floats) -> tuple[float, Floats]:
        odds = columns @ coefficients
        value = np.dot(weight, np.logaddexp(0, odds) - truth * odds) + RIDGE / 2 * coefficients @ coefficients
        slope = columns.T @ (weight * (expit(odds) - truth)) + RIDGE * coefficients
        return float(value) / total, slope / total

    total = float(weight.sum())
    found: Floats = minimize(loss, np.zeros(columns.shape[1]), jac=True, method="BFGS", options={"gtol": 1e-8}).x
    return found


def _read(scores: Floats, *, as_odds: bool) -> Floats:
    found: Floats = logit(np.clip(scores, EDGE, 1 - EDGE)) if as_odds else scores
    return found
