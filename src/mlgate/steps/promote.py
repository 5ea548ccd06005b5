"""Make the reviewed candidate staging or production: plan, then apply; no model is loaded but to be scored again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mlgate import __version__
from mlgate.adapters import files
from mlgate.errors import OvertakenError, RecordError, RequestError, StaleError
from mlgate.promotion.history import is_number
from mlgate.promotion.values import Append, PromotionPlan, Refusal
from mlgate.records import PromotionRecord, TrainingRecord, ValidationRecord
from mlgate.steps.apply import apply
from mlgate.steps.ask import Ask
from mlgate.steps.copies import Copies
from mlgate.steps.formats import StoppedError
from mlgate.steps.material import Merged, Released
from mlgate.steps.production import alias_of
from mlgate.steps.promotable import decide
from mlgate.steps.stage import Done, one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.records import ComparisonRecord
    from mlgate.steps.material import Material
    from mlgate.steps.promotable import Decided
    from mlgate.steps.workspace import Workspace

MOST_MOVES = 5


def promote(workspace: Workspace, name: str, ask: Ask | None = None) -> PromotionRecord:
    """Promote the candidate that was compared for the code that is checked out, or refuse and say why.

    Where production moved since, the candidate is compared again. Raises StaleError when that takes a full comparison.
    """
    ask = ask or Ask()
    ask = replace(ask, reason=one_line(ask.reason), to=ask.to or workspace.loaded.config.promotion.on_merge)
    if ask.version is not None and not is_number(ask.version):
        raise RequestError(f"{ask.version[:80]!r} is no version", hint="name a number that `mlgate history` lists")
    if ask.unfence and not ask.reason:
        raise RequestError("--unfence needs a reason", hint="say why what was rolled back may return: --reason '…'")
    code = workspace.code(name)
    decided, after = _carry_out(workspace, name, ask)
    done = Done(plan=decided.plan, dry_run=ask.dry_run, from_version=decided.target.current, to_version=after)
    record = PromotionRecord(
        model=name,
        mlgate=__version__,
        code=code,
        operation="promote",
        stage=decided.target.stage,
        alias=alias_of(workspace, decided.target.stage),
        candidate=decided.evidence.candidate.version if decided.evidence else None,
        why=ask.reason,
        by=workspace.runner.actor,
        **done.fields(),
    )
    workspace.write(record)
    return record


def _carry_out(workspace: Workspace, name: str, ask: Ask) -> tuple[Decided, str | None]:
    """Plan and apply, once more after each time that production moved; return the plan and the stage's version."""
    copies, evidence = Copies(workspace, name), None
    for _ in range(MOST_MOVES):
        decided = _decide(workspace, name, ask, evidence)
        again = _comparing_again(workspace, decided, ask, known=evidence)
        try:
            if again is not None and decided.evidence is not None:
                evidence = again(workspace, name, decided.evidence)
                decided = _decide(workspace, name, ask, evidence)
                if ask.recompare and _moved(decided):
                    continue
            if isinstance(decided.plan, Refusal) or ask.dry_run:
                return decided, decided.target.alias_version
            return decided, _apply(workspace, name, decided, ask, copies) or decided.target.alias_version
        except StoppedError as stopped:
            return replace(decided, plan=stopped.refusal), decided.target.alias_version
        except OvertakenError:
            if not ask.recompare:
                raise
    raise StaleError(
        f"production of {name} moved {MOST_MOVES} times while this candidate was compared again",
        hint="run it again when fewer promotions are under way",
    )


def _decide(workspace: Workspace, name: str, ask: Ask, evidence: ComparisonRecord | None) -> Decided:
    with workspace.doing(f"{name}: reading the evidence and the stage history"):
        decided = decide(workspace, name, ask, evidence)
    if decided.evidence is not None and not ask.dry_run:
        _show_evidence(workspace, decided.evidence)
    return decided


def _moved(decided: Decided) -> bool:
    """Whether production is no longer what the candidate was compared with."""
    return isinstance(decided.plan, Refusal) and decided.plan.reason == "production_moved"


def _comparing_again(
    workspace: Workspace, decided: Decided, ask: Ask, *, known: ComparisonRecord | None
) -> Callable[[Workspace, str, ComparisonRecord], ComparisonRecord] | None:
    """Return how the comparison has to be made again before this plan is carried out, if it has to be.

    Where evidence has to be scored again, what an earlier round of this command `known` was.
    """
    from mlgate.steps.recompare import compare_again, score_again

    moved = ask.recompare and _moved(decided)
    rescored = workspace.loaded.config.promotion.evidence == "rescored"
    begins = isinstance(decided.plan, PromotionPlan) and any(isinstance(step, Append) for step in decided.plan.steps)
    if ask.dry_run or not (moved or (rescored and begins and known is None)):
        return None
    return score_again if rescored else compare_again


def _apply(workspace: Workspace, name: str, decided: Decided, ask: Ask, copies: Copies) -> str | None:
    evidence, plan = decided.evidence, decided.plan
    if evidence is None or not isinstance(plan, PromotionPlan):
        raise AssertionError("what is carried out is a plan, which rests on evidence")
    material: Material = Merged(evidence=evidence, copies=copies, reason=ask.reason)
    if decided.staged is not None:
        material = Released(entry=decided.staged, evidence=evidence, reason=ask.reason)
    return apply(workspace, name, plan, material)


def _show_evidence(workspace: Workspace, evidence: ComparisonRecord) -> None:
    """Lay the evidence beside the promotion, so that the report says on what it rests; drop what is about another."""
    if _tells_of_another(workspace, evidence):
        files.forget_records(workspace.records, evidence.model, (ValidationRecord, TrainingRecord))
    workspace.write(evidence)


def _tells_of_another(workspace: Workspace, evidence: ComparisonRecord) -> bool:
    """Whether the training that is recorded here made another candidate, or cannot be read."""
    try:
        training = files.find_record(workspace.records, evidence.model, TrainingRecord)
    except RecordError:
        return True
    return training is not None and training.candidate != evidence.candidate
