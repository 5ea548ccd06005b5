"""How far two samples are apart, by their counts in the same bins: an effect size each, and a p value where one exists.

The p values are told, and decide nothing: with a million rows every difference is significant.
"""

from __future__ import annotations

import math
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from scipy.special import chdtrc, kolmogorov

if TYPE_CHECKING:
    from collections.abc import Sequence

NARROW = 1e-9  # of the range between the outermost edges: an interquartile range that is none
SD_OF_IQR = 1.3489795003921634  # interquartile range of the standard normal law


def jensen_shannon(reference: Sequence[int], current: Sequence[int]) -> float:
    """Return the Jensen-Shannon distance with base 2: 0 for the same shares, 1 for no bin in common (Lin 1991)."""
    halves = []
    for before, after in _shares(reference, current):
        middle = (before + after) / 2
        halves += [share * math.log2(share / middle) for share in (before, after) if share]
    return math.sqrt(max(math.fsum(halves) / 2, 0.0))


def kolmogorov_smirnov(reference: Sequence[int], current: Sequence[int]) -> tuple[float, float]:
    """Return the largest difference of the cumulative shares at the edges of ordered bins, and its p value.

    Between edges the difference can be larger: the statistic is a lower bound, and the p value, of the asymptotic law
    for continuous values, an upper one.
    """
    n, m = sum(reference), sum(current)
    apart = max(
        (abs(before / n - after / m) for before, after in zip(accumulate(reference), accumulate(current), strict=True)),
        default=0.0,
    )
    return apart, float(kolmogorov(apart * math.sqrt(n * m / (n + m))))


def chi_squared(reference: Sequence[int], current: Sequence[int]) -> tuple[float, float]:
    """Return Cramér's V of the table (sample, bin), and the p value of Pearson's test of homogeneity."""
    n, m = sum(reference), sum(current)
    bins = [(before, after) for before, after in zip(reference, current, strict=True) if before or after]
    statistic = math.fsum(
        (before * math.sqrt(m / n) - after * math.sqrt(n / m)) ** 2 / (before + after) for before, after in bins
    )
    freedom = len(bins) - 1
    return math.sqrt(statistic / (n + m)), float(chdtrc(freedom, statistic)) if freedom else 1.0


def wasserstein(reference: Sequence[int], current: Sequence[int], edges: Sequence[float]) -> float | None:
    """Return the Wasserstein distance within the outermost edges, in standard deviations of the reference.

    It is the area between the two cumulative shares, taken as straight between edges; the open outer bins, where one
    wild value could stand for any distance, are left out. The standard deviation is that of a normal law with the
    reference's interquartile range. None where that range is 0, as where one value fills the middle half.
    """
    n, m = sum(reference), sum(current)
    if not n or not m or len(edges) < 3:
        return None
    before = [total / n for total in accumulate(reference[: len(edges)])]
    after = [total / m for total in accumulate(current[: len(edges)])]
    spread = (_quantile(before, edges, 0.75) - _quantile(before, edges, 0.25)) / SD_OF_IQR
    if not spread > NARROW * (edges[-1] - edges[0]):
        return None
    gaps = [one - other for one, other in zip(before, after, strict=True)]
    areas = [
        _area(left, right) * (high - low)
        for (left, right), (low, high) in zip(pairwise(gaps), pairwise(edges), strict=True)
    ]
    return math.fsum(areas) / spread


def _shares(reference: Sequence[int], current: Sequence[int]) -> list[tuple[float, float]]:
    n, m = sum(reference), sum(current)
    return [(before / n, after / m) for before, after in zip(reference, current, strict=True)]


def _quantile(shares: Sequence[float], edges: Sequence[float], level: float) -> float:
    """Return where cumulative shares, straight between edges, reach a level."""
    if level <= shares[0]:
        return edges[0]
    for (low, high), (left, right) in zip(pairwise(shares), pairwise(edges), strict=True):
        if level <= high:
            return left + (right - left) * (level - low) / (high - low)
    return edges[-1]


def _area(left: float, right: float) -> float:
    """Return the mean of the absolute value of a straight line from `left` to `right`."""
    if left * right >= 0:
        return abs(left + right) / 2
    return (left * left + right * right) / (2 * (abs(left) + abs(right)))
