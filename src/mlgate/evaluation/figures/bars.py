"""Histograms of both models over the same bins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.figures.written import number

if TYPE_CHECKING:
    from mlgate.evaluation.paired import Floats

BINS = 30
TAIL = 0.002  # of the rows at either end, which would squeeze all others
TINY = 1e-100  # a range that cannot be cut in bins


def edges_of(*values: Floats, least: float = -np.inf, most: float = np.inf) -> tuple[float, ...]:
    """Return BINS bins of equal width that all but the tails of both models' values fall into.

    `least` and `most` are the ends of what a value can be: bins reach to them where values take up half of the room.
    """
    pooled = np.concatenate(values)
    low, high = (float(end) for end in np.quantile(pooled, [TAIL, 1 - TAIL]))
    if pooled.min() >= least and pooled.max() <= most and high - low >= (most - least) / 2:
        low, high = least, most
    if not high - low > max(1e-6 * max(abs(low), abs(high)), TINY):
        room = 0.5 * max(abs(low), 1e-3)
        low, high = low - room, high + room
    return tuple(number(edge, 12) for edge in np.linspace(low, high, BINS + 1))


def shares(values: Floats, weight: Floats, edges: tuple[float, ...]) -> tuple[float, ...]:
    """Return the share of the weight in each bin; what lies beyond the outer edges is in the outer bins."""
    total = float(weight.sum())
    counts = np.histogram(np.clip(values, edges[0], edges[-1]), bins=edges, weights=weight)[0]
    return tuple(number(count / total) if total > 0 else 0.0 for count in counts)
