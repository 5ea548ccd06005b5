"""Hints: the slices on which the candidate looks worst, searched for and never judged.

Every other column of the held-out rows is cut into at most 20 parts, numbers at their quartiles. A part is shown where
the candidate's losses are larger than production's, and that by more than on the other rows. The p values of all parts
together are corrected (Benjamini and Hochberg 1995), so that what is shown is mostly there; that it was found by
searching is the reason why it is a hint. A part of nearly all rows says nothing that the rules do not say, and is not
searched: that choice looks at no loss, so that the correction holds. Of what is sure, the part comes first that loses
most in sum, beyond what as many of the other rows lose.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import stdtr
from scipy.stats import false_discovery_control

from mlgate.evaluation.linear import sums
from mlgate.evaluation.losses import squared_errors
from mlgate.evaluation.wording import shown
from mlgate.records import Hint

if TYPE_CHECKING:
    from mlgate.config.data import RowColumns
    from mlgate.evaluation.beside import Beside
    from mlgate.evaluation.paired import Codes, Floats, Paired, Scores

COLUMNS, PARTS, SHOWN, FEWEST = 30, 20, 3, 30
MOST = 0.9  # of the rows
QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True, kw_only=True)
class _Found:
    name: str
    n: int
    gain: float
    excess: float
    p_value: float


def hints(paired: Paired, beside: Beside, data: RowColumns, *, level: float) -> tuple[Hint, ...]:
    """Return up to 3 slices on which the candidate loses against production, the costliest beside the rest first."""
    if paired.theirs is None or beside.columns is None or paired.query is not None:
        return ()
    loss, of = (_wrong, "error rate") if paired.decides else (squared_errors, "mean squared error")
    gain = loss(paired.theirs) - loss(paired.ours)
    weight = paired.ours.weights
    searched = [name for name in beside.columns.columns if name not in data.about_rows][:COLUMNS]
    found = [one for name in searched for one in _search(beside.columns.get_column(name), gain, weight, paired.unit)]
    if not found:
        return ()
    adjusted = false_discovery_control([one.p_value for one in found])
    sure = [(p, one) for p, one in zip(adjusted, found, strict=True) if p < 1 - level and one.gain < 0]
    sure.sort(key=lambda pair: (-pair[1].excess, pair[0], pair[1].name))
    return tuple(
        Hint(name=one.name, n=one.n, loss=of, gain=one.gain, p_value=float(p), searched=len(found))
        for p, one in sure[:SHOWN]
    )


def _wrong(scores: Scores) -> Floats:
    return (~scores.right).astype(np.float64)


def _search(values: pl.Series, gains: Floats, weight: Floats, unit: Codes | None) -> list[_Found]:
    """Compare the gain in each part of a column with that elsewhere: one-sided tests that it is smaller."""
    parts = _parts(values)
    if parts is None:
        return []
    codes, names = parts
    measure = _Sums.of(codes, gains, weight, unit)
    rows = np.bincount(codes, minlength=len(names))
    found = []
    for number, name in enumerate(names):
        measured = measure.part(number) if rows[number] <= MOST * len(codes) else None
        if measured is not None:
            gain, rest, p_value = measured
            excess = (rest - gain) * int(rows[number])
            found.append(_Found(name=name, n=int(rows[number]), gain=gain, excess=excess, p_value=p_value))
    return found


@dataclass(frozen=True, kw_only=True, eq=False)
class _Sums:
    """Weight and weighted gain of every unit in every part that it has rows in, (p,), and of the unit as a whole."""

    part_of: Codes
    weight: Floats
    gain: Floats
    whole_weight: Floats
    whole_gain: Floats
    moments: tuple[float, float, float, float, float]

    @classmethod
    def of(cls, codes: Codes, gain: Floats, weight: Floats, unit: Codes | None) -> _Sums:
        gained = weight * gain
        if unit is None:
            return cls(
                part_of=codes, weight=weight, gain=gained, whole_weight=weight, whole_gain=gained,
                moments=_moments(weight, gained),
            )  # fmt: skip
        units = np.unique(unit, return_inverse=True)[1].reshape(-1)
        count = int(units.max()) + 1
        pairs, place = np.unique(codes.astype(np.int64) * count + units, return_inverse=True)
        place = place.reshape(-1)
        of_weight, of_gain = sums(units, weight), sums(units, gained)
        return cls(
            part_of=pairs // count,
            weight=sums(place, weight),
            gain=sums(place, gained),
            whole_weight=of_weight[pairs % count],
            whole_gain=of_gain[pairs % count],
            moments=_moments(of_weight, of_gain),
        )

    @cached_property
    def _places(self) -> list[Codes]:
        """Where the units of each part are, without looking at all of them once a part."""
        order = np.argsort(self.part_of.astype(np.uint8), kind="stable")
        return np.split(order, np.cumsum(np.bincount(self.part_of))[:-1])

    def part(self, number: int) -> tuple[float, float, float] | None:
        """Return the mean gain in a part, that elsewhere, and p that it is no loss, or no larger one than elsewhere.

        Both have to be refuted, so the larger p counts. None where there are too few units.
        """
        here = self._places[number]
        units = len(here)
        all_weight, all_gain, squares, products, gains = self.moments
        weight, gain = self.weight[here], self.gain[here]
        inside, outside = float(weight.sum()), all_weight - float(weight.sum())
        if units < FEWEST or not outside > 0:
            return None
        mean, rest = float(gain.sum()) / inside, (all_gain - float(gain.sum())) / outside
        whole_weight, whole_gain = self.whole_weight[here], self.whole_gain[here]
        elsewhere = ((whole_gain - gain) - rest * (whole_weight - weight)) / outside
        own = (gain - mean * weight) / inside
        mixed = own - elsewhere
        # units without a row here contribute to the rest alone: all units' sums less those of the units here
        alone = gains - 2 * rest * products + rest**2 * squares - float(((whole_gain - rest * whole_weight) ** 2).sum())
        against_rest = float(np.dot(mixed, mixed)) + max(alone, 0.0) / outside**2
        against_zero = float(np.dot(own, own))
        if not (against_rest > 0 and against_zero > 0):
            return None
        steps = (mean - rest) / math.sqrt(against_rest), mean / math.sqrt(against_zero)
        return mean, rest, float(stdtr(units - 1, max(steps)))


def _moments(weight: Floats, gain: Floats) -> tuple[float, float, float, float, float]:
    squares, products, gains = (float(np.dot(*pair)) for pair in ((weight, weight), (weight, gain), (gain, gain)))
    return float(weight.sum()), float(gain.sum()), squares, products, gains


def _parts(values: pl.Series) -> tuple[Codes, list[str]] | None:
    """Return the part that each row is in, (n,), and the parts' names; None where there is one only, or too many."""
    if values.dtype.is_nested() or values.dtype in {pl.Object, pl.Binary}:
        return None
    distinct = values.n_unique()
    if distinct > PARTS and values.dtype.is_numeric():
        return _quartiles(values)
    if not 2 <= distinct <= PARTS:
        return None
    codes = values.rank("dense").fill_null(0).cast(pl.Int64).to_numpy().astype(np.intp)
    seen, first = np.unique(codes, return_index=True)
    names = [f"{values.name}={shown(values[int(row)])}" for row in first]
    return np.searchsorted(seen, codes), names


def _quartiles(values: pl.Series) -> tuple[Codes, list[str]] | None:
    numbers = values.cast(pl.Float64).to_numpy()
    finite = numbers[np.isfinite(numbers)]
    if len(finite) < FEWEST:
        return None
    edges = np.unique(np.quantile(finite, QUARTILES))
    missing = np.isnan(numbers)
    codes = np.where(missing, len(edges) + 1, np.searchsorted(edges, np.where(missing, 0, numbers), side="right"))
    ends = [f"{edge:.4g}" for edge in edges]
    names = [f"{values.name} below {ends[0]}"]
    names += [f"{values.name} {low} to {high}" for low, high in pairwise(ends)]
    names.append(f"{values.name} from {ends[-1]}")
    return codes.astype(np.intp), [*names, f"{values.name} missing"] if missing.any() else names
