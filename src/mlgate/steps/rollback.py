"""Go back to an earlier production: appended to the history like everything else, its files checked first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlgate import __version__
from mlgate.errors import RequestError
from mlgate.promotion.history import is_number
from mlgate.promotion.plan import plan_rollback
from mlgate.promotion.tags import rollback_tags
from mlgate.promotion.values import PromotionPlan, Wish
from mlgate.records import PromotionRecord
from mlgate.steps.apply import Material, apply
from mlgate.steps.earlier import find_served, find_target
from mlgate.steps.production import read_standing
from mlgate.steps.stage import Done, context, one_line

if TYPE_CHECKING:
    from mlgate.promotion.history import Entry
    from mlgate.promotion.values import Append
    from mlgate.steps.workspace import Workspace


def rollback(  # noqa: PLR0913 (what one may ask for)
    workspace: Workspace, name: str, *, to: str, reason: str, from_version: str | None = None, dry_run: bool = False
) -> PromotionRecord:
    """Make version `to`, or the `previous` one, production again; raises RequestError without a reason.

    With `from_version`, only while production is that version: of two people who go back at once, one does.
    """
    reason = one_line(reason)
    if not reason:
        raise RequestError("a rollback needs a reason", hint="say in a sentence why: --reason '…'")
    if to != "previous" and not is_number(to):
        raise RequestError(
            f"a rollback cannot go to {to[:80]!r}", hint="say `previous`, or a version that `mlgate history` lists"
        )
    if from_version is not None and not is_number(from_version):
        raise RequestError(f"{from_version[:80]!r} is no version of {name}", hint="`mlgate history` lists them")
    code = workspace.code(name)
    wish = Wish(to=to, reason=reason, run_url=workspace.runner.run_url or "", from_version=from_version)
    with workspace.doing(f"{name}: reading the stage history"):
        standing = read_standing(workspace, name)
        served = find_served(workspace, name, standing)
        target = find_target(workspace, name, standing, served, to) if served else None
    plan = plan_rollback(standing, served, target, wish)
    after = standing.alias_version
    if isinstance(plan, PromotionPlan) and not dry_run:
        after = _apply(workspace, name, plan, _Going(served=served, target=target, wish=wish)) or after
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


@dataclass(frozen=True, kw_only=True)
class _Going:
    """From where to where, and why."""

    served: Entry | None
    target: Entry | None
    wish: Wish


def _apply(workspace: Workspace, name: str, plan: PromotionPlan, going: _Going) -> str | None:
    served, target, wish = going.served, going.target, going.wish

    def tags(step: Append) -> dict[str, str]:
        if target is None or served is None:
            raise AssertionError("a rollback goes from somewhere to somewhere")
        return rollback_tags(target, served, step, wish, context(workspace, wish.reason))

    return apply(workspace, name, plan, Material(entry=target, tags=tags))
