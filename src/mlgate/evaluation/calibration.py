"""Expected calibration error: how far probabilities are from how often they come true."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.linear import Terms

if TYPE_CHECKING:
    from mlgate.evaluation.paired import Codes, Flags, Floats, Scores

METHOD = "paired interval of the calibration error's contributions, bins of equal width"
BINS = 15


def expected_calibration_error(scores: Scores, *, bins: int = BINS) -> Terms:
    """Return the mean distance, over bins of equal width, of the mean probability from the share that came true.

    Of two classes the probability is the positives', of several that of the most probable class (Naeini, Cooper and
    Hauskrecht 2015, AAAI 29; Guo et al. 2017, ICML 34). A sample's value is too large by what chance adds in every
    bin, for both models about alike; a bound on one model is therefore judged strictly.
    """
    probability, true = answered(scores)
    weight = scores.weights
    total = float(weight.sum())
    place = bins_of(probability, bins)
    away = weight * (true - probability)
    gaps = np.bincount(place, weights=away, minlength=bins) / total
    value = float(np.abs(gaps).sum())
    rows = (np.sign(gaps)[place] * away - weight * value) / total
    return Terms(value=value if math.isfinite(value) else math.nan, rows=rows)


def answered(scores: Scores) -> tuple[Floats, Flags]:
    """Return the probability of each row's answer, (n,), and whether it came true, (n,)."""
    if scores.probabilities is None:
        return scores.score, scores.truth
    return scores.probabilities.max(axis=1), scores.probabilities.argmax(axis=1) == scores.label_class


def bins_of(probability: Floats, bins: int) -> Codes:
    """Return which of the bins of equal width each probability falls into, (n,)."""
    place: Codes = np.minimum((probability * bins).astype(np.intp), bins - 1)
    return place
