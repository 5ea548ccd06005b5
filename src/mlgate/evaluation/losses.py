"""What a row's prediction costs, and the metrics that are means of such losses, or made of two."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.linear import Terms, mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.evaluation.paired import Floats, Scores

    Loss = Callable[..., Floats]

EPS = float(np.finfo(np.float64).eps)
PAIRED_T = "paired t interval of the row losses"
DELTA = "paired t interval of the squared errors, by the delta method"


def log_losses(scores: Scores) -> Floats:
    """Minus the log of the probability given to the truth, clipped to [eps, 1 - eps] as scikit-learn does."""
    losses: Floats = -np.log(np.clip(_given(scores), EPS, 1 - EPS))
    return losses


def squared_errors(scores: Scores) -> Floats:
    """Square of score minus label, of several classes summed over them: the terms of the Brier score (Brier 1950)."""
    if scores.probabilities is None:
        errors: Floats = (scores.score - scores.label) ** 2
        return errors
    squares: Floats = (scores.probabilities**2).sum(axis=1) - 2 * _given(scores) + 1
    return squares


def absolute_errors(scores: Scores) -> Floats:
    """Distance of score and label."""
    errors: Floats = np.abs(scores.score - scores.label)
    return errors


def relative_errors(scores: Scores) -> Floats:
    """Distance of score and label as a share of the label, which counts as eps where it is 0, as in scikit-learn."""
    errors: Floats = np.abs(scores.score - scores.label) / np.maximum(np.abs(scores.label), EPS)
    return errors


def pinball_losses(scores: Scores, *, quantile: float) -> Floats:
    """Loss of predicting a quantile (Koenker and Bassett 1978, Econometrica 46:33-50)."""
    short = scores.label - scores.score
    losses: Floats = np.maximum(quantile * short, (quantile - 1) * short)
    return losses


def top_k_hits(scores: Scores, *, k: int) -> Floats:
    """1 where the true class is among the k most probable, else 0; of equal ones the later class goes first.

    That is scikit-learn's order, kept so that both agree.
    """
    probabilities = scores.probabilities
    if probabilities is None:
        raise ValueError("top_k_accuracy needs probabilities")
    given = _given(scores)[:, np.newaxis]
    later = np.arange(probabilities.shape[1]) > scores.label_class[:, np.newaxis]
    ahead = (probabilities > given).sum(axis=1) + ((probabilities == given) & later).sum(axis=1)
    hits: Floats = (ahead < k).astype(np.float64)
    return hits


def mean_loss(scores: Scores, *, loss: Loss, **keys: float) -> Terms:
    """Return the mean of the row losses."""
    return mean(loss(scores, **keys), scores)


def rmse(scores: Scores) -> Terms:
    """Return the root of the mean squared error.

    A row contributes its squared error's over 2 RMSE (delta method; van der Vaart 1998, Asymptotic Statistics,
    theorem 3.1), and nothing when every error is 0.
    """
    squares = mean(squared_errors(scores), scores)
    root = math.sqrt(squares.value)
    return Terms(value=root, rows=squares.rows / (2 * root) if root else squares.rows)


def r2(scores: Scores) -> Terms:
    """Return 1 minus the squared errors over the squared distances from the mean label; NaN where no label differs."""
    weight = scores.weights
    label = np.asarray(scores.label, dtype=np.float64)
    distances = (label - np.average(label, weights=weight)) ** 2
    total = float(np.dot(weight, distances))
    # labels that differ only by the rounding of their mean do not differ
    if not total > 0 or label.min() == label.max():
        return Terms(value=math.nan, rows=np.zeros(scores.n))
    errors = squared_errors(scores)
    share = float(np.dot(weight, errors)) / total
    return Terms(value=1 - share, rows=-weight * (errors - share * distances) / total)


log_loss = partial(mean_loss, loss=log_losses)
brier = partial(mean_loss, loss=squared_errors)
mae = partial(mean_loss, loss=absolute_errors)
mape = partial(mean_loss, loss=relative_errors)
pinball_loss = partial(mean_loss, loss=pinball_losses)
top_k_accuracy = partial(mean_loss, loss=top_k_hits)


def _given(scores: Scores) -> Floats:
    """Return the probability given to each row's true class, (n,)."""
    if scores.probabilities is None:
        given: Floats = np.where(scores.truth, scores.score, 1 - scores.score)
        return given
    return np.asarray(scores.probabilities[np.arange(scores.n), scores.label_class])
