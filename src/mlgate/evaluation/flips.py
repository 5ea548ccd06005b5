"""Flips: rows on which exactly one of the two models is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.decisions import share
from mlgate.evaluation.wording import shown
from mlgate.records import FlippedRow, Flips, Interval

if TYPE_CHECKING:
    from mlgate.evaluation.paired import Flags, Paired, Scores

EXAMPLES = 10


def flips(paired: Paired, *, level: float = 0.95, show_rows: bool = False) -> Flips | None:
    """Count the rows that exactly one of the two models predicts right; None without production or classes.

    `broken` over n is the negative flip rate (Yan et al. 2021, arXiv 2011.09161), with the exact interval of Clopper
    and Pearson 1934, or with that of contributions where rows weigh or come in clusters. The first of the broken rows
    are named by their keys, with `show_rows` also by their scores.
    """
    ours, theirs = paired.ours, paired.theirs
    if theirs is None or not paired.decides:
        return None
    fixed, broken = ours.right & ~theirs.right, theirs.right & ~ours.right
    rates = [share(rows, ours, level) for rows in (fixed, broken)]
    return Flips(
        fixed=int(np.count_nonzero(fixed)),
        broken=int(np.count_nonzero(broken)),
        n=paired.n,
        fixed_interval=Interval(low=rates[0].low, high=rates[0].high),
        broken_interval=Interval(low=rates[1].low, high=rates[1].high),
        examples=tuple(_rows(paired, ours, theirs, broken, show_rows=show_rows)),
    )


def _rows(paired: Paired, ours: Scores, theirs: Scores, broken: Flags, *, show_rows: bool) -> list[FlippedRow]:
    found = []
    for row in np.flatnonzero(broken)[:EXAMPLES]:
        key = shown(np.asarray(paired.keys)[row : row + 1].tolist()[0])
        if not show_rows:
            found.append(FlippedRow(key=key))
            continue
        label, mine, other = (_answer(paired, value[row]) for value in (paired.label, ours.score, theirs.score))
        found.append(FlippedRow(key=key, label=label, candidate=mine, production=other))
    return found


def _answer(paired: Paired, value: float) -> str:
    return paired.classes[int(value)] if paired.classes else f"{float(value):.4g}"
