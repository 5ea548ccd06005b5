"""Hints: the slices on which the candidate looks worst, searched for and never judged.

Every other column of the held-out rows is cut into at most 20 parts, numbers at their quartiles, and the rows' losses
are compared in each. The p values of all parts together are corrected (Benjamini and Hochberg 1995), so that what is
shown is mostly there; that it was found by searching is the reason why it is a hint.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import stdtr
from scipy.stats import false_discovery_control

from mlgate.evaluation.losses import squared_errors
from mlgate.evaluation.wording import shown
from mlgate.records import Hint

if TYPE_CHECKING:
    from mlgate.config.model import RowColumns
    from mlgate.evaluation.beside import Beside
    from mlgate.evaluation.paired import Codes, Floats, Paired, Scores

COLUMNS, PARTS, SHOWN, FEWEST = 30, 20, 3, 30
QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True, kw_only=True)
class _Found:
    name: str
    n: int
    gain: float
    p_value: float


def hints(paired: Paired, beside: Beside, data: RowColumns, *, level: float) -> tuple[Hint, ...]:
    """Return up to 3 slices on which the candidate loses against production, the surest first."""
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
    sure.sort(key=lambda pair: (pair[0], pair[1].gain, pair[1].name))
    return tuple(
        Hint(name=one.name, n=one.n, loss=of, gain=one.gain, p_value=float(p), searched=len(found))
        for p, one in sure[:SHOWN]
    )


def _wrong(scores: Scores) -> Floats:
    return (~scores.right).astype(np.float64)


def _search(values: pl.Series, gain: Floats, weight: Floats, unit: Codes | None) -> list[_Found]:
    """Compare the losses in each part of a column: one-sided t tests that the candidate's are larger."""
    parts = _parts(values)
    if parts is None:
        return []
    codes, names = parts
    rows = np.bincount(codes, minlength=len(names))
    total = np.bincount(codes, weights=weight, minlength=len(names))
    mean = np.bincount(codes, weights=weight * gain, minlength=len(names)) / np.maximum(total, 1e-300)
    terms = weight * (gain - mean[codes]) / np.maximum(total, 1e-300)[codes]
    size, squares = rows, np.bincount(codes, weights=terms**2, minlength=len(names))
    if unit is not None:
        pairs, place = np.unique(codes.astype(np.int64) * (int(unit.max()) + 1) + unit, return_inverse=True)
        sums = np.bincount(place.reshape(-1), weights=terms)
        part = pairs // (int(unit.max()) + 1)
        size = np.bincount(part, minlength=len(names))
        squares = np.bincount(part, weights=sums**2, minlength=len(names))
    found = []
    for number, name in enumerate(names):
        if size[number] < FEWEST or not squares[number] > 0:
            continue
        se = float(np.sqrt(squares[number] * size[number] / (size[number] - 1)))
        p_value = float(stdtr(size[number] - 1, mean[number] / se))
        found.append(_Found(name=name, n=int(rows[number]), gain=float(mean[number]), p_value=p_value))
    return found


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
    codes = np.searchsorted(edges, np.nan_to_num(numbers, nan=edges[0]), side="right")
    ends = [f"{edge:.4g}" for edge in edges]
    names = [f"{values.name} below {ends[0]}"]
    names += [f"{values.name} {low} to {high}" for low, high in pairwise(ends)]
    return codes, [*names, f"{values.name} from {ends[-1]}"]
