"""Decide what a promotion or a rollback does: a list of steps, or a refusal with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.promotion.checks import CHECKS, Case, production
from mlgate.promotion.history import CANDIDATE, NONE
from mlgate.promotion.values import Append, CopyBytes, MoveAlias, Observed, PromotionPlan, Refusal

if TYPE_CHECKING:
    from mlgate.promotion.history import Entry, History
    from mlgate.records import ComparisonRecord


def plan_promotion(
    evidence: ComparisonRecord | None,
    history: History,
    observed: Observed,
    *,
    max_age_days: float,
    unfence: bool = False,
) -> PromotionPlan | Refusal:
    """Promote exactly the candidate of `evidence`, or say why not."""
    if evidence is None:
        return Refusal(
            reason="no_evidence",
            sentence="no candidate made from this commit's inputs has been compared",
            stale=True,
        )
    candidate = f"{evidence.candidate.name}/{evidence.candidate.version}"
    head = history.head
    if head and head.manifest == evidence.candidate.manifest_digest and head.tags.get(CANDIDATE) == candidate:
        return _already(head, observed)
    case = Case(evidence=evidence, history=history, observed=observed, max_age_days=max_age_days, unfence=unfence)
    refusal = next(filter(None, (check(case) for check in CHECKS)), None)
    if refusal:
        return refusal
    base = production(case) or NONE
    return PromotionPlan(
        steps=(
            CopyBytes(
                candidate=evidence.candidate.name,
                version=evidence.candidate.version,
                manifest=evidence.candidate.manifest_digest,
            ),
            Append(operation="promote", base=base),
            MoveAlias(alias=observed.alias),
        ),
        sentence=f"candidate version {evidence.candidate.version} replaces "
        + (f"production version {base}" if base != NONE else "nothing: it is the first"),
    )


def plan_rollback(history: History, to: str, alias: str, alias_version: str | None) -> PromotionPlan | Refusal:
    """Go back to `previous` or to a version of the history, by appending to it."""
    head = history.head
    if head is None:
        return Refusal(
            reason="no_history", sentence="nothing was promoted by mlgate yet: there is nothing to go back to"
        )
    target = history.previous() if to == "previous" else history.find(to)
    if target is None:
        known = ", ".join(entry.version for entry in history.valid)
        missing = "there is no earlier version" if to == "previous" else f"version {to} is not in the history"
        return Refusal(reason="no_target", sentence=f"{missing}; the history holds: {known}")
    if target.manifest == head.manifest:
        if alias_version != head.version:
            return PromotionPlan(
                steps=(MoveAlias(alias=alias),), sentence=f"{alias} is moved to version {head.version}"
            )
        return PromotionPlan(steps=(), sentence=f"production already has the files of version {target.version}")
    return PromotionPlan(
        steps=(
            Append(operation="rollback", base=head.version, original=target.original),
            MoveAlias(alias=alias),
        ),
        sentence=f"production goes back from version {head.version} to the files of version {target.original}",
    )


def _already(head: Entry, observed: Observed) -> PromotionPlan:
    if observed.alias_version == head.version:
        return PromotionPlan(steps=(), sentence=f"already promoted: production is version {head.version}")
    return PromotionPlan(
        steps=(MoveAlias(alias=observed.alias),),
        sentence=f"an earlier promotion to version {head.version} was interrupted: its alias is moved now",
    )
