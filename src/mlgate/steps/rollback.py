"""Go back to an earlier production: appended to the history like everything else, its files checked first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlgate import __version__
from mlgate.errors import RequestError
from mlgate.promotion.history import PRODUCTION, goes_back_to, previous
from mlgate.promotion.plan import Wish, plan_rollback
from mlgate.promotion.tags import rollback_tags
from mlgate.promotion.values import PromotionPlan
from mlgate.records import PromotionRecord
from mlgate.steps.apply import Material, apply
from mlgate.steps.production import read_standing
from mlgate.steps.stage import Done, context, one_line

if TYPE_CHECKING:
    from mlgate.promotion.history import Entry
    from mlgate.promotion.values import Append, Standing
    from mlgate.steps.workspace import Workspace


def rollback(workspace: Workspace, name: str, *, to: str, reason: str, dry_run: bool = False) -> PromotionRecord:
    """Make version `to`, or the `previous` one, production again; raises RequestError without a reason."""
    reason = one_line(reason)
    if not reason:
        raise RequestError("a rollback needs a reason", hint="say in a sentence why: --reason '…'")
    code = workspace.code(name)
    wish = Wish(to=to, reason=reason, run_url=workspace.runner.run_url or "")
    with workspace.doing(f"{name}: reading the stage history"):
        standing = read_standing(workspace, name)
        target = _target(workspace, name, standing, to)
    plan = plan_rollback(standing, target, wish)
    after = standing.alias_version
    if isinstance(plan, PromotionPlan) and not dry_run:
        after = _apply(workspace, name, plan, _Going(standing=standing, target=target, wish=wish)) or after
    record = PromotionRecord(
        model=name,
        mlgate=__version__,
        code=code,
        operation="rollback",
        alias=standing.alias,
        **Done(plan=plan, dry_run=dry_run, from_version=standing.current, to_version=after).fields(),
    )
    workspace.write(record)
    return record


def _target(workspace: Workspace, name: str, standing: Standing, to: str) -> Entry | None:
    """Find the entry to go back to: near the end of the history, or further back among those that were confirmed."""
    from mlgate.adapters.registry import versions

    head = standing.head
    if head is None:
        return None
    if to == "previous":
        near = previous(standing.history)
        return near or versions.find_back(workspace.registry, name, PRODUCTION, lambda entry: goes_back_to(entry, head))
    near = standing.history.find(to)
    if near is not None or not (to.isascii() and to.isdigit()):
        return near
    entry = versions.read_version(workspace.registry, name, to)
    counted = entry is not None and entry.stage == PRODUCTION and entry.confirmed
    return entry if counted else None


@dataclass(frozen=True, kw_only=True)
class _Going:
    """From where to where, and why."""

    standing: Standing
    target: Entry | None
    wish: Wish


def _apply(workspace: Workspace, name: str, plan: PromotionPlan, going: _Going) -> str | None:
    head, target, wish = going.standing.head, going.target, going.wish
    entry = _original(workspace, name, target) if target else None

    def tags(step: Append) -> dict[str, str]:
        if target is None or head is None:
            raise AssertionError("a rollback has a target and a head")
        return rollback_tags(target, head, step, wish, context(workspace, wish.reason))

    return apply(workspace, name, plan, Material(entry=entry, tags=tags))


def _original(workspace: Workspace, name: str, target: Entry) -> Entry:
    """Return the entry that has the files: of a rollback, what that went back to, unless it was deleted."""
    from mlgate.adapters.registry import versions

    if target.original == target.version:
        return target
    return versions.read_version(workspace.registry, name, target.original) or target
