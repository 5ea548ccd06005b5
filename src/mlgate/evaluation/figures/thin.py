"""Thin a line to few points that keep its shape."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from mlgate.evaluation.paired import Codes, Floats

CLOSE = 5e-4  # less than a pixel of a picture whose sides are 1


def thin(x: Floats, y: Floats, most: int) -> Codes:
    """Return which points of a line (n,) to keep, at most `most`, both ends among them.

    The point that is farthest from the line so far is added until none is farther than CLOSE (Ramer 1972, Computer
    Graphics and Image Processing 1:244-256; Douglas and Peucker 1973), the worst stretch first.
    """
    last = len(x) - 1
    kept = {0, last}
    heap: list[tuple[float, int, int, int]] = []

    def look(first: int, end: int) -> None:
        if end - first > 1:
            away = _distance(x[first : end + 1], y[first : end + 1])
            farthest = int(np.argmax(away))
            if away[farthest] > CLOSE:
                heappush(heap, (-float(away[farthest]), first, first + farthest, end))

    look(0, last)
    while heap and len(kept) < most:
        _, first, middle, end = heappop(heap)
        kept.add(middle)
        look(first, middle)
        look(middle, end)
    return np.array(sorted(kept), dtype=np.intp)


def _distance(x: Floats, y: Floats) -> Floats:
    """Return how far each point is from the straight line between the ends, (n,); from the end where both are one."""
    across, up = x - x[0], y - y[0]
    length = float(np.hypot(across[-1], up[-1]))
    away: Floats = np.abs(across[-1] * up - up[-1] * across) / length if length else np.hypot(across, up)
    return away
