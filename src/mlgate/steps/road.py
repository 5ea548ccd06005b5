"""The whole road for one event: check a candidate; or promote what was checked, checking again when it is stale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mlgate.errors import RequestError, StaleError
from mlgate.promotion.history import PRODUCTION
from mlgate.promotion.values import STAGES, Wish
from mlgate.records import Record

if TYPE_CHECKING:
    from mlgate.adapters.runner import Runner
    from mlgate.promotion.values import Stage
    from mlgate.steps.workspace import Workspace

Operation = Literal["check", "promote", "rollback"]
Tell = Callable[[Record], None]


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


@dataclass(frozen=True, kw_only=True)
class Way:
    """What was asked for."""

    operation: Operation
    to: str = "previous"
    from_version: str | None = None  # of a rollback
    reason: str = ""
    dry_run: bool = False


def traveller(workspace: Workspace, way: Way, tell: Tell) -> Callable[[str], Record]:
    """Return what takes one model along `way` and gives its last record; `tell` hears every record."""

    def travel(name: str) -> Record:
        if way.operation == "rollback":
            from mlgate.steps.rollback import rollback

            wish = Wish(to=way.to, reason=way.reason, from_version=way.from_version)
            record: Record = rollback(workspace, name, wish, dry_run=way.dry_run)
            tell(record)
            return record
        if way.operation == "promote":
            return promote(workspace, name, way, tell)
        return check(workspace, name, tell, dry_run=way.dry_run)

    return travel


def check(workspace: Workspace, name: str, tell: Tell, *, dry_run: bool = False) -> Record:
    """Validate, train and compare; stop at the first step that does not pass, and return the last record.

    A dry run validates, which changes nothing, and says what would be trained.
    """
    from mlgate.steps.compare import compare
    from mlgate.steps.train import describe_training, train
    from mlgate.steps.validate import validate

    record: Record = validate(workspace, name)
    tell(record)
    if dry_run:
        workspace.console.print(describe_training(workspace, name), markup=False)
        return record
    for step in (train, compare):
        if not record.verdict.passed:
            break
        record = step(workspace, name)
        tell(record)
    return record


def _stage(to: str) -> Stage | None:
    """Read where a promotion goes; without a word it is what the configuration says."""
    if to in {"", "previous"}:  # the action's default, which is a rollback's
        return None
    for stage in STAGES:
        if stage == to:
            return stage
    raise RequestError(f"a promotion cannot go to {to[:80]!r}", hint=f"name one of: {', '.join(STAGES)}")


def promote(workspace: Workspace, name: str, way: Way, tell: Tell) -> Record:
    """Promote the reviewed candidate; when there is none or it is stale, check this commit first.

    A release from staging has nothing to do with this commit, and is as stale afterwards.
    """
    from mlgate.steps.ask import Ask
    from mlgate.steps.promote import promote as promote_reviewed

    merged = workspace.runner.event_name == "push"  # what was reviewed is promoted; else what is newest
    ask = Ask(to=_stage(way.to), reason=way.reason, dry_run=way.dry_run, newest=not merged)
    release = ask.to == PRODUCTION and workspace.loaded.config.promotion.on_merge != PRODUCTION

    try:
        record = promote_reviewed(workspace, name, ask)
    except StaleError as error:
        if release:
            raise
        workspace.warn(f"{name}: {error.message}")
    else:
        if not record.stale or way.dry_run or release:
            tell(record)
            return record
        workspace.console.print(f"{name}: {record.sentence}; this commit is checked now", markup=False)
    checked = check(workspace, name, tell, dry_run=way.dry_run)
    if not checked.verdict.passed or way.dry_run:
        return checked
    record = promote_reviewed(workspace, name, ask)
    tell(record)
    return record
