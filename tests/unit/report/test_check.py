"""A check run says what the report says of one model, and never more than GitHub takes."""

from __future__ import annotations

from typing import Any

import pytest

from mlgate.report.check import MOST, Check, checks
from mlgate.report.model_records import ModelRecords
from mlgate.report.report import Report
from mlgate.verdict import Place

COMMIT = "b" * 40
LIMIT = 65_535


def large(cases: dict[str, Any], rules: int) -> Report:
    """Make the report of a model that failed many rules, in words of many bytes each."""
    worse = cases["WORSE"][1]
    finding = worse.finding.model_copy(update={"sentence": "é " * 200, "place": Place(path="mlgate.yaml", line=3)})
    results = [
        worse.model_copy(update={"finding": finding.model_copy(update={"rule": f"rule {number}"})})
        for number in range(rules)
    ]
    records = ModelRecords(comparison=cases["compared"](tuple(results)))
    return Report.of({"churn": records}, cases["CONTEXT"])


def only(report: Report) -> Check:
    """Make the check of the one model."""
    (check,) = checks(report, COMMIT)
    return check


@pytest.mark.parametrize("rules", [1, 30, 300, 5000])
def test_it_fits_whatever_the_records_hold(cases: dict[str, Any], rules: int) -> None:
    """The summary is planned in bytes; annotations are at most 200, and the last says how many more there are."""
    check = only(large(cases, rules))
    assert len(check.summary.encode()) <= LIMIT
    assert len(check.title) <= 200
    assert len(check.annotations) == min(rules, MOST)
    assert (rules <= MOST) == (not check.annotations[-1].title.endswith(" more"))


def test_it_is_about_its_own_model(cases: dict[str, Any]) -> None:
    """Of several models each has its name, verdict and section."""
    report = Report.of(cases["CASES"]["several-models"], cases["CONTEXT"])
    made = {check.name: check for check in checks(report, COMMIT)}
    assert set(made) == {"mlgate / arrival-time", "mlgate / flight-delay", "mlgate / no-show"}
    passing = made["mlgate / arrival-time"]
    assert passing.title == "PASS: the candidate may replace production"
    assert "flight-delay`" not in passing.summary
    assert "<!--" not in passing.summary
    assert (passing.commit, passing.url) == (COMMIT, cases["CONTEXT"].run_url)


def test_models_of_the_same_name_are_told_apart(cases: dict[str, Any]) -> None:
    """By the folder of their records, where a repository has several configurations."""
    context = cases["CONTEXT"].model_copy(update={"project": "eu/fraud"})
    check = only(Report.of(cases["CASES"]["failed"], context))
    assert (check.name, check.key) == ("mlgate / eu/fraud / flight-delay", "mlgate:eu/fraud:flight-delay")


def test_what_has_no_line_is_no_annotation(cases: dict[str, Any]) -> None:
    """GitHub shows annotations in files; title and summary say the rest."""
    check = only(Report.of(cases["CASES"]["training-crashed"], cases["CONTEXT"]))
    assert check.annotations == ()
    assert check.title == "ERROR: the training failed; there is no candidate"


def test_a_claim_is_called_one(cases: dict[str, Any]) -> None:
    """Records of a stranger's run pass nothing; whoever reads the title knows whose word it is."""
    context = cases["CONTEXT"].model_copy(update={"trusted": False})
    check = only(Report.of(cases["CASES"]["passed"], context))
    assert check.claimed
    assert check.title == "PASS, as the pull request's own run claims: the candidate may replace production"
