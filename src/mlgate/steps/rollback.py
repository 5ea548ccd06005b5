"""Go back to an earlier production: appended to the history like everything else, its files checked first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate import __version__
from mlgate.errors import RequestError
from mlgate.promotion.history import PRODUCTION
from mlgate.promotion.plan import Wish, plan_rollback
from mlgate.promotion.tags import rollback_tags
from mlgate.promotion.values import Append, PromotionPlan, Standing
from mlgate.records import PromotionRecord
from mlgate.steps.apply import Material, apply
from mlgate.steps.production import alias_of, read_history
from mlgate.steps.stage import Done, context, one_line

if TYPE_CHECKING:
    from mlgate.steps.workspace import Workspace


def rollback(workspace: Workspace, name: str, *, to: str, reason: str, dry_run: bool = False) -> PromotionRecord:
    """Make version `to`, or the `previous` one, production again; raises RequestError without a reason."""
    reason = one_line(reason)
    if not reason:
        raise RequestError("a rollback needs a reason", hint="say in a sentence why: --reason '…'")
    code = workspace.code(name)
    alias = alias_of(workspace, PRODUCTION)
    with workspace.doing(f"{name}: reading the stage history"):
        history, _, alias_version = read_history(workspace, name)
    standing = Standing(stage=PRODUCTION, alias=alias, alias_version=alias_version, history=history)
    wish = Wish(to=to, reason=reason, run_url=workspace.runner.run_url or "")
    plan = plan_rollback(standing, wish)
    after = alias_version
    if isinstance(plan, PromotionPlan) and not dry_run:
        after = _apply(workspace, name, plan, standing, wish) or after
    record = PromotionRecord(
        model=name,
        mlgate=__version__,
        code=code,
        operation="rollback",
        alias=alias,
        **Done(plan=plan, dry_run=dry_run, from_version=standing.current, to_version=after).fields(),
    )
    workspace.write(record)
    return record


def _apply(workspace: Workspace, name: str, plan: PromotionPlan, standing: Standing, wish: Wish) -> str | None:
    history, head = standing.history, standing.head
    appended = next((step for step in plan.steps if isinstance(step, Append)), None)
    target = history.find(appended.original or "") if appended else None

    def tags(step: Append) -> dict[str, str]:
        if target is None or head is None:
            raise AssertionError("a rollback has a target and a head")
        return rollback_tags(target, head, step, wish, context(workspace, wish.reason))

    return apply(workspace, name, plan, Material(entry=target, tags=tags))
