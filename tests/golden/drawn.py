"""Figures of made-up predictions, as the comparison makes them of real ones."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from mlgate.config.model import Gate, Rule
from mlgate.evaluation.figures.make import figures
from mlgate.evaluation.paired import Paired
from mlgate.records import Figures, TrainingCurve

CLASSES = ("business", "economy", "first", "premium economy", "standby", "crew", "cargo", "unaccompanied minor")


def _made(paired: Paired, model: str, task: str, metric: str) -> Figures:
    gate = Gate(rules=(Rule(metric=metric, test="no_regression", margin=0.01),))
    return figures(paired, model=model, task=task, gate=gate)


@cache
def binary(model: str, rows: int, *, gap: float = 0.105) -> Figures:
    """Draw scores like those of flights' delays: a quarter is late, and the candidate separates by `gap` more."""
    rng = np.random.default_rng(7)
    late = rng.random(rows) < 0.235
    shared = 0.75 * rng.normal(size=rows)

    def score(separation: float, bias: float) -> Any:
        logit = -1.55 + separation * late + shared + 0.45 * rng.normal(size=rows)
        return 1 / (1 + np.exp(-(logit + bias)))

    paired = Paired(
        keys=np.arange(rows),
        label=late,
        candidate=score(0.67 + gap, 0.0),
        production=score(0.67, 0.15),
        threshold=0.3,
    )
    return _made(paired, model, "binary", "roc_auc")


@cache
def multiclass(model: str, classes: int = 5, *, names: tuple[str, ...] = ()) -> Figures:
    """Draw the probabilities of some classes, the first more frequent."""
    rng = np.random.default_rng(8)
    rows = 8_000
    share = 0.75 ** np.arange(classes)
    label = rng.choice(classes, size=rows, p=share / share.sum()).astype(np.intp)
    shared = 0.9 * rng.normal(size=(rows, classes))

    def probabilities(separation: float) -> Any:
        logits = shared + 0.5 * rng.normal(size=shared.shape)
        logits[np.arange(rows), label] += separation
        odds = np.exp(1.9 * logits)
        return odds / odds.sum(axis=1, keepdims=True)

    ours, theirs = probabilities(2.2), probabilities(1.9)
    paired = Paired(
        keys=np.arange(rows),
        label=label,
        candidate=ours.argmax(axis=1).astype(np.float64),
        production=theirs.argmax(axis=1).astype(np.float64),
        candidate_probabilities=ours,
        production_probabilities=theirs,
        classes=names or tuple(CLASSES[one % 8] + ("" if one < 8 else f" {one}") for one in range(classes)),
    )
    return _made(paired, model, "multiclass", "accuracy")


@cache
def regression(model: str) -> Figures:
    """Draw minutes of delay, with a long tail on one side."""
    rng = np.random.default_rng(9)
    rows = 12_000
    truth = np.maximum(rng.gamma(1.6, 16, size=rows) - 14, -20)
    shared = truth * 0.55 + 5 + 6 * rng.normal(size=rows)
    ours, theirs = 0.2 * truth + 3 * rng.normal(size=rows), 0.05 * truth + 5 * rng.normal(size=rows)
    paired = Paired(keys=np.arange(rows), label=truth, candidate=shared + ours, production=shared + theirs)
    return _made(paired, model, "regression", "rmse")


@cache
def ranking(model: str) -> Figures:
    """Draw the relevance of five offers to each of a thousand queries."""
    rng = np.random.default_rng(10)
    rows = 5_000
    label = rng.choice(3, size=rows, p=[0.6, 0.3, 0.1]).astype(np.float64)
    shared = label + 0.7 * rng.normal(size=rows)
    query = (np.arange(rows) // 5).astype(np.intp)
    ours, theirs = shared + 0.6 * rng.normal(size=rows), shared + rng.normal(size=rows)
    paired = Paired(keys=np.arange(rows), label=label, candidate=ours, production=theirs, query=query, unit=query)
    return _made(paired, model, "ranking", "ndcg")


def trained(worse: float = 0.0) -> tuple[TrainingCurve, ...]:
    """Draw the losses of a training with boosting: the one on the training data falls on, the other one does not."""
    rng = np.random.default_rng(11)
    rounds = np.arange(0, 200, 2)
    fall = 0.18 * np.exp(-rounds / 35)
    lines = {
        "train_log_loss": 0.49 + worse + fall - 0.0001 * rounds,
        "validation_log_loss": 0.505 + worse + fall + 0.00004 * rounds + 0.0008 * rng.normal(size=len(rounds)),
    }
    return tuple(
        TrainingCurve(
            metric=name,
            points=tuple((int(step), round(float(value), 5)) for step, value in zip(rounds, values, strict=True)),
        )
        for name, values in lines.items()
    )
