"""Render the records once, and publish: files, job summary, outputs, and the pull request's comment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from mlgate.adapters import files, runner
from mlgate.adapters.github import GitHub, Posted, Resolved
from mlgate.errors import ConfigError, GitHubError, OutsideError, RecordError
from mlgate.records import ComparisonRecord, FailureRecord, PromotionRecord, TrainingRecord, ValidationRecord
from mlgate.report import html, markdown, outputs
from mlgate.report.draft import Draft
from mlgate.report.layout import Layout
from mlgate.report.model_records import ModelRecords
from mlgate.report.report import Context, Report
from mlgate.steps.check import conclude
from mlgate.steps.origin import merged_pull

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from mlgate.adapters.runner import Runner
    from mlgate.config.report import CommentMode
    from mlgate.report.report import Stop


@dataclass(frozen=True, kw_only=True)
class Published:
    """Where the report went: `comment` and `check` say what became of the pull request's comment and the check runs."""

    report: Report
    markdown: Path
    html: Path
    comment: str
    check: str

    @property
    def said(self) -> str:
        """What a person reads of it, a line each."""
        lines = [f"report: {self.html}", f"comment: {self.comment}", f"check: {self.check}" if self.check else ""]
        return "\n".join(filter(None, lines))


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What is to be told, and where.

    `models` are those that the job was asked for, `known` those that a configuration describes, where one is at hand.
    `whole` says whether the former are all: sections of models that are gone are then removed from the comment, while
    a job of some leaves what other jobs wrote. `template` holds blocks that a repository writes itself. `stop` is what
    ended the run before it came to any model; then no record is read.
    """

    models: Sequence[str] = ()
    known: Collection[str] = ()
    whole: bool = True
    token: str | None = None
    comment: CommentMode = "always"
    template: Path | None = None
    check: bool = False
    stop: Stop | None = None


def publish(around: Runner, folder: Path, telling: Telling) -> Published:
    """Read the records in `folder` (all of them, or those of the models asked for), write the report, tell GitHub.

    A comment or check that cannot be written is a warning: the report stays in summary and files, and no verdict
    changes. Raises RecordError without records or for a model that nobody knows, ConfigError where the template cannot
    be read, and OutsideError where a file cannot be written, once everything else is.
    """
    layout = read_layout(telling.template)
    github = _github(around, telling.token)
    pull = _pull(around, github)
    context = _context(around, pull.number, _project(around, folder))
    if telling.stop:
        report = Report.of_stop(telling.stop, context)
    else:
        report = Report.of({} if around.closed else _records(around, folder, telling), context)
    problems = _write(around, folder, report, layout)
    draft = Draft(report=report, mode=telling.comment, whole=telling.whole, layout=layout)
    posted = _post(around, github, pull.number, draft) if pull.number else pull.reason
    for problem in layout.problems:
        runner.annotate(around, "warning", f"the report's template failed, and mlgate's own block is shown: {problem}")
    checked = conclude(around, github, report, check=telling.check)
    if problems:
        raise problems[0]
    return Published(
        report=report, markdown=folder / "report.md", html=folder / "report.html", comment=posted, check=checked
    )


def _write(around: Runner, folder: Path, report: Report, layout: Layout) -> list[OutsideError]:
    """Write files, outputs and summary; what cannot be written keeps nothing else from being."""
    values = {**outputs.outputs(report), "report-path": str(folder / "report.html")}
    problems = []
    sinks: tuple[Callable[[], None], ...] = (
        lambda: files.write_text(folder / "report.md", markdown.comment(report, layout=layout)),
        lambda: files.write_text(folder / "report.html", html.page(report)),
        lambda: files.write_text(folder / "report.json", outputs.document(report)),
        lambda: runner.write_outputs(around, values),
        lambda: runner.write_summary(around, markdown.summary(report, layout)),
    )
    for write in sinks:
        try:
            write()
        except OutsideError as error:
            problems.append(error)
    return problems


def _records(around: Runner, folder: Path, telling: Telling) -> dict[str, ModelRecords]:
    doubt = partial(runner.annotate, around, "warning")
    most = files.MAX_CLAIM_BYTES if around.event_name == "workflow_run" else files.MAX_RECORD_BYTES
    if around.event_name != "workflow_run":  # there only the records say what there is, and a fork wrote them
        _refuse_unknown(folder, telling)
    names = list(telling.models) or files.recorded_models(folder)
    found = {
        name: ModelRecords(
            validation=files.find_record(folder, name, ValidationRecord, most=most),
            training=files.find_record(folder, name, TrainingRecord, most=most),
            comparison=files.find_record(folder, name, ComparisonRecord, most=most),
            promotion=files.find_record(folder, name, PromotionRecord, most=most),
            production_training=files.find_record(folder, name, TrainingRecord, "production", most=most),
            figures=files.find_figures(folder, name, doubt),
            failure=files.find_record(folder, name, FailureRecord, most=most),
        )
        for name in names
    }
    if not found:
        raise RecordError(f"there are no records in {folder}", hint="run `mlgate run`, or the steps, first")
    return found


def _refuse_unknown(folder: Path, telling: Telling) -> None:
    """Raise RecordError for a model that has no record and is in no configuration, where anything is known at all.

    A model of the configuration whose steps left no record is reported: nothing is shown to be good enough.
    """
    unknown = [name for name in telling.models if name not in telling.known and not files.is_recorded(folder, name)]
    there = {*files.recorded_models(folder), *telling.known} if unknown else set()
    if there:
        raise RecordError(
            f"there is no model {unknown[0][:80]!r} in {folder} or the configuration; there are: "
            + ", ".join(sorted(there)[:20]),
            hint="pass --model with one of these",
        )


def read_layout(template: Path | None) -> Layout:
    """Read the repository's own blocks; raises ConfigError where they cannot be read, before any work is done."""
    if template is None:
        return Layout()
    try:
        text = template.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the template {template} cannot be read: {error}", hint="name a UTF-8 text file") from error
    return Layout.read(text, template.name)


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
        closed=around.closed,
        merged=around.event_name == "push" and pull is not None,
        head_sha=around.reported_commit or around.head_sha,
        run_url=around.run_url,
        trusted=around.event_name != "workflow_run",
        generated_at=datetime.now(UTC),
    )


def _github(around: Runner, token: str | None) -> GitHub | None:
    if not token or not around.repository:
        return None
    try:
        return GitHub(around.api_url, around.repository, token, trust=around.trust, say=runner.say)
    except GitHubError as error:
        runner.annotate(around, "warning", f"GitHub is told nothing: {error.message}; {error.hint}")
        return None


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
    if draft.mode == "off" or github is None:
        return "none: it was switched off" if draft.mode == "off" else "none: no token was given"
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
