"""Make the figures of a comparison, whatever the task."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.figures.bars import edges_of, shares
from mlgate.evaluation.figures.curves import counts, precision_recall, roc
from mlgate.evaluation.figures.groups import calibration, deciles
from mlgate.evaluation.figures.matrix import confusion, grouping
from mlgate.evaluation.figures.written import drawable, number
from mlgate.evaluation.queries import mrr_by_query, ndcg_by_query
from mlgate.records.figures import Figures, ModelFigures

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.config.gate import Gate
    from mlgate.evaluation.paired import Codes, Floats, Paired, Scores


def figures(paired: Paired, *, model: str, task: str, gate: Gate, level: float | None = None) -> Figures:
    """Return what can be shown of both models; what cannot be made, as of one class or no probability, is left out.

    Intervals are at `level`, else at the gate's.
    """
    level = level or gate.confidence_level
    both = (paired.ours,) if paired.theirs is None else (paired.ours, paired.theirs)
    make = {"binary": _binary, "multiclass": _multiclass, "regression": _regression, "ranking": _ranking}[task]
    with np.errstate(all="ignore"):
        shared, found = make(both, gate, level)
    return Figures.model_validate(
        {
            "model": model,
            "task": task,
            "confidence_level": level,
            **shared,
            "candidate": found[0],
            "production": found[1] if len(found) > 1 else None,
        }
    )


Both = tuple["Scores", ...]
Made = tuple[dict[str, object], list[ModelFigures]]


def _binary(both: Both, _gate: Gate, level: float) -> Made:
    first = both[0]
    names, place = grouping(first)
    edges = edges_of(*(one.score for one in both), least=0.0, most=1.0) if _all_drawable(both) else ()
    positives = float(np.dot(first.weights, first.truth) / first.weights.sum())
    shared = {
        "counted": "score",
        "threshold": first.threshold,
        "positives": number(positives),
        "edges": edges,
        "classes": names,
    }
    return shared, [_of_two_classes(one, place, edges, level) for one in both]


def _of_two_classes(scores: Scores, place: Codes, edges: tuple[float, ...], level: float) -> ModelFigures:
    hits, alarms = counts(scores)
    classes = (~scores.truth, scores.truth) if edges else ()
    return ModelFigures(
        roc=roc(hits, alarms),
        precision_recall=precision_recall(hits, alarms),
        calibration=calibration(scores, level),
        bars=tuple(shares(scores.score[rows], scores.weights[rows], edges) for rows in classes),
        confusion=confusion(scores, place),
    )


def _multiclass(both: Both, _gate: Gate, level: float) -> Made:
    names, place = grouping(both[0])
    return {"classes": names}, [
        ModelFigures(
            confusion=confusion(one, place),
            calibration=calibration(one, level) if one.probabilities is not None else (),
        )
        for one in both
    ]


def _regression(both: Both, _gate: Gate, _level: float) -> Made:
    errors = [one.score - np.asarray(one.label, dtype=np.float64) for one in both]
    if not (_all_drawable(both) and drawable(*errors)):
        return {}, [ModelFigures() for _ in both]
    edges = edges_of(*errors)
    return {"counted": "error", "edges": edges}, [
        ModelFigures(bars=(shares(error, one.weights, edges),), deciles=deciles(one))
        for error, one in zip(errors, both, strict=True)
    ]


def _ranking(both: Both, gate: Gate, _level: float) -> Made:
    name, by_query = _by_query(gate)
    values = [by_query(one) for one in both]
    if not drawable(*values):
        return {}, [ModelFigures() for _ in both]
    edges = edges_of(*values, least=0.0, most=1.0)
    return {"counted": name, "edges": edges}, [
        ModelFigures(bars=(shares(one, np.ones(len(one)), edges),)) for one in values
    ]


def _by_query(gate: Gate) -> tuple[str, Callable[[Scores], Floats]]:
    """Return the gate's first metric of a ranking, by its name, as a number a query."""
    for rule in gate.every_rule:
        if rule.metric == "mrr":
            return "mrr", mrr_by_query
        if rule.metric == "ndcg":
            return (f"ndcg at {rule.k}" if rule.k else "ndcg"), partial(ndcg_by_query, k=rule.k)
    return "ndcg", ndcg_by_query


def _all_drawable(both: Both) -> bool:
    return drawable(*(one.score for one in both))
