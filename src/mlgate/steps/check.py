"""Show each model's verdict beside the commit, and what did not hold beside its lines; neither changes a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.adapters import runner
from mlgate.errors import GitHubError
from mlgate.report.annotations import failures, first
from mlgate.report.check import checks

if TYPE_CHECKING:
    from mlgate.adapters.github import GitHub, Told
    from mlgate.adapters.runner import Runner
    from mlgate.report.report import Report

MOST = 9  # GitHub shows ten a step and kind; one is left for the error that ends a command


def conclude(around: Runner, github: GitHub | None, report: Report, *, check: bool) -> str:
    """Write the check runs that were asked for, and say what became of them; nothing where they were not.

    What did not hold is in their annotations then; else the job's own log annotates it, so that it is said once.
    """
    told = _told(around, github, report) if check else ""
    if isinstance(told, str) or any(one.refused for one in told):
        annotate(around, report)
    if isinstance(told, str):
        return told
    refused = next((one.refused for one in told if one.refused), "")
    said = ", ".join(f"{one.action} {one.kind} {one.name!r}" for one in told[:3])
    more = f" and {len(told) - 3:,} more" if len(told) > 3 else ""
    why = f"; the token may not write check runs ({refused}): grant the job `checks: write`" if refused else ""
    return f"{said}{more}{why}"


def annotate(around: Runner, report: Report) -> None:
    """Write an annotation for each rule that did not hold, the worst first.

    On a laptop the terminal has said it. A job after a workflow_run is of another commit, and the run that it reports
    on has said it, too.
    """
    if not around.on_actions or around.event_name == "workflow_run":
        return
    found = failures(report.models)
    for level in ("error", "warning"):
        for one in first([one for one in found if one.level == level], MOST):
            runner.annotate(around, one.level, one.message, title=one.title, place=one.place)


def _told(around: Runner, github: GitHub | None, report: Report) -> tuple[Told, ...] | str:
    if github is None:
        return "none: no token was given"
    if not around.reported_commit:
        return "none: GitHub names no commit to show it on"
    try:
        told = github.conclude(checks(report, around.reported_commit))
    except GitHubError as error:
        problem = f"{error.message}; {error.hint}"
    else:
        if isinstance(told, tuple):
            return told
        problem = told.sentence
    warning = f"the check of {around.reported_commit[:12]} was not written: {problem}"
    runner.annotate(around, "warning", f"{warning}. The report is in the job summary; the verdict is unchanged.")
    return f"not written: {problem}"
