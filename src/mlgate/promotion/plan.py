"""Decide what a promotion or a rollback does: a list of steps, or a refusal with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Literal

from mlgate.promotion.history import NONE

if TYPE_CHECKING:
    from datetime import datetime

    from mlgate.promotion.history import Entry, History
    from mlgate.records import ComparisonRecord


@dataclass(frozen=True, kw_only=True)
class CopyBytes:
    """Copy the candidate's files to where the candidate's credential cannot reach them, checking their digest."""

    candidate: str
    version: str
    manifest: str


@dataclass(frozen=True, kw_only=True)
class Append:
    """Append an entry to the stage history; it counts only if `base` is still the head."""

    operation: Literal["promote", "rollback"]
    base: str
    original: str | None = None


@dataclass(frozen=True, kw_only=True)
class MoveAlias:
    """Point the alias to the replayed head."""

    alias: str


Step = CopyBytes | Append | MoveAlias


@dataclass(frozen=True, kw_only=True)
class PromotionPlan:
    """What will be done; no step means that it is done already."""

    steps: tuple[Step, ...]
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why nothing is done; `stale` means that comparing again may change the answer."""

    reason: str
    sentence: str
    stale: bool = False


@dataclass(frozen=True, kw_only=True)
class Observed:
    """What is true now, to be held against what the evidence says was true then."""

    inputs_digest: str
    dirty: tuple[str, ...]
    config_digest: str
    gate_digest: str
    data: dict[str, str]
    alias: str
    alias_version: str | None
    now: datetime


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
            sentence="no candidate of this code has been compared: run the pull request's checks, "
            "or `mlgate run` on this commit",
            stale=True,
        )
    candidate = f"{evidence.candidate.name}/{evidence.candidate.version}"
    head = history.head
    if head and head.manifest == evidence.candidate.manifest_digest and head.tags.get("mlgate.candidate") == candidate:
        return _already(head, observed)
    refusal = _refusal(evidence, history, observed, max_age_days, unfence=unfence)
    if refusal:
        return refusal
    base = _production(history, observed) or NONE
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


def _refusal(
    evidence: ComparisonRecord, history: History, observed: Observed, max_age_days: float, *, unfence: bool
) -> Refusal | None:
    version = evidence.candidate.version
    age = observed.now - evidence.created_at.astimezone(UTC)
    changed_data = [path for path, digest in observed.data.items() if digest not in _digests(evidence)]
    compared_with = evidence.production.version if evidence.production else None
    production = _production(history, observed)
    checks: list[tuple[bool, Refusal]] = [
        (
            evidence.verdict.passed,
            Refusal(
                reason="not_passed",
                sentence=f"candidate version {version} did not pass its gate ({evidence.verdict.outcome}): "
                f"{evidence.verdict.sentence}",
            ),
        ),
        (
            not evidence.code.dirty and not observed.dirty,
            Refusal(
                reason="dirty",
                sentence="declared inputs differ from the commit "
                f"({', '.join((evidence.code.dirty or observed.dirty)[:3])}): commit them and compare again",
            ),
        ),
        (
            evidence.code.inputs_digest == observed.inputs_digest,
            Refusal(
                reason="inputs_changed",
                sentence="the code that is merged is not the code that was compared: compare again",
                stale=True,
            ),
        ),
        (
            evidence.config_digest == observed.config_digest and evidence.gate_digest == observed.gate_digest,
            Refusal(
                reason="config_changed",
                sentence="mlgate.yaml is not the one that the candidate was judged by: compare again",
                stale=True,
            ),
        ),
        (
            not changed_data,
            Refusal(
                reason="data_changed",
                sentence=f"data changed since the comparison ({', '.join(changed_data)}): compare again",
                stale=True,
            ),
        ),
        (
            timedelta(0) <= age + timedelta(minutes=5) and age <= timedelta(days=max_age_days),
            Refusal(
                reason="too_old",
                sentence=f"the comparison is {age.days} days old, more than {max_age_days:g}: compare again",
                stale=True,
            ),
        ),
        (
            production == compared_with,
            Refusal(
                reason="production_moved",
                sentence=f"production is version {production or 'none'} now, "
                f"the candidate was compared with {compared_with or 'none'}: compare again",
                stale=True,
            ),
        ),
        (
            unfence or evidence.candidate.manifest_digest not in history.fenced(),
            Refusal(
                reason="fenced",
                sentence="this very model was rolled back: promote it with --unfence if the reason is gone",
            ),
        ),
    ]
    return next((refusal for holds, refusal in checks if not holds), None)


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


def _production(history: History, observed: Observed) -> str | None:
    """Name the production version: the history's head, else what the alias pointed to before mlgate came."""
    return history.head.version if history.head else observed.alias_version


def _digests(evidence: ComparisonRecord) -> set[str]:
    return {file.sha256 for file in (*evidence.train_data, evidence.held_out)}
