"""Made-up predictions of known quality, and the shortest way to a config."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from mlgate.config.model import Data, Evaluate, Gate, Rule
from mlgate.evaluation.paired import Paired

if TYPE_CHECKING:
    from collections.abc import Callable


def make_gate(*rules: dict[str, Any], **policy: Any) -> Gate:
    """Make a gate of rules given as keywords."""
    return Gate(rules=tuple(Rule(**rule) for rule in rules), **policy)


def make_binary(rng: np.random.Generator, *, n: int = 300, gap: float = 0.0, rate: float = 0.3) -> Paired:
    """Draw rows whose two models share most of their error; the candidate separates the classes by `gap` more."""
    label = rng.random(n) < rate
    shared = 0.8 * rng.normal(size=n)

    def score(separation: float) -> np.ndarray[Any, np.dtype[np.float64]]:
        return 1 / (1 + np.exp(1 - label * separation - shared - 0.6 * rng.normal(size=n)))

    return Paired(keys=np.arange(n), label=label, candidate=score(1.5 + gap), production=score(1.5), threshold=0.5)


def make_regression(rng: np.random.Generator, *, n: int = 300, noise: float = 1.0) -> Paired:
    """Draw rows whose two models share half of their error; the candidate's own part is `noise` wide."""
    label = 3 * rng.normal(size=n)
    shared = label + rng.normal(size=n)
    return Paired(
        keys=np.arange(n),
        label=label,
        candidate=shared + noise * rng.normal(size=n),
        production=shared + rng.normal(size=n),
        threshold=0.5,
    )


@pytest.fixture
def gate() -> Callable[..., Gate]:
    """Make a gate: `gate({"metric": "rmse", "test": "superiority"}, seed=1)`."""
    return make_gate


@pytest.fixture
def binary() -> Callable[..., Paired]:
    """Draw paired predictions of a binary task."""
    return make_binary


@pytest.fixture
def regression() -> Callable[..., Paired]:
    """Draw paired predictions of a regression task."""
    return make_regression


@pytest.fixture
def data() -> Data:
    """Rows have a key `id` and a label `y`."""
    return Data(train="train.csv", held_out="test.csv", schema=None, key="id", label="y")


@pytest.fixture
def evaluate() -> Callable[..., Evaluate]:
    """Make the evaluate section; judges from 4 rows on unless told otherwise."""

    def make(task: str = "binary", min_rows: int = 4, threshold: float = 0.5) -> Evaluate:
        return Evaluate.model_validate({"task": task, "min_rows": min_rows, "threshold": threshold})

    return make
