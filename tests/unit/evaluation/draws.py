"""Made-up predictions of known quality for each task, and which metric is for which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from mlgate.config.metrics import KNOWN, NEEDED
from mlgate.evaluation.metrics import METRICS
from mlgate.evaluation.paired import Paired

TASKS = ("binary", "multiclass", "regression", "ranking")
ARGUMENTS: dict[str, object] = {"beta": 2.0, "k": 2, "quantile": 0.8}
# every metric in every task that has it, with the keys that it needs
CASES = [(name, task) for name in METRICS for task in TASKS if task in KNOWN[name].tasks]
Array = npt.NDArray[np.float64]


def keys_of(name: str) -> dict[str, object]:
    """Give the keys that a metric cannot do without."""
    needed = NEEDED.get(name)
    return {needed: ARGUMENTS[needed]} if needed else {}


def make_binary(rng: np.random.Generator, *, n: int = 300, gap: float = 0.0, rate: float = 0.3) -> Paired:
    """Draw rows whose two models share most of their error; the candidate separates the classes by `gap` more."""
    label = rng.random(n) < rate
    shared = 0.8 * rng.normal(size=n)

    def score(separation: float) -> Array:
        return 1 / (1 + np.exp(1 - label * separation - shared - 0.6 * rng.normal(size=n)))

    return Paired(keys=np.arange(n), label=label, candidate=score(1.5 + gap), production=score(1.5), threshold=0.5)


def make_multiclass(rng: np.random.Generator, *, n: int = 300, gap: float = 0.0) -> Paired:
    """Draw rows of three classes; the candidate's score of the true class is `gap` higher."""
    label = rng.choice(3, size=n, p=[0.5, 0.3, 0.2]).astype(np.intp)
    shared = 0.8 * rng.normal(size=(n, 3))

    def probabilities(separation: float) -> Array:
        logits = shared + 0.6 * rng.normal(size=(n, 3))
        logits[np.arange(n), label] += separation
        odds = np.exp(logits)
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    ours, theirs = probabilities(1.2 + gap), probabilities(1.2)
    return Paired(
        keys=np.arange(n),
        label=label,
        candidate=ours.argmax(axis=1).astype(np.float64),
        production=theirs.argmax(axis=1).astype(np.float64),
        candidate_probabilities=ours,
        production_probabilities=theirs,
        classes=("a", "b", "c"),
    )


def make_regression(rng: np.random.Generator, *, n: int = 300, noise: float = 1.0) -> Paired:
    """Draw rows whose two models share half of their error; the candidate's own part is `noise` wide."""
    label = 20 + 3 * rng.normal(size=n)
    shared = label + rng.normal(size=n)
    return Paired(
        keys=np.arange(n),
        label=label,
        candidate=shared + noise * rng.normal(size=n),
        production=shared + rng.normal(size=n),
        threshold=0.5,
    )


def make_ranking(rng: np.random.Generator, *, n: int = 300, noise: float = 1.0) -> Paired:
    """Draw queries of five rows with a relevance of 0, 1 or 2; the candidate's own error is `noise` wide."""
    label = rng.choice(3, size=n, p=[0.6, 0.3, 0.1]).astype(np.float64)
    shared = label + 0.7 * rng.normal(size=n)
    query = (np.arange(n) // 5).astype(np.intp)
    return Paired(
        keys=np.arange(n),
        label=label,
        candidate=shared + noise * rng.normal(size=n),
        production=shared + rng.normal(size=n),
        query=query,
        unit=query,
    )


MAKERS: dict[str, Callable[..., Paired]] = {
    "binary": make_binary,
    "multiclass": make_multiclass,
    "regression": make_regression,
    "ranking": make_ranking,
}
BETTER: dict[str, dict[str, Any]] = {
    "binary": {"gap": 0.3},
    "multiclass": {"gap": 0.3},
    "regression": {"noise": 0.8},
    "ranking": {"noise": 0.7},
}


def draw(task: str, rng: np.random.Generator, **how: Any) -> Paired:
    """Draw rows of a task."""
    return MAKERS[task](rng, **how)


def weighted(paired: Paired, rng: np.random.Generator) -> Paired:
    """Let rows weigh between half and twice as much."""
    return replace(paired, weight=rng.uniform(0.5, 2, size=paired.n))


def clustered(task: str, rng: np.random.Generator, *, clusters: int, size: int = 4, **how: Any) -> Paired:
    """Draw one row a cluster, and repeat it: clusters whose rows are all alike hold no more than one row each."""
    one = draw(task, rng, n=clusters, **how)
    repeated = one.only(np.repeat(np.arange(clusters), size))
    unit = np.repeat(np.arange(clusters), size).astype(np.intp)
    return replace(repeated, keys=np.arange(clusters * size), unit=unit)
