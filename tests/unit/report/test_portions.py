"""A stranger's records are judged whole, and shown in portions."""

from __future__ import annotations

from typing import Any

from mlgate.report.check import MOST_CLAIMED, checks
from mlgate.report.model_records import ModelRecords
from mlgate.report.portions import FEW, NAMES, RULES
from mlgate.report.report import Report
from mlgate.verdict import Outcome


def flood(cases: dict[str, Any], rules: int) -> ModelRecords:
    """Fill records with thousands of everything; one rule of the last fails under a verdict that says PASS."""
    passing, failing = cases["WORSE"]
    trained = cases["TRAINED"].model_copy(update={"params": {f"p{number}": "1" for number in range(5 * NAMES)}})
    results = (*[passing] * rules, failing)
    comparison = cases["compared"](results, cases["passed"]("all hold")).model_copy(
        update={"slices": cases["SLICED"].slices * rules}
    )
    return ModelRecords(training=trained, production_training=trained, comparison=comparison)


def claimed(cases: dict[str, Any], records: dict[str, ModelRecords]) -> Report:
    """Report on what a stranger's run left."""
    return Report.of(records, cases["CONTEXT"].model_copy(update={"trusted": False}))


def test_a_failed_rule_is_found_among_thousands(cases: dict[str, Any]) -> None:
    """The verdict is held against all of them, and the worst one stands first in what is kept."""
    model: Any = claimed(cases, {"m": flood(cases, 5000)}).models[0]
    assert model.verdict.outcome is Outcome.ERROR
    assert model.results[0].finding.outcome is Outcome.FAIL


def test_what_is_shown_has_an_end(cases: dict[str, Any]) -> None:
    """Parameters, rules and slices: as many as somebody may read."""
    model: Any = claimed(cases, {"m": flood(cases, 5000)}).models[0]
    records = model.records
    assert len(records.training.params) == len(records.production_training.params) == NAMES
    assert len(records.comparison.results) == RULES
    assert max(len(part.results) for part in records.comparison.slices) <= FEW
    assert any(one.finding.outcome is Outcome.FAIL for part in records.comparison.slices for one in part.results)


def test_our_own_records_are_shown_whole(cases: dict[str, Any]) -> None:
    """A planner leaves out what does not fit, and says so."""
    model: Any = Report.of({"m": flood(cases, 1000)}, cases["CONTEXT"]).models[0]
    assert len(model.records.comparison.results) == 1001


def test_a_stranger_asks_for_few_check_runs(cases: dict[str, Any]) -> None:
    """Each takes requests, of which a repository has a thousand an hour."""
    records = {f"m{number}": cases["CASES"]["failed"][cases["MODEL"]] for number in range(3 * MOST_CLAIMED)}
    assert len(checks(claimed(cases, records), "b" * 40)) == MOST_CLAIMED
    assert len(checks(Report.of(records, cases["CONTEXT"]), "b" * 40)) == 3 * MOST_CLAIMED
