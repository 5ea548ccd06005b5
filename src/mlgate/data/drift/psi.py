"""The population stability index (PSI), and how large it is when nothing moved."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy.special import chdtri

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Stability:
    """PSI of two samples; `noise` is its mean and `limit` its quantile when both come from one distribution."""

    psi: float
    noise: float
    limit: float

    @property
    def debiased(self) -> float:
        """PSI less what chance adds to it, at least 0."""
        return max(self.psi - self.noise, 0.0)


def stability(reference: Sequence[int], current: Sequence[int], *, level: float) -> Stability:
    """Compare counts in the same bins; both samples must hold at least one row.

    PSI = sum over bins of (q - p) ln(q / p). For two samples of one distribution, of n and m rows, it is distributed
    as (1/n + 1/m) chi-squared with B - 1 degrees of freedom (Yurdakul and Naranjo, 2020, Statistical properties of
    the population stability index). Bins empty in both samples do not count towards B. A share is taken as no finer
    than half a row of the smaller sample: a bin that one sample is too small to see is no shift.
    """
    n, m = sum(reference), sum(current)
    least = 0.5 / min(n, m)
    pairs = [
        (max(before / n, least), max(after / m, least))
        for before, after in zip(reference, current, strict=True)
        if before or after
    ]
    scale, freedom = 1 / n + 1 / m, len(pairs) - 1
    return Stability(
        psi=math.fsum((after - before) * math.log(after / before) for before, after in pairs),
        noise=scale * freedom,
        limit=scale * float(chdtri(freedom, 1 - level)) if freedom else 0.0,
    )
