"""The budget of the held-out rows: what counts as one use, and what each is left."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from mlgate.config.gate import Gate
from mlgate.evaluation.holdout import exhausted, level, predictions_digest, rows_digest, used
from mlgate.verdict import Outcome
from tests.unit.evaluation.draws import draw


def gate(**holdout: Any) -> Gate:
    """Make a gate with a budget."""
    budget = {"max_uses": 32, **holdout} if holdout.pop("budget", True) else None
    return Gate.model_validate({"rules": [{"metric": "accuracy", "test": "superiority"}], "holdout": budget})


@pytest.mark.parametrize(("adaptivity", "z"), [("none", 2.955), ("first_change", 2.955), ("full", 6.68)])
def test_each_use_is_left_its_share(adaptivity: str, z: float) -> None:
    """32 uses at a one-sided 5 % ask for z = 2.955 each, or 6.68 where every answer is used."""
    holdout = gate(adaptivity=adaptivity).holdout
    assert holdout is not None
    assert norm.ppf(0.5 + level(holdout, 0.90) / 2) == pytest.approx(z, abs=0.005)


def test_the_same_predictions_are_the_same_use() -> None:
    """What is digested are keys and labels, and apart from these the candidate's predictions, to the last bit."""
    rows = draw("binary", np.random.default_rng(1))
    other = replace(rows, candidate=rows.candidate + 1e-16 * (rows.candidate > 0.5))
    assert rows_digest(rows) == rows_digest(replace(rows, production=None, candidate=rows.candidate[::-1]))
    assert rows_digest(rows) != rows_digest(replace(rows, label=np.logical_not(rows.label)))
    assert rows_digest(rows) != rows_digest(replace(rows, keys=rows.keys + 1))
    assert predictions_digest(rows) == predictions_digest(replace(rows, candidate=rows.candidate.copy()))
    assert predictions_digest(rows) != predictions_digest(other)


@pytest.mark.parametrize(
    ("use", "retired", "how", "reason"),
    [
        (1, False, {}, None),
        (32, False, {}, None),
        (33, False, {}, "holdout_exhausted"),
        (2, True, {}, "holdout_retired"),
        (2, True, {"adaptivity": "full"}, None),
        (33, False, {"on_exhausted": "warn"}, "holdout_exhausted"),
    ],
)
def test_a_budget_ends(*, use: int, retired: bool, how: dict[str, Any], reason: str | None) -> None:
    """After so many uses, or with the first candidate that passed; a warning does not judge."""
    policy = gate(**how)
    assert policy.holdout is not None
    found = exhausted(policy.holdout, used(policy, "d", use, retired=retired))
    assert (found.reason if found else None) == reason
    if found:
        assert found.judged == ("on_exhausted" not in how)
        assert found.outcome is (Outcome.FAIL if found.judged else Outcome.INCONCLUSIVE)
        assert "hold out other rows" in found.sentence


def test_without_a_budget_uses_are_counted() -> None:
    """At the gate's own level."""
    use = used(gate(budget=False), "d", 7, retired=True)
    assert (use.use, use.max_uses, use.confidence_level, use.retired) == (7, None, 0.95, False)
