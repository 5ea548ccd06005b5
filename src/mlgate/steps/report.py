"""Render the records once, and publish: files, job summary, outputs, and the pull request's comment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mlgate.adapters import files, runner
from mlgate.errors import GitHubError, RecordError
from mlgate.records import ComparisonRecord, PromotionRecord, TrainingRecord, ValidationRecord
from mlgate.report import html, markdown, outputs
from mlgate.report.marker import Marker
from mlgate.report.report import Context, ModelRecords, Report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from mlgate.adapters.github import GitHub
    from mlgate.adapters.runner import Runner


@dataclass(frozen=True, kw_only=True)
class Published:
    """Where the report went: `comment` says what became of the pull request's comment."""

    report: Report
    markdown: Path
    html: Path
    comment: str


def publish(around: Runner, folder: Path, *, models: Sequence[str], token: str | None, scope: str = "all") -> Published:
    """Read the records in `folder`, write the report beside them, and tell GitHub.

    `scope` tells the reports of one pull request apart: each keeps a comment of its own. A comment that cannot be
    written is a warning: the report stays in the summary and the files; no verdict changes.
    """
    github = _github(around, token)
    pull, why_not = _pull(around, github) if github else (None, "no comment was asked for, or there is no token")
    report = Report.of(_records(folder, models), _context(around, pull))
    marker = Marker(report=scope)
    text = markdown.comment(report, marker)
    files.write_text(folder / "report.md", text)
    files.write_text(folder / "report.html", html.page(report))
    values = {**outputs.outputs(report), "report-path": str(folder / "report.html")}
    files.write_text(folder / "report.json", values["json"] + "\n")
    runner.write_outputs(around, values)
    runner.write_summary(around, markdown.summary(report))
    posted = _post(around, github, pull, text, marker) if github and pull else why_not
    return Published(report=report, markdown=folder / "report.md", html=folder / "report.html", comment=posted)


def _records(folder: Path, models: Sequence[str]) -> dict[str, ModelRecords]:
    names = list(models) or files.recorded_models(folder)
    found = {
        name: ModelRecords(
            validation=files.find_record(folder, name, ValidationRecord),
            training=files.find_record(folder, name, TrainingRecord),
            comparison=files.find_record(folder, name, ComparisonRecord),
            promotion=files.find_record(folder, name, PromotionRecord),
        )
        for name in names
    }
    if not found:
        raise RecordError(f"there are no records in {folder}", hint="run `mlgate run`, or the steps, first")
    return found


def _context(around: Runner, pull: int | None) -> Context:
    return Context(
        repository=around.repository,
        server_url=around.server_url,
        pull_request=pull,
        head_sha=around.head_sha,
        run_url=around.run_url,
        generated_at=datetime.now(UTC),
    )


def _github(around: Runner, token: str | None) -> GitHub | None:
    if not token or not around.repository:
        return None
    from mlgate.adapters.github import GitHub

    return GitHub(around.api_url, around.repository, token)


def _pull(around: Runner, github: GitHub) -> tuple[int | None, str]:
    """Find the pull request: named by the event, or by GitHub for a workflow_run; never by an artifact."""
    if around.pull_request:
        return around.pull_request, ""
    run = around.event.get("workflow_run") if around.event_name == "workflow_run" else None
    if not isinstance(run, dict):
        return None, f"a {around.event_name or 'local'} run has no pull request to comment on"
    head = run.get("head_repository") or {}
    try:
        return github.pull_of_run(str(head.get("full_name")), str(run.get("head_branch")), str(run.get("head_sha")))
    except GitHubError as error:
        return None, error.message


def _post(around: Runner, github: GitHub, pull: int, text: str, marker: Marker) -> str:
    try:
        return github.upsert_comment(pull, text, marker)
    except GitHubError as error:
        runner.annotate(
            around,
            "warning",
            f"the comment on pull request {pull} was not written: {error.message}. {error.hint}. "
            "The report is in the job summary; the verdict is unchanged.",
        )
        return f"not written: {error.message}"
