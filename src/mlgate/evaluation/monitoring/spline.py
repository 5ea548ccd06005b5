"""Restricted cubic splines: curves with few bends that are straight beyond their ends (Harrell 2015, section 2.4.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing import Self

    from mlgate.evaluation.paired import Floats

KNOTS = (0.05, 0.275, 0.5, 0.725, 0.95)  # quantiles; Harrell's choice for five


@dataclass(frozen=True, eq=False)
class Spline:
    """The columns of a curve: 1, the value, and one for each knot but two, each less its mean, over its spread."""

    knots: Floats
    mean: Floats
    spread: Floats

    @classmethod
    def through(cls, values: Floats) -> Self:
        """Choose the knots by the values (n,): fewer, or none, where values repeat."""
        knots = np.unique(np.quantile(values, KNOTS))
        columns = _columns(values, knots)
        spread = columns.std(axis=0)
        return cls(knots, columns.mean(axis=0), np.where(spread > 0, spread, 1.0))

    def __call__(self, values: Floats) -> Floats:
        """Return the columns at values (n,): (n, 1 + number of bends)."""
        columns = (_columns(values, self.knots) - self.mean) / self.spread
        return np.column_stack([np.ones(len(values)), columns])


def _columns(values: Floats, knots: Floats) -> Floats:
    if len(knots) < 3:
        return values[:, None]
    last, before = knots[-1], knots[-2]
    scale = (last - knots[0]) ** 2

    def cube(knot: float) -> Floats:
        found: Floats = np.clip(values - knot, 0, None) ** 3
        return found

    bends = [
        (cube(knot) - cube(before) * (last - knot) / (last - before) + cube(last) * (before - knot) / (last - before))
        / scale
        for knot in knots[:-2]
    ]
    return np.column_stack([values, *bends])
