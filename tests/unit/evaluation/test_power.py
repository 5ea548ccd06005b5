"""How many rows a policy needs, against printed sizes and simulation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from mlgate.config.gate import Gate
from mlgate.evaluation.gate import judge
from mlgate.evaluation.hoeffding import labels, of_difference, of_small_difference, of_variable
from mlgate.evaluation.paired import Paired
from mlgate.evaluation.power import Assumed, plan, power_of, rows_needed
from mlgate.verdict import Outcome

# ease.ml/ci's table of sizes for 32 uses (MLSys 2019): tolerance, of one variable and of a difference, and how they
# are asked (none, full), for an error of 0.001 and of 0.0001
TABLE = [
    (1e-3, 0.1, 519, 1455, 2214, 5957), (1e-3, 0.05, 2075, 5818, 8854, 23826),
    (1e-3, 0.025, 8299, 23271, 35414, 95302), (1e-3, 0.01, 51868, 145443, 221333, 595633),
    (1e-4, 0.1, 634, 1570, 2674, 6417), (1e-4, 0.05, 2536, 6279, 10696, 25668),
    (1e-4, 0.025, 10141, 25113, 42782, 102670), (1e-4, 0.01, 63381, 156956, 267385, 641684),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE)
def test_the_sizes_of_ease_ml(row: tuple[float, float, int, int, int, int]) -> None:
    """Every number of the table, to within a label."""
    error, tolerance, one, one_full, two, two_full = row
    none, full = math.log(32) - math.log(error), 32 * math.log(2) - math.log(error)
    assert [of_variable(none, tolerance), of_variable(full, tolerance)] == pytest.approx([one, one_full], abs=1)
    assert [of_difference(none, tolerance), of_difference(full, tolerance)] == pytest.approx([two, two_full], abs=1)


def test_few_disagreements_need_fewer_labels() -> None:
    """With d < 0.1, tolerance 0.01 and error 0.0001, 32 uses need 29 thousand labels, 67 thousand if all are used."""
    none, full = math.log(32) - math.log(1e-4), 32 * math.log(2) - math.log(1e-4)
    assert of_small_difference(none, 0.01, 0.1) == pytest.approx(29_047, rel=1e-3)
    assert of_small_difference(full, 0.01, 0.1) == pytest.approx(67_705, rel=1e-3)


def test_a_condition_asks_for_labels() -> None:
    """N > 0.8 +/- 0.05 at error 0.0001 needs 6,279 labels for 32 uses of which all answers are used."""
    holdout = {"max_uses": 32, "adaptivity": "full"}
    gate = Gate.model_validate({"when": "n > 0.8 +/- 0.05", "confidence_level": 0.9999, "holdout": holdout})
    assert labels(gate) == pytest.approx(6279, abs=1)
    assert labels(Gate.model_validate({"rules": [{"metric": "accuracy", "test": "point"}]})) is None


@pytest.mark.parametrize(
    ("rows", "disagreement", "points"),
    [(200, 0.02, 2.5), (200, 0.1, 5.6), (1000, 0.05, 1.8), (5000, 0.1, 1.11), (50_000, 0.2, 0.50)],
)
def test_what_can_be_detected_is_what_needs_that_many_rows(rows: int, disagreement: float, points: float) -> None:
    """The smallest differences that a one-sided test at 5 % shows in 4 cases of 5 (a table made by simulation)."""
    needed = rows_needed(math.sqrt(disagreement), points / 100, level=0.90)
    assert needed == pytest.approx(rows, rel=0.05)


def rows_of(rng: np.random.Generator, n: int, *, gained: float, lost: float) -> Paired:
    """Draw rows on which exactly one model is right as often as said."""
    label = np.ones(n, dtype=np.bool_)
    kind = rng.choice(3, n, p=[gained, lost, 1 - gained - lost])
    return Paired(
        keys=np.arange(n),
        label=label,
        candidate=np.where(kind == 1, 0.0, 1.0),
        production=np.where(kind == 0, 0.0, 1.0),
    )


@pytest.mark.parametrize("test", ["non_inferiority", "equivalence"])
def test_planned_rows_pass_as_often_as_planned(test: str) -> None:
    """An equally good candidate passes in 4 cases of 5 on the rows that the plan asks for."""
    gate = Gate.model_validate({"rules": [{"metric": "accuracy", "test": test, "margin": 0.05}], "hints": False})
    (planned,) = plan(gate, Assumed(disagreement=0.1)).rules
    assert planned.needed is not None
    rng = np.random.default_rng(1)
    passed = 0
    for _ in range(300):
        (result,) = judge(rows_of(rng, planned.needed, gained=0.05, lost=0.05), gate)
        passed += result.finding.outcome is Outcome.PASS
    assert 0.72 <= passed / 300 <= 0.88
    spread = math.sqrt(0.1)
    assert power_of(spread, 0.05, 0.95, planned.needed, both_sides=test == "equivalence") == pytest.approx(
        0.8, abs=0.01
    )


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"test": "superiority", "min_effect": 0.02}, "no number of rows would do"),
        ({"test": "no_regression"}, "an alarm is not rung by few rows"),
        ({"test": "point"}, "passes an equally good model half of the time"),
        ({"lower_bound": 0.8}, "not known beforehand"),
        ({"metric": "roc_auc", "test": "superiority"}, "give --pilot"),
        ({"metric": "recall", "test": "non_inferiority", "margin": 0.02}, "positive rows"),
        ({"metric": "negative_flip_rate", "upper_bound": 0.06}, "where it is 5.0%"),
    ],
)
def test_what_cannot_be_known_is_said(rule: dict[str, Any], said: str) -> None:
    """In a sentence that says what would help."""
    gate = Gate.model_validate({"rules": [{"metric": "accuracy", **rule}]})
    assert said in plan(gate, Assumed()).rules[0].sentence
