"""What did not hold is said beside the line that asks for it, in the words of the findings."""

from __future__ import annotations

from typing import Any

import pytest

from mlgate.adapters.runner import Runner
from mlgate.report.annotations import failures, first
from mlgate.report.model_records import ModelRecords
from mlgate.report.report import ModelReport, Report
from mlgate.steps.check import MOST, annotate
from mlgate.verdict import Finding, Outcome, Place, Verdict

ACTIONS = Runner(on_actions=True, event_name="pull_request")
LOOSE = "on_inconclusive: warn"


def findings(count: int, place: Place | None = None, *, judged: bool = True) -> tuple[Finding, ...]:
    """Make findings that fail, the last with an error."""
    outcomes = [Outcome.FAIL] * (count - 1) + [Outcome.ERROR]
    return tuple(
        Finding(rule=f"rule {index}", outcome=outcome, reason="r", sentence="too low", judged=judged, place=place)
        for index, outcome in enumerate(outcomes)
    )


def report(cases: dict[str, Any], found: tuple[Finding, ...]) -> Report:
    """Make the report of a model whose data has these findings."""
    record = cases["BROKEN"].model_copy(update={"findings": found, "verdict": Verdict.of(found, empty="nothing")})
    return Report.of({"churn": ModelRecords(validation=record)}, cases["CONTEXT"])


def of(cases: dict[str, Any], story: str) -> tuple[ModelReport, ...]:
    """Read a golden case."""
    return Report.of(cases["CASES"][story], cases["CONTEXT"]).models


def test_every_rule_that_failed_is_told_worst_first(cases: dict[str, Any]) -> None:
    """With the model and the rule as the title, and the finding's sentence."""
    found = failures(report(cases, findings(3, Place(path="schema.yaml", line=4))).models)
    assert [one.title for one in found] == ["churn: rule 2", "churn: rule 0", "churn: rule 1"]
    assert {(one.level, one.message, one.place) for one in found} == {
        ("error", "Too low.", Place(path="schema.yaml", line=4))
    }


@pytest.mark.parametrize("story", ["passed", "promoted", "first-model", "nothing"])
def test_what_passed_is_not_told(cases: dict[str, Any], story: str) -> None:
    """Neither are findings that never judge."""
    assert failures(of(cases, story)) == ()
    assert failures(report(cases, (*findings(2, judged=False),)).models)[1:] == ()


@pytest.mark.parametrize(
    ("story", "title"),
    [
        ("training-crashed", "flight-delay: training"),
        ("not-promoted", "flight-delay: evidence"),
        ("error", "flight-delay: candidate predictions"),
    ],
)
def test_a_verdict_that_no_finding_explains_is_told_itself(cases: dict[str, Any], story: str, title: str) -> None:
    """Without a line, since no rule is broken."""
    (one,) = failures(of(cases, story))
    assert (one.level, one.title, one.place) == ("error", title, None)


def test_what_was_let_through_is_a_warning(cases: dict[str, Any]) -> None:
    """Under on_inconclusive: warn the verdict passes, and its open rules do not look like failures."""
    passed = Verdict(outcome=Outcome.PASS, decided_by=LOOSE, sentence="let through")
    records = ModelRecords(comparison=cases["compared"](cases["UNSURE"], passed))
    found = failures(Report.of({"churn": records}, cases["CONTEXT"]).models)
    assert {one.level for one in found} == {"warning"}


@pytest.mark.parametrize(
    "place",
    [
        Place(path="../../etc/passwd", line=1), Place(path="/etc/passwd", line=1), Place(path="", line=1),
        Place(path="a\n::error::b", line=1), Place(path="a.yaml", line=0), Place(path="a.yaml", line=10**9),
        Place(path="a/" * 400, line=1),
    ],
)  # fmt: skip
def test_a_place_that_no_repository_has_is_left_out(cases: dict[str, Any], place: Place) -> None:
    """Records of a fork may say anything."""
    (one,) = failures(report(cases, findings(1, place)).models)
    assert one.place is None


def test_a_step_writes_no_more_than_github_shows(cases: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """The worst come first, and the last one says how many there are beside."""
    annotate(ACTIONS, report(cases, findings(40, Place(path="schema.yaml", line=4))))
    written = capsys.readouterr().out.splitlines()
    assert len(written) == MOST
    assert written[0] == "::error file=schema.yaml,line=4,title=churn%3A rule 39::Too low."
    assert written[-1] == (
        "::error file=schema.yaml,line=4,title=32 more::32 more rules did not hold; the report lists them."
    )


def test_as_many_as_are_shown_need_no_more() -> None:
    """The last one is then a rule, too."""
    assert first((), 3) == ()


@pytest.mark.parametrize("around", [Runner(), Runner(on_actions=True, event_name="workflow_run")])
def test_neither_a_laptop_nor_a_second_workflow_says_it(
    cases: dict[str, Any], capsys: pytest.CaptureFixture[str], around: Runner
) -> None:
    """The terminal has said it; and the run that a workflow_run is about has, on the commit that it is about."""
    annotate(around, report(cases, findings(2)))
    written = capsys.readouterr()
    assert written.out + written.err == ""
