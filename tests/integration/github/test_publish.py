"""The whole way of a report: records in a folder, comment on GitHub, summary, page; also when a stranger wrote them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from github.PullRequest import PullRequest

from mlgate.adapters import files
from mlgate.errors import RecordError
from mlgate.records import ComparisonRecord, MetricResult, ValidationRecord
from mlgate.report.model_records import ModelRecords
from mlgate.verdict import Finding, Outcome, Verdict
from tests.bed.emulate import Server
from tests.golden import cases
from tests.integration.github.conftest import Job

PASSED = cases.CASES["passed"]
FAILED = cases.CASES["failed"]
STORIES = {"passed": PASSED, "failed": FAILED}


def body(pull: PullRequest) -> str:
    """Read the one comment."""
    (comment,) = pull.get_issue_comments()
    return comment.body


def opened(pull: PullRequest, **more: Any) -> dict[str, Any]:
    """The event of a pull request."""
    return {"pull_request": {"number": pull.number, "head": {"sha": pull.head.sha}, **more}}


def from_fork(head: str, branch: str) -> dict[str, Any]:
    """The event of the second workflow, about a run of a fork's pull request."""
    repository = {"full_name": "outsider/flight-delay"}
    return {"workflow_run": {"head_repository": repository, "head_branch": branch, "head_sha": head}}


@pytest.fixture
def stranger(server: Server, tmp_path: Path) -> Callable[[str], tuple[Job, PullRequest]]:
    """Open a fork's pull request, and be the second workflow that reports it."""

    def make(branch: str) -> tuple[Job, PullRequest]:
        number, head = server.open_pull_from_fork(branch)
        pull = server.person().get_repo("acme/flight-delay").get_pull(number)
        return Job(tmp_path, server, "workflow_run", from_fork(head, branch)), pull

    return make


@pytest.mark.parametrize(
    ("mode", "stories", "said"),
    [
        ("always", ["passed"], "**PASS**"),
        ("on-failure", ["passed"], None),
        ("on-failure", ["failed"], "**FAIL**"),
        ("on-failure", ["failed", "passed"], "**PASS**"),
        ("off", ["failed"], None),
    ],
)
def test_modes(server: Server, tmp_path: Path, mode: Any, stories: list[str], said: str | None) -> None:
    """Whatever the mode, summary and page are written, and a problem that is gone does not stay in the comment."""
    pull = server.open_pull()
    for story in stories:
        job = Job(tmp_path, server, event=opened(pull))
        job.leave(STORIES[story])
        job.report(comment=mode)
    found = [comment.body for comment in pull.get_issue_comments()]
    assert [said in text for text in found if said] == ([True] if said else [])
    assert bool(found) == bool(said)
    assert stories[-1].upper()[:4] in (tmp_path / "summary").read_text(encoding="utf-8")


def test_off_leaves_a_comment_as_it_is(server: Server, tmp_path: Path) -> None:
    """Switched off is switched off: what is there was written before that."""
    pull = server.open_pull()
    job = Job(tmp_path, server, event=opened(pull))
    job.leave(FAILED)
    job.report()
    job.leave(PASSED)
    assert "switched off" in job.report(comment="off").comment
    assert "**FAIL**" in body(pull)


def test_a_pull_request_that_is_closed_says_so(server: Server, tmp_path: Path) -> None:
    """Its numbers stay, and nobody waits for a promotion; one that never had a comment gets none."""
    pull = server.open_pull()
    job = Job(tmp_path, server, event=opened(pull))
    job.leave(FAILED)
    job.report()
    closed = Job(tmp_path / "closed", server, event={"action": "closed", **opened(pull, merged=False)})
    closed.report()
    assert "**Closed** without merging: nothing was promoted" in body(pull)
    assert "0.691" in body(pull)
    quiet = server.open_pull()
    Job(tmp_path / "quiet", server, event={"action": "closed", **opened(quiet, merged=False)}).report()
    assert list(quiet.get_issue_comments()) == []


def test_a_stranger_s_report_says_that_it_is_a_claim(stranger: Callable[[str], tuple[Job, PullRequest]]) -> None:
    """Numbers and verdict are shown; what they are worth, too; and no link of the records."""
    job, pull = stranger("honest")
    job.leave(PASSED)
    job.report()
    assert "**PASS** · `flight-delay`" in body(pull)
    assert "nobody checked it" in body(pull)
    assert "mlflow.acme.example" not in body(pull)


@pytest.mark.parametrize("story", ["promoted", "rolled-back", "merged-and-promoted", "policy-approved"])
def test_a_stranger_tells_of_no_promotion(stranger: Callable[[str], tuple[Job, PullRequest]], story: str) -> None:
    """Nor of a label that approved its policy."""
    job, pull = stranger(story)
    job.leave(
        {**cases.CASES[story], "other": ModelRecords(validation=cases.VALID.model_copy(update={"model": "other"}))}
    )
    job.report()
    for word in ("promoted", "rolled back", "Approved"):
        assert word not in body(pull).replace("It promotes nothing", "")


def forged_comparison(record: ComparisonRecord) -> ComparisonRecord:
    """Say PASS over rules that failed."""
    return record.model_copy(update={"verdict": cases.passed("all 3 rules hold")})


def unjudged(finding: Finding) -> Finding:
    """Let a rule only be shown."""
    return finding.model_copy(update={"judged": False})


def forged_validation(record: ValidationRecord) -> ValidationRecord:
    """Say PASS over rows that break the schema."""
    return record.model_copy(update={"verdict": cases.passed("no rule is broken")})


APPROVED = Verdict(outcome=Outcome.PASS, decided_by="every rule", sentence="Approved by the maintainers")


def approved(*results: MetricResult) -> ModelRecords:
    """Say PASS in words of one's own, over these results."""
    return ModelRecords(comparison=cases.compared(results).model_copy(update={"verdict": APPROVED}))


@pytest.mark.parametrize(
    "records",
    [
        approved(),
        approved(*(one.model_copy(update={"finding": unjudged(one.finding)}) for one in cases.BETTER)),
        approved(*cases.UNSURE),
        ModelRecords(training=cases.CRASHED.model_copy(update={"verdict": APPROVED})),
        ModelRecords(comparison=forged_comparison(cases.compared(cases.WORSE))),
        ModelRecords(validation=forged_validation(cases.BROKEN), comparison=cases.compared(cases.BETTER)),
    ],
    ids=["no-rule", "no-judge", "unclear", "no-candidate", "comparison", "validation"],
)
def test_a_verdict_that_its_findings_contradict_is_no_verdict(
    stranger: Callable[[str], tuple[Job, PullRequest]], records: ModelRecords, request: pytest.FixtureRequest
) -> None:
    """Edited by hand: ERROR, and why."""
    job, pull = stranger(f"forged-{request.node.callspec.id}")
    job.leave({cases.MODEL: records})
    job.report()
    assert "**ERROR**" in body(pull)
    assert "the records were not written by mlgate" in body(pull)


def test_a_pass_is_told_in_our_words(stranger: Callable[[str], tuple[Job, PullRequest]]) -> None:
    """Whatever sentence the record and its only rule bring along."""
    job, pull = stranger("own-words")
    rule = cases.BETTER[0]
    finding = rule.finding.model_copy(update={"sentence": APPROVED.sentence})
    job.leave({cases.MODEL: approved(rule.model_copy(update={"finding": finding}))})
    job.report()
    alert = body(pull).partition("\n\n")[0]
    assert "**PASS**" in alert
    assert "The one rule holds." in alert
    assert "maintainers" not in alert


def test_an_older_run_does_not_write_over_a_newer_head(
    server: Server, stranger: Callable[[str], tuple[Job, PullRequest]]
) -> None:
    """The pull request has moved on since the run began: the newer run reports."""
    job, pull = stranger("moved")
    job.leave(PASSED)
    stale = Job(job.folder, server, "workflow_run", from_fork("0" * 40, "moved"))
    assert "no longer" in stale.report().comment
    assert list(pull.get_issue_comments()) == []


def link_to_records(folder: Path) -> None:
    """A model's folder that leads out of the artifact."""
    (folder.parent / "elsewhere").mkdir()
    files.write_record(folder.parent / "elsewhere", cases.VALID)
    folder.mkdir()
    (folder / cases.MODEL).symlink_to(folder.parent / "elsewhere" / cases.MODEL)


def link_to_a_file(folder: Path) -> None:
    """A record that is a file of the runner's."""
    (folder / cases.MODEL).mkdir(parents=True)
    (folder / cases.MODEL / "validation.json").symlink_to("/proc/self/environ")


def huge_record(folder: Path) -> None:
    """A record of 17 MiB of nothing."""
    (folder / cases.MODEL).mkdir(parents=True)
    with (folder / cases.MODEL / "validation.json").open("wb") as file:
        file.truncate(17 * 1024 * 1024)


def flood(folder: Path) -> None:
    """More models than anybody has."""
    for number in range(1001):
        (folder / str(number)).mkdir(parents=True)
        (folder / str(number) / "validation.json").touch()


def deep_record(folder: Path) -> None:
    """A record that is nested deeper than a reader can follow."""
    (folder / cases.MODEL).mkdir(parents=True)
    (folder / cases.MODEL / "validation.json").write_text("[" * 1_000_000)


def moment_without_a_zone(folder: Path) -> None:
    """A time that cannot be compared with another one."""
    record = cases.compared(cases.BETTER).model_dump(mode="json")
    (folder / cases.MODEL).mkdir(parents=True)
    record["production_created_at"] = "0001-01-01T00:00:00"
    (folder / cases.MODEL / "comparison.json").write_text(json.dumps(record), encoding="utf-8")


def other_model(folder: Path) -> None:
    """A record that lies in another model's folder."""
    files.write_record(folder, cases.VALID)
    (folder / cases.MODEL).rename(folder / "production")


@pytest.mark.parametrize(
    "spoil",
    [link_to_records, link_to_a_file, huge_record, flood, deep_record, moment_without_a_zone, other_model],
)
def test_an_artifact_that_is_no_folder_of_records_is_refused(
    stranger: Callable[[str], tuple[Job, PullRequest]], spoil: Callable[[Path], None]
) -> None:
    """With what is wrong, before anything is written."""
    job, pull = stranger(spoil.__name__.replace("_", "-"))
    spoil(job.records)
    with pytest.raises(RecordError):
        job.report()
    assert list(pull.get_issue_comments()) == []
