"""The whole road for one event: check a candidate; or promote what was checked, checking again when it is stale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from mlgate.errors import RequestError, StaleError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.adapters.runner import Runner
    from mlgate.records import Record
    from mlgate.steps.workspace import Workspace

Operation = Literal["check", "promote", "rollback"]


def operation_for(runner: Runner, asked: str) -> Operation:
    """Return what to do: what was asked, or what the event means.

    A pull request, a merge queue and a branch are checked; a push to the default branch and a schedule promote.
    Raises RequestError for a manual run that does not say which.
    """
    match asked, runner.event_name:
        case ("check" | "promote" | "rollback") as chosen, _:
            return chosen
        case _, "workflow_dispatch" | "repository_dispatch":
            raise RequestError(
                f"{runner.event_name} does not say what to do",
                hint="set operation to check, promote or rollback",
            )
        case _, "workflow_run":
            raise RequestError(
                "a workflow_run job holds secrets and must not run a pull request's code",
                hint="use the report action there: it only renders records",
            )
        case _, "push" if runner.on_default_branch:
            return "promote"
        case _, "schedule":
            return "promote"
    return "check"


def check(workspace: Workspace, name: str, tell: Callable[[Record], None]) -> Record:
    """Validate, train and compare; stop at the first step that does not pass, and return the last record."""
    from mlgate.steps.compare import compare
    from mlgate.steps.train import train
    from mlgate.steps.validate import validate

    record: Record = validate(workspace, name)
    tell(record)
    for step in (train, compare):
        if not record.verdict.passed:
            break
        record = step(workspace, name)
        tell(record)
    return record


def promote(workspace: Workspace, name: str, reason: str, tell: Callable[[Record], None]) -> Record:
    """Promote the reviewed candidate; when there is none or it is stale, check this commit first."""
    from mlgate.steps.promote import promote as promote_reviewed

    try:
        record = promote_reviewed(workspace, name, reason=reason)
    except StaleError as error:
        workspace.warn(f"{name}: {error.message}")
    else:
        if not record.stale:
            tell(record)
            return record
        workspace.console.print(f"{name}: {record.sentence}; this commit is checked now", markup=False)
    checked = check(workspace, name, tell)
    if not checked.verdict.passed:
        return checked
    record = promote_reviewed(workspace, name, reason=reason)
    tell(record)
    return record
