"""Pairing: held-out rows and predictions joined by key, or the one finding that says why they cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.evaluation.paired import Paired
from mlgate.evaluation.predictions import align
from mlgate.evaluation.truth import check_size, read_truth
from mlgate.verdict import Finding

if TYPE_CHECKING:
    import polars as pl

    from mlgate.config.model import Evaluate, RowColumns


def pair(
    held_out: pl.DataFrame,
    candidate: pl.DataFrame,
    production: pl.DataFrame | None,
    *,
    data: RowColumns,
    evaluate: Evaluate,
) -> Paired | Finding:
    """Join truth and predictions by `data.key`, never by order.

    `held_out` has at least the columns `data.key` and `data.label`; each predictions frame has `data.key` and
    `score`. Broken rows come back as an ERROR; too few rows as INCONCLUSIVE, and only when nothing is broken, so
    that a broken prediction never hides behind a small set. Raises nothing for any content of the frames.
    """
    truth = read_truth(held_out, data=data, evaluate=evaluate)
    if isinstance(truth, Finding):
        return truth
    ours = align(candidate, truth, data=data, model="candidate")
    if isinstance(ours, Finding):
        return ours
    theirs = None if production is None else align(production, truth, data=data, model="production")
    if isinstance(theirs, Finding):
        return theirs
    small = check_size(truth, evaluate=evaluate)
    if small:
        return small
    return Paired(
        keys=truth.get_column("key").to_numpy(),
        label=truth.get_column("label").to_numpy(),
        candidate=ours,
        production=theirs,
        threshold=evaluate.threshold,
    )


__all__ = ["Paired", "pair"]
