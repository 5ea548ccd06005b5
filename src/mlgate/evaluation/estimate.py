"""What a method answers: an estimate or a difference, with the interval that decides."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Self

from scipy.special import ndtri

POWER = 0.8


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A metric's value on the held-out rows and its two-sided interval; NaN where undefined."""

    value: float
    low: float
    high: float

    @property
    def bounded(self) -> bool:
        """Whether value and interval are finite."""
        return all(map(math.isfinite, (self.value, self.low, self.high)))

    def clipped(self, least: float, most: float) -> Self:
        """Keep the interval inside the values that the metric can take; NaN stays NaN."""
        low, high = (end if math.isnan(end) else min(max(end, least), most) for end in (self.low, self.high))
        return replace(self, low=low, high=high)


@dataclass(frozen=True, kw_only=True)
class Difference(Estimate):
    """Candidate against production on the same rows.

    `se` is the standard error that the minimum detectable effect is made of; `identical` says that the two
    models do not differ on any row, so that the interval is a point and nothing was estimated.
    """

    p_value: float
    se: float
    method: str
    identical: bool = False

    @classmethod
    def none(cls, method: str) -> Self:
        """No row differs: difference 0, interval [0, 0], p 1."""
        return cls(value=0.0, low=0.0, high=0.0, p_value=1.0, se=0.0, method=method, identical=True)

    def reversed(self) -> Self:
        """Turn the sign, for metrics of which less is better."""
        return replace(self, value=0.0 - self.value, low=0.0 - self.high, high=0.0 - self.low)

    def minimum_detectable(self, level: float) -> float | None:
        """Smallest true difference that such rows would show in 4 cases of 5; None where no error was estimated.

        (z_{1-alpha/2} + z_{0.8}) * SE, two-sided at `level` (Cohen 1988, section 2.4).
        """
        if self.identical or not (math.isfinite(self.se) and self.se > 0):
            return None
        return (quantile(level) + float(ndtri(POWER))) * self.se


def quantile(level: float) -> float:
    """Return z such that a standard normal lies within +-z with probability `level`."""
    return float(ndtri(0.5 + level / 2))
