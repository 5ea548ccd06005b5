"""Render the records once, and publish: files, job summary, outputs, and the pull request's comment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from mlgate.adapters import files, runner
from mlgate.adapters.github import GitHub, Posted, Resolved
from mlgate.errors import GitHubError, RecordError
from mlgate.records import ComparisonRecord, PromotionRecord, TrainingRecord, ValidationRecord
from mlgate.report import html, markdown, outputs
from mlgate.report.draft import Draft
from mlgate.report.model_records import ModelRecords
from mlgate.report.report import Context, Report
from mlgate.steps.origin import merged_pull

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from mlgate.adapters.runner import Runner
    from mlgate.config.report import CommentMode


@dataclass(frozen=True, kw_only=True)
class Published:
    """Where the report went: `comment` says what became of the pull request's comment."""

    report: Report
    markdown: Path
    html: Path
    comment: str


def publish(  # noqa: PLR0913 (each says what to publish, or where)
    around: Runner, folder: Path, *, models: Sequence[str], whole: bool, token: str | None, mode: CommentMode = "always"
) -> Published:
    """Read the records in `folder` (all of them, or those of `models`), write the report beside them, tell GitHub.

    `whole` when the job was asked for all models: sections of models that are gone are then removed from the comment,
    while a job that was asked for some leaves what other jobs wrote. A comment that cannot be written is a warning:
    the report stays in the summary and the files; no verdict changes.
    """
    github = _github(around, token)
    pull = _pull(around, github)
    report = Report.of(_records(around, folder, models), _context(around, pull.number, _project(around, folder)))
    files.write_text(folder / "report.md", markdown.comment(report))
    files.write_text(folder / "report.html", html.page(report))
    files.write_text(folder / "report.json", outputs.document(report))
    values = {**outputs.outputs(report), "report-path": str(folder / "report.html")}
    runner.write_outputs(around, values)
    runner.write_summary(around, markdown.summary(report))
    draft = Draft(report=report, mode=mode, whole=whole)
    posted = _post(around, github, pull.number, draft) if pull.number else pull.reason
    return Published(report=report, markdown=folder / "report.md", html=folder / "report.html", comment=posted)


def _records(around: Runner, folder: Path, models: Sequence[str]) -> dict[str, ModelRecords]:
    doubt = partial(runner.annotate, around, "warning")
    names = list(models) or files.recorded_models(folder)
    found = {
        name: ModelRecords(
            validation=files.find_record(folder, name, ValidationRecord),
            training=files.find_record(folder, name, TrainingRecord),
            comparison=files.find_record(folder, name, ComparisonRecord),
            promotion=files.find_record(folder, name, PromotionRecord),
            production_training=files.find_record(folder, name, TrainingRecord, "production"),
            figures=files.find_figures(folder, name, doubt),
        )
        for name in names
    }
    if not found:
        raise RecordError(f"there are no records in {folder}", hint="run `mlgate run`, or the steps, first")
    return found


def _project(around: Runner, folder: Path) -> str:
    """Name the folder of the records in the repository: where one has several configurations, each has its own."""
    workspace = around.environment.get("GITHUB_WORKSPACE")
    place = folder.parent
    return place.relative_to(workspace).as_posix().strip(".") if workspace and place.is_relative_to(workspace) else ""


def _context(around: Runner, pull: int | None, project: str) -> Context:
    return Context(
        repository=around.repository,
        project=project,
        server_url=around.server_url,
        pull_request=pull,
        merged=around.event_name == "push" and pull is not None,
        head_sha=around.head_sha,
        run_url=around.run_url,
        links=around.event_name != "workflow_run",
        generated_at=datetime.now(UTC),
    )


def _github(around: Runner, token: str | None) -> GitHub | None:
    if not token or not around.repository:
        return None
    return GitHub(around.api_url, around.repository, token)


def _pull(around: Runner, github: GitHub | None) -> Resolved:
    """Find the pull request: named by the event, or by GitHub for a workflow_run or a push; never by an artifact."""
    if around.pull_request:
        return Resolved(number=around.pull_request)
    head, pushed = around.reported_head, around.event_name == "push" and around.on_default_branch
    if head is None and not pushed:
        return Resolved(number=None, reason=f"a {around.event_name or 'local'} run has no pull request to comment on")
    if github is None:
        return Resolved(number=None, reason="without a token the pull request cannot be found")
    try:
        if head is not None:
            return github.pull_of_run(*head)
        number = merged_pull(around, github)
    except GitHubError as error:
        return Resolved(number=None, reason=f"{error.message}; {error.hint}")
    return Resolved(number=number, reason="" if number else f"no pull request was merged as {around.sha[:12]}")


def _post(around: Runner, github: GitHub | None, pull: int, draft: Draft) -> str:
    if github is None:
        return "none: it was switched off, or no token was given"
    try:
        posted = github.upsert_comment(pull, draft)
    except GitHubError as error:
        problem = f"{error.message}; {error.hint}"
    else:
        if isinstance(posted, Posted):
            return f"{posted.action} {posted.url}" if posted.url else f"none: {draft.mode} has nothing to say yet"
        problem = posted.sentence
    warning = f"the comment on pull request {pull} was not written: {problem}. The report is in the job summary"
    runner.annotate(around, "warning", f"{warning}; the verdict is unchanged.")
    return f"not written: {problem}"
