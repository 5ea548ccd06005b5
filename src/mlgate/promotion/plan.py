"""Decide what a promotion or a rollback does: a list of steps, or a refusal with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlgate.promotion.checks import OF_A_COMMIT, OF_A_STAGE, Case, alias_differs, committed, same_data
from mlgate.promotion.history import NONE, PRODUCTION, STAGING
from mlgate.promotion.tags import made_from
from mlgate.promotion.values import Adopt, Append, Archive, CheckBytes, CopyBytes, MoveAlias, PromotionPlan, Refusal
from mlgate.tag_names import ASKED, CANDIDATE, MADE_FROM, REASON, RUN_URL

if TYPE_CHECKING:
    from datetime import datetime

    from mlgate.promotion.history import Entry
    from mlgate.promotion.values import Observed, Standing, Step, Wish
    from mlgate.records import ComparisonRecord


SAME = "the same code, configuration and data"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the configuration and the command line say about a promotion."""

    max_age_days: float
    soak_hours: float = 0
    unfence: bool = False


@dataclass(frozen=True, kw_only=True)
class Staged:
    """A version of staging, where that stands now, and when another one replaced the version there."""

    entry: Entry
    standing: Standing
    left_at: datetime | None = None


def plan_promotion(
    evidence: ComparisonRecord | None, target: Standing, production: Standing, observed: Observed, terms: Terms
) -> PromotionPlan | Refusal:
    """Promote exactly the candidate of `evidence` to the stage of `target`, or say why not."""
    if evidence is None:
        return Refusal(
            reason="no_evidence",
            sentence="no candidate made from this commit's train.inputs has been compared: `mlgate run` does that",
            stale=True,
        )
    case = Case(
        evidence=evidence,
        target=target,
        production=production,
        observed=observed,
        max_age_days=terms.max_age_days,
        unfence=terms.unfence,
    )
    there = _is_there(case) or _was_there(target, observed, terms, _of_candidate(evidence))
    if there is not None and (_is_left_to_do(there) or same_data(case) is None):
        return (None if _is_left_to_do(there) else committed(case)) or there
    refusal = next(filter(None, (check(case) for check in OF_A_COMMIT)), None)
    if refusal:
        return refusal
    candidate = evidence.candidate
    copy = CopyBytes(candidate=candidate.name, version=candidate.version, manifest=candidate.manifest_digest)
    return PromotionPlan(
        steps=(copy, *_entered(target)),
        sentence=f"candidate version {candidate.version} {_replaces(target)}",
    )


def plan_release(
    staged: Staged | None,
    evidence: ComparisonRecord | None,
    production: Standing,
    observed: Observed,
    terms: Terms,
) -> PromotionPlan | Refusal:
    """Make the version `staged` of staging production, or say why not; its files have been copied already."""
    if staged is None:
        return Refusal(
            reason="not_staged",
            sentence="staging holds no such version: `mlgate promote --to staging` brings what was merged there",
        )
    entry = staged.entry
    if _holds(production.head, *_of(entry)):
        return _already(production)
    if gone := _was_there(production, observed, terms, _of(entry)):
        return gone
    if evidence is None:
        return Refusal(
            reason="no_evidence",
            sentence=f"the comparison that brought version {entry.version} to staging cannot be found",
            stale=True,
        )
    case = Case(
        evidence=evidence,
        target=production,
        production=production,
        observed=observed,
        max_age_days=terms.max_age_days,
        unfence=terms.unfence,
        source=entry,
        staging=staged.standing,
        left_at=staged.left_at,
        soak_hours=terms.soak_hours,
    )
    refusal = next(filter(None, (check(case) for check in OF_A_STAGE)), None)
    if refusal:
        return refusal
    return PromotionPlan(
        steps=(CheckBytes(version=entry.version, manifest=entry.manifest or ""), *_entered(production)),
        sentence=f"version {entry.version} of staging {_replaces(production)}",
    )


def plan_rollback(
    production: Standing, served: Entry | None, target: Entry | None, wish: Wish, done: Entry | None = None
) -> PromotionPlan | Refusal:
    """Go back from what is served to `target`, an entry that counted, by appending to the history.

    Nothing is left to do where `done`, an entry that counted, is what this run of a workflow did before.
    """
    head = production.head
    if head is None or served is None:
        return Refusal(
            reason="no_history", sentence="nothing was promoted by mlgate yet: there is nothing to go back to"
        )
    if answers(head, wish) or done is not None:
        return _done(production, head, head if answers(head, wish) else done)
    if wish.from_version not in {None, served.version}:
        return Refusal(
            reason="production_moved",
            sentence=f"production is version {served.version}, not {wish.from_version}: somebody was faster; "
            "look at `mlgate history` before going further back",
        )
    if target is None:
        missing = "there is no earlier version" if wish.to == "previous" else f"version {wish.to} is not in the history"
        return Refusal(reason="no_target", sentence=f"{missing}; `mlgate history` lists what there is")
    if target.manifest == served.manifest == head.manifest:
        return _already(production, f"production already has the files of version {target.version}")
    return PromotionPlan(
        steps=(
            CheckBytes(version=target.version, manifest=target.manifest or ""),
            Append(operation="rollback", stage=PRODUCTION, base=head.version, original=target.original),
            MoveAlias(stage=PRODUCTION, alias=production.alias),
            Archive(version=head.version),
        ),
        sentence=f"production goes back from version {served.version} to the files of version {target.original}",
    )


def _done(production: Standing, head: Entry, done: Entry | None) -> PromotionPlan | Refusal:
    """Say that this rollback was done before, as the head or as an entry that was replaced since."""
    if done is None or done.version == head.version:
        return _already(production, f"already rolled back: production is version {head.version}")
    moved = f"this run did it as version {done.version}; production has moved on since, to version {head.version}"
    return PromotionPlan(steps=(), sentence=moved)


def answers(entry: Entry, wish: Wish) -> bool:
    """Whether an entry is what this rollback, run once more after an interruption, was asked for."""
    asked = (entry.tags.get(ASKED), entry.tags.get(REASON), entry.tags.get(RUN_URL, ""))
    return entry.operation == "rollback" and asked == (wish.to, wish.reason, wish.run_url)


def _entered(target: Standing) -> tuple[Step, ...]:
    """Append to the stage, move its alias, and archive what was there; production of before mlgate is adopted."""
    base = target.current
    steps = (
        Append(operation="promote", stage=target.stage, base=base or NONE),
        MoveAlias(stage=target.stage, alias=target.alias),
    )
    if base is None:
        return steps
    adopts = target.head is None and target.stage == PRODUCTION
    return (*((Adopt(version=base),) if adopts else ()), *steps, Archive(version=base))


def _replaces(target: Standing) -> str:
    return f"replaces {target.stage} version {target.current}" if target.current else "is the first in " + target.stage


def _is_there(case: Case) -> PromotionPlan | Refusal | None:
    """Say that the stage has the candidate already, or one that was made alike; None where it has neither."""
    target = case.target
    if _holds(target.head, *_of_candidate(case.evidence)):
        return _already(target)
    if _made_alike(target.head, case.evidence) and not case.unfence:
        return _already(target, f"already promoted: {target.stage} version {target.current} was made from {SAME}")
    return None


def _was_there(
    target: Standing, observed: Observed, terms: Terms, model: tuple[str | None, str | None]
) -> PromotionPlan | Refusal | None:
    """Say that the stage had this very candidate, and has moved on: an older job, run again, puts nothing back.

    What was rolled back is for the fence to refuse, and who lifts that means to bring it back.
    """
    if observed.fenced or terms.unfence:
        return None
    had = [entry for entry in observed.known if entry.stage == target.stage and entry.operation == "promote"]
    counted = [entry for entry in had if entry.confirmed or target.history.find(entry.version)]
    found = max((e for e in counted if _of(e) == model), key=lambda e: int(e.version), default=None)
    if found is None or target.head is None:
        return None
    back = {
        PRODUCTION: f"`mlgate rollback --to {found.version} --reason …` goes back to it",
        STAGING: f"`mlgate promote --to production --version {found.version} --reason …` releases it",
    }
    sentence = f"promoted already as version {found.version}, and replaced since by version {target.head.version}"
    return alias_differs(target) or PromotionPlan(steps=(), sentence=f"{sentence}; {back[target.stage]}")


def _of(entry: Entry) -> tuple[str | None, str | None]:
    """Return what tells an entry's model: its files, and which candidate brought them."""
    return entry.manifest, entry.tags.get(CANDIDATE)


def _of_candidate(evidence: ComparisonRecord) -> tuple[str, str]:
    candidate = evidence.candidate
    return candidate.manifest_digest, f"{candidate.name}/{candidate.version}"


def _is_left_to_do(there: PromotionPlan | Refusal) -> bool:
    """Whether there is something to finish or to refuse first, so that newer data have to wait."""
    return isinstance(there, Refusal) or bool(there.steps)


def _holds(head: Entry | None, manifest: str | None, candidate: str | None) -> bool:
    """Whether a stage's head is this very candidate already."""
    return head is not None and head.manifest == manifest and head.tags.get(CANDIDATE) == candidate


def _made_alike(head: Entry | None, evidence: ComparisonRecord) -> bool:
    """Whether a stage's head was promoted from the same code, configuration and data: training again is no change."""
    return head is not None and head.operation == "promote" and head.tags.get(MADE_FROM) == made_from(evidence)


def _already(target: Standing, sentence: str = "") -> PromotionPlan | Refusal:
    head = target.head
    if moved_by_hand := alias_differs(target):
        return moved_by_hand
    if head is None or (target.alias_version == head.version and head.confirmed):
        there = sentence or f"already promoted: {target.stage} is version {target.current}"
        return PromotionPlan(steps=(), sentence=there)
    return PromotionPlan(
        steps=(
            CheckBytes(version=head.version, manifest=head.manifest or ""),
            MoveAlias(stage=target.stage, alias=target.alias),
        ),
        sentence=f"an earlier run was interrupted; what is left is to point {target.alias} to version {head.version}",
    )
