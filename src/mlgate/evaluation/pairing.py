"""Pairing: held-out rows and predictions joined by key, or the one finding that says why they cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.classes import codes, in_order, matrix, probability_columns
from mlgate.evaluation.paired import Paired
from mlgate.evaluation.predictions import SCORE, align
from mlgate.evaluation.truth import check_size, read_truth
from mlgate.verdict import Finding

if TYPE_CHECKING:
    import polars as pl

    from mlgate.config.data import RowColumns
    from mlgate.config.model import Evaluate
    from mlgate.evaluation.paired import Codes


def pair(
    held_out: pl.DataFrame,
    candidate: pl.DataFrame,
    production: pl.DataFrame | None,
    *,
    data: RowColumns,
    evaluate: Evaluate,
) -> Paired | Finding:
    """Join truth and predictions by `data.key`, never by order.

    `held_out` has at least the columns that `data` names; each predictions frame has `data.key` and what `align`
    reads. Broken rows come back as an ERROR; too few rows as INCONCLUSIVE, and only when nothing is broken, so
    that a broken prediction never hides behind a small set. Raises nothing for any content of the frames.
    """
    truth = read_truth(held_out, data=data, evaluate=evaluate)
    if isinstance(truth, Finding):
        return truth
    ours = align(candidate, truth, data=data, task=evaluate.task, model="candidate")
    if isinstance(ours, Finding):
        return ours
    theirs = None if production is None else align(production, truth, data=data, task=evaluate.task, model="production")
    if isinstance(theirs, Finding):
        return theirs
    small = check_size(truth, data=data, evaluate=evaluate)
    if small:
        return small
    return _arrays(truth, ours, theirs, evaluate)


def _arrays(truth: pl.DataFrame, ours: pl.DataFrame, theirs: pl.DataFrame | None, evaluate: Evaluate) -> Paired:
    frames = [frame for frame in (ours, theirs) if frame is not None]
    classes: tuple[str, ...] = ()
    label = truth.get_column("label").to_numpy()
    if evaluate.task == "multiclass":
        names = [truth.get_column("label"), *(frame.get_column(SCORE) for frame in frames)]
        known = {name for frame in frames for name in probability_columns(frame)}
        classes = in_order(known.union(*(set(series.unique().to_list()) for series in names)))
        label = codes(truth.get_column("label"), classes).astype(np.intp)
    scores = [
        codes(frame.get_column(SCORE), classes) if classes else frame.get_column(SCORE).to_numpy() for frame in frames
    ]
    probabilities = [matrix(frame, classes) if classes else None for frame in frames]
    query = _numbers(truth, "query")
    return Paired(
        keys=truth.get_column("key").to_numpy(),
        label=label,
        candidate=scores[0],
        production=scores[1] if theirs is not None else None,
        threshold=evaluate.threshold,
        classes=classes,
        candidate_probabilities=probabilities[0],
        production_probabilities=probabilities[1] if theirs is not None else None,
        weight=truth.get_column("weight").to_numpy() if "weight" in truth.columns else None,
        unit=query if "unit" not in truth.columns else _numbers(truth, "unit"),
        query=query,
    )


def _numbers(truth: pl.DataFrame, name: str) -> Codes | None:
    return truth.get_column(name).to_numpy().astype(np.intp) if name in truth.columns else None


__all__ = ["Paired", "pair"]
