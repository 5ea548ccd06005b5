"""The population stability index (PSI), and how large it is when nothing moved."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Stability:
    """PSI of two samples; `noise` is its mean and `limit` its quantile when both come from one distribution."""

    psi: float
    noise: float
    limit: float


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
        limit=scale * chi_squared_quantile(level, freedom),
    )


def chi_squared_quantile(level: float, freedom: int) -> float:
    """Return the quantile of a chi-squared distribution, within 1.5 % up to level 0.999; 0 for no degree of freedom.

    Exact for 1 (a squared normal) and 2 (an exponential) degrees. Beyond, by Wilson and Hilferty (1931), The
    distribution of chi-square: the cube root of chi-squared / k is nearly normal.
    """
    if freedom < 1:
        return 0.0
    if freedom == 1:
        return NormalDist().inv_cdf((1 + level) / 2) ** 2
    if freedom == 2:
        return -2 * math.log1p(-level)
    spread = 2 / (9 * freedom)
    return float(freedom * max(1 - spread + NormalDist().inv_cdf(level) * math.sqrt(spread), 0.0) ** 3)
