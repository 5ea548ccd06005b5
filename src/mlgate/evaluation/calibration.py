"""Expected calibration error: how far probabilities are from how often they come true."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.linear import Terms

if TYPE_CHECKING:
    from mlgate.evaluation.paired import Scores

METHOD = "paired interval of the calibration error's contributions, bins of equal width"
BINS = 15


def expected_calibration_error(scores: Scores, *, bins: int = BINS) -> Terms:
    """Return the mean distance, over bins of equal width, of the mean probability from the share that came true.

    Of two classes the probability is the positives', of several that of the most probable class (Naeini, Cooper and
    Hauskrecht 2015, AAAI 29; Guo et al. 2017, ICML 34). A sample's value is too large by what chance adds in every
    bin, for both models about alike; a bound on one model is therefore judged strictly.
    """
    if scores.probabilities is None:
        probability, true = scores.score, scores.truth
    else:
        probability = scores.probabilities.max(axis=1)
        true = scores.probabilities.argmax(axis=1) == scores.label_class
    weight = scores.weights
    total = float(weight.sum())
    place = np.minimum((probability * bins).astype(np.intp), bins - 1)
    away = weight * (true - probability)
    gaps = np.bincount(place, weights=away, minlength=bins) / total
    value = float(np.abs(gaps).sum())
    rows = (np.sign(gaps)[place] * away - weight * value) / total
    return Terms(value=value if math.isfinite(value) else math.nan, rows=rows)
