"""Made-up predictions of known quality, and the shortest way to a config."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mlgate.config.data import Data
from mlgate.config.model import Evaluate, Gate, Rule
from tests.unit.evaluation.draws import make_binary, make_regression

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.evaluation.paired import Paired


def make_gate(*rules: dict[str, Any], **policy: Any) -> Gate:
    """Make a gate of rules given as keywords."""
    return Gate(rules=tuple(Rule(**rule) for rule in rules), **policy)


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
