"""How often which class is true and predicted, of both models over the same classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.figures.written import number
from mlgate.records.figures import MOST_CLASSES

if TYPE_CHECKING:
    from mlgate.evaluation.paired import Codes, Scores

NAME = 80


def grouping(scores: Scores) -> tuple[tuple[str, ...], Codes]:
    """Return the names of the classes that are shown, and the place of every class among them, (K,).

    The most frequent true classes keep their order; where there are too many, the rest is the last one.
    """
    if not scores.classes:
        return ("negative", "positive"), np.arange(2, dtype=np.intp)
    count = len(scores.classes)
    if count <= MOST_CLASSES:
        return tuple(name[:NAME] for name in scores.classes), np.arange(count, dtype=np.intp)
    sizes = np.bincount(scores.label_class, weights=scores.weights, minlength=count)
    shown = np.sort(np.argsort(-sizes, kind="stable")[: MOST_CLASSES - 1])
    place = np.full(count, MOST_CLASSES - 1, dtype=np.intp)
    place[shown] = np.arange(len(shown))
    return (*(scores.classes[one][:NAME] for one in shown), f"{count - len(shown):,} others"), place


def confusion(scores: Scores, place: Codes) -> tuple[tuple[float, ...], ...]:
    """Add up the weights by true (rows) and predicted class (columns), classes grouped by `place` (K,)."""
    size = int(place.max()) + 1
    cells = place[scores.label_class] * size + place[scores.predicted_class]
    counts = np.bincount(cells, weights=scores.weights, minlength=size * size).reshape(size, size)
    return tuple(tuple(number(count, 12) for count in row) for row in counts)
