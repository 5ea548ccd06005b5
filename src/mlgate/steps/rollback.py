"""Go back to an earlier production: appended to the history like everything else, its files checked first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate import __version__
from mlgate.errors import RequestError
from mlgate.promotion.plan import plan_rollback
from mlgate.promotion.tags import rollback_tags
from mlgate.promotion.values import Append, MoveAlias, Refusal
from mlgate.records import PromotionRecord
from mlgate.steps.production import read_history
from mlgate.steps.stage import Done, append, check_bytes, context, move_alias, one_line

if TYPE_CHECKING:
    from mlgate.promotion.history import History
    from mlgate.promotion.values import PromotionPlan
    from mlgate.steps.workspace import Workspace


def rollback(workspace: Workspace, name: str, *, to: str, reason: str, dry_run: bool = False) -> PromotionRecord:
    """Make version `to`, or the `previous` one, production again; raises RequestError without a reason."""
    reason = one_line(reason)
    if not reason:
        raise RequestError("a rollback needs a reason", hint="say in a sentence why: --reason '…'")
    code = workspace.code(name)
    with workspace.doing(f"{name}: reading the stage history"):
        history, _, alias_version = read_history(workspace, name)
    plan = plan_rollback(history, to, workspace.loaded.config.registry.alias, alias_version)
    if not isinstance(plan, Refusal) and not dry_run:
        _apply(workspace, name, plan, history, reason)
        _, _, alias_version = read_history(workspace, name)
    before = history.head.version if history.head else None
    record = PromotionRecord(
        model=name,
        mlgate=__version__,
        code=code,
        operation="rollback",
        alias=workspace.loaded.config.registry.alias,
        **Done(plan=plan, dry_run=dry_run, from_version=before, to_version=alias_version).fields(),
    )
    workspace.write(record)
    return record


def _apply(workspace: Workspace, name: str, plan: PromotionPlan, history: History, reason: str) -> None:
    for step in plan.steps:
        match step:
            case Append():
                target = history.find(step.original or "")
                if target is not None:
                    check_bytes(workspace, name, target)
                    tags = rollback_tags(target, step.base, context(workspace, reason))
                    append(workspace, name, source=target.source, run_id=target.run_id, tags=tags)
            case MoveAlias():
                move_alias(workspace, name, step.alias)
