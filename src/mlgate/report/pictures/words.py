"""Words of pictures: what is said of candidate and production, and quartiles read from bars."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def both(candidate: str | None, production: str | None = None) -> str:
    """Say something of the candidate, and of production where there is one."""
    said = (("candidate", candidate), ("production", production))
    return ", ".join(f"{who} {what}" for who, what in said if what is not None)


def quartiles(edges: Sequence[float], bars: Sequence[float]) -> tuple[float, float, float]:
    """Read the quartiles of what was counted, each inside of its bin as if it were filled evenly."""
    total = sum(bars) or 1.0
    reached = list(accumulate((bar / total for bar in bars), initial=0.0))

    def at(share: float) -> float:
        place = next((one for one in range(len(bars)) if reached[one + 1] >= share), len(bars) - 1)
        inside = (share - reached[place]) * total / bars[place] if bars[place] else 0.0
        return edges[place] + min(max(inside, 0.0), 1.0) * (edges[place + 1] - edges[place])

    return at(0.25), at(0.5), at(0.75)
