"""Go back to an earlier production: appended to the history like everything else, its files checked first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mlgate import __version__
from mlgate.errors import RequestError
from mlgate.promotion.history import is_number, left_behind
from mlgate.promotion.plan import plan_rollback
from mlgate.promotion.values import PromotionPlan, Wish
from mlgate.records import PromotionRecord
from mlgate.steps.apply import apply
from mlgate.steps.earlier import find_done, find_served, find_target
from mlgate.steps.material import Restored
from mlgate.steps.production import read_standing
from mlgate.steps.stage import Done, one_line

if TYPE_CHECKING:
    from mlgate.promotion.history import Entry
    from mlgate.promotion.values import Standing
    from mlgate.steps.workspace import Workspace


def rollback(workspace: Workspace, name: str, wish: Wish, *, dry_run: bool = False) -> PromotionRecord:
    """Make an earlier version production again; raises RequestError for a wish without a reason."""
    wish = replace(wish, reason=one_line(wish.reason), run_url=workspace.runner.run_url or "")
    _require_sense(name, wish)
    code = workspace.code(name)
    with workspace.doing(f"{name}: reading the stage history"):
        standing = read_standing(workspace, name)
        served = find_served(workspace, name, standing)
        target = find_target(workspace, name, standing, served, wish.to) if served else None
        done = find_done(workspace, name, standing, wish)
    plan = plan_rollback(standing, served, target, wish, done)
    after = standing.alias_version
    if isinstance(plan, PromotionPlan) and not dry_run:
        after = apply(workspace, name, plan, _material(standing, served, target, wish)) or after
    record = PromotionRecord(
        model=name,
        mlgate=__version__,
        code=code,
        operation="rollback",
        alias=standing.alias,
        why=wish.reason,
        by=workspace.runner.actor,
        **Done(plan=plan, dry_run=dry_run, from_version=standing.current, to_version=after).fields(),
    )
    workspace.write(record)
    return record


def _material(standing: Standing, served: Entry | None, target: Entry | None, wish: Wish) -> Restored | None:
    if standing.head is None or served is None or target is None:
        return None
    return Restored(entry=target, left=left_behind(standing.head, served, target), wish=wish)


def _require_sense(name: str, wish: Wish) -> None:
    if not wish.reason:
        raise RequestError("a rollback needs a reason", hint="say in a sentence why: --reason '…'")
    if wish.to != "previous" and not is_number(wish.to):
        raise RequestError(
            f"a rollback cannot go to {wish.to[:80]!r}",
            hint="say `previous`, or a version that `mlgate history` lists",
        )
    if wish.from_version is not None and not is_number(wish.from_version):
        raise RequestError(f"{wish.from_version[:80]!r} is no version of {name}", hint="`mlgate history` lists them")
