"""Slices: every part of the rows is held to its rules, and chance gets no more tries than it should."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import recall_score

from mlgate.config.data import RowColumns
from mlgate.config.model import Evaluate, Gate, Rule, Slices
from mlgate.evaluation.judged import Judged, judge
from mlgate.evaluation.paired import Paired
from mlgate.verdict import Outcome

PASS, FAIL, OPEN = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE
COLUMNS = RowColumns(key="id", label="y")


def policy(*rules: dict[str, Any], by: tuple[str, ...] = ("part",), **slices: Any) -> Gate:
    """Make a gate with one rule that always holds, and rules for slices."""
    parts = Slices.model_validate({"by": by, "rules": rules, **slices})
    return Gate(rules=(Rule(metric="accuracy", test="point", margin=1.0),), slices=(parts,))


def held_out(paired: Paired, **columns: Any) -> pl.DataFrame:
    """Lay columns beside the rows, in another order than theirs."""
    frame = pl.DataFrame({"id": paired.keys, "y": paired.label, **columns})
    return frame.sample(fraction=1, shuffle=True, seed=3)


def answer(paired: Paired, rows: pl.DataFrame, gate: Gate, *, production: bool = True) -> Judged:
    """Judge the rows by the gate."""
    ours = pl.DataFrame({"id": paired.keys, "score": paired.candidate})
    theirs = pl.DataFrame({"id": paired.keys, "score": paired.production}) if production else None
    return judge(rows, ours, theirs, data=COLUMNS, evaluate=Evaluate(task="binary"), gate=gate)


@pytest.fixture
def paired(binary: Callable[..., Paired]) -> Paired:
    """A thousand rows, on which the candidate is a little better."""
    return binary(np.random.default_rng(3), n=1000, gap=0.5)


def test_each_slice_is_measured_on_its_own_rows(paired: Paired) -> None:
    """Recall of every slice is scikit-learn's on the slice, whatever the order of the file."""
    part = np.where(np.arange(1000) % 10 < 3, "a", "b")
    judged = answer(paired, held_out(paired, part=part), policy({"metric": "recall", "lower_bound": 0.01}))
    assert [(one.name, one.n) for one in judged.slices] == [("part=b", 700), ("part=a", 300)]
    for one in judged.slices:
        rows = part == one.name[-1]
        expected = recall_score(paired.label[rows], paired.candidate[rows] >= 0.5)
        assert one.results[0].candidate == pytest.approx(expected)
        assert one.results[0].finding.rule == f"recall >= 0.01 on {one.name}"
    assert judged.verdict.outcome is PASS


def test_one_bad_slice_decides(paired: Paired) -> None:
    """A candidate that is better on the whole and broken on a part fails, and the part is named."""
    broken = np.arange(1000) < 150
    candidate = np.where(broken, 1 - paired.candidate, paired.candidate)
    worse = Paired(
        keys=paired.keys, label=paired.label, candidate=candidate, production=paired.production, threshold=0.5
    )
    rows = held_out(worse, part=np.where(broken, "x", "y"))
    judged = answer(worse, rows, policy({"metric": "accuracy", "test": "non_inferiority", "margin": 0.05}))
    assert judged.verdict.outcome is FAIL
    assert judged.verdict.decided_by == "accuracy non_inferiority (margin 0.05) on part=x"


def test_alarms_are_corrected_and_burdens_are_not(paired: Paired) -> None:
    """Of ten slices an alarm's intervals are at 99.5 %; a burden of proof on all of them keeps its 95 %."""
    rows = held_out(paired, part=np.arange(1000) % 10)
    tests = ("non_inferiority", "no_regression")
    proof, alarm = ({"metric": "accuracy", "test": test, "margin": 0.5} for test in tests)
    judged = answer(paired, rows, policy(proof, alarm))
    for one in judged.slices:
        burden, warning = one.results
        assert burden.difference_interval is not None
        assert warning.difference_interval is not None
        assert warning.difference_interval.low < burden.difference_interval.low
        assert warning.finding.sentence.endswith("(interval corrected for 10 slices, Holm)")
        assert "corrected" not in burden.finding.sentence
    single = answer(paired, rows, policy({**alarm, "metric": "accuracy"}, by=("y",), min_rows=2))
    assert "corrected for 2 slices" in single.slices[0].results[0].finding.sentence


def test_alarms_on_equal_models_are_rare(binary: Callable[..., Paired]) -> None:
    """A/A: of 100 pairs of equally good models on ten slices, at most 10 see an alarm (uncorrected about 20)."""
    rng = np.random.default_rng(5)
    alarms = 0
    for _ in range(100):
        rows = binary(rng, n=1000)
        parts = held_out(rows, part=np.arange(1000) % 10)
        judged = answer(rows, parts, policy({"metric": "accuracy", "test": "no_regression"}, min_rows=50))
        alarms += judged.verdict.outcome is FAIL
    assert alarms <= 10


def test_a_small_slice_is_reported_and_not_judged(paired: Paired) -> None:
    """It neither passes nor blocks, and says why."""
    part = np.where(np.arange(1000) < 60, "small", "large")
    judged = answer(paired, held_out(paired, part=part), policy({"metric": "accuracy", "lower_bound": 0.999}))
    large, small = judged.slices
    assert large.results[0].finding.judged
    assert (small.name, small.results[0].finding.judged) == ("part=small", False)
    assert small.results[0].finding.sentence == "60 rows, and slices are judged from 100 (min_rows)"
    only_small = answer(
        paired, held_out(paired, part=np.arange(1000) % 100), policy({"metric": "accuracy", "lower_bound": 0.999})
    )
    assert only_small.verdict.outcome is PASS
    assert len(only_small.slices) == 50


def test_several_columns_make_combinations(paired: Paired) -> None:
    """Nulls are a slice too; names that could deface a report are escaped."""
    a = np.where(np.arange(1000) % 2 == 0, "even", "odd\n")
    b = [None if number < 500 else 1.5 for number in range(1000)]
    judged = answer(
        paired, held_out(paired, a=a, b=b), policy({"metric": "accuracy", "lower_bound": 0.1}, by=("a", "b"))
    )
    assert sorted(one.name for one in judged.slices) == [
        "a='odd\\n', b=1.5",
        "a='odd\\n', b=null",
        "a=even, b=1.5",
        "a=even, b=null",
    ]
    assert {one.n for one in judged.slices} == {250}


def test_before_production_only_bounds_are_judged(paired: Paired) -> None:
    """A first model's slices are held to the bounds."""
    rows = held_out(paired, part=np.arange(1000) % 2)
    rules = {"metric": "accuracy", "lower_bound": 0.1}, {"metric": "accuracy", "test": "superiority"}
    judged = answer(paired, rows, policy(*rules), production=False)
    assert [result.finding.judged for one in judged.slices for result in one.results] == [True, False, True, False]


def test_inconclusive_slices_can_be_let_through(paired: Paired) -> None:
    """As the rules for all rows can, and no other way."""
    rows = held_out(paired, part=np.arange(1000) % 5)
    gate = policy({"metric": "accuracy", "test": "non_inferiority", "margin": 0.0001})
    assert answer(paired, rows, gate).verdict.outcome is OPEN
    first = Gate(rules=(Rule(metric="accuracy", lower_bound=0.1),), slices=gate.slices, on_inconclusive="pass")
    assert answer(paired, rows, first).verdict.outcome is PASS
