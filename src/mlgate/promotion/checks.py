"""Every reason not to promote: each check holds what the evidence says against what is true now."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from mlgate.promotion.values import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from mlgate.promotion.history import Entry
    from mlgate.promotion.values import Observed, Standing
    from mlgate.records import ComparisonRecord

CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Case:
    """What a check looks at; `target` is the stage that is promoted to, `source` a stage that is promoted from."""

    evidence: ComparisonRecord
    target: Standing
    production: Standing
    observed: Observed
    max_age_days: float
    unfence: bool
    source: Entry | None = None
    staging: Standing | None = None
    left_at: datetime | None = None  # when the source was replaced
    soak_hours: float = 0


def passed(case: Case) -> Refusal | None:
    """Refuse a candidate that its gate did not pass."""
    verdict = case.evidence.verdict
    if verdict.passed:
        return None
    version = case.evidence.candidate.version
    return Refusal(
        reason="not_passed",
        sentence=f"candidate version {version} did not pass its gate ({verdict.outcome}): {verdict.sentence}",
    )


def committed(case: Case) -> Refusal | None:
    """Refuse what was made from, or would be merged with, uncommitted inputs."""
    dirty = case.evidence.code.dirty or case.observed.dirty
    if not dirty:
        return None
    files = ", ".join(dirty[:3])
    return Refusal(
        reason="dirty",
        sentence=f"declared inputs differ from the commit ({files}): commit them, then train and compare again",
    )


def same_code(case: Case) -> Refusal | None:
    """Refuse when the merged inputs are not those that were compared."""
    if case.evidence.code.inputs_digest == case.observed.inputs_digest:
        return None
    return _stale("inputs_changed", "the code that is merged is not the code that was compared")


def same_policy(case: Case) -> Refusal | None:
    """Refuse when the configuration or the gate is another."""
    evidence, observed = case.evidence, case.observed
    if (evidence.config_digest, evidence.gate_digest) == (observed.config_digest, observed.gate_digest):
        return None
    return _stale("config_changed", "mlgate.yaml is not the one that the candidate was judged by")


def policy_reviewed(case: Case) -> Refusal | None:
    """Refuse a merge that brought another policy, unless the comparison was held against the one that it replaced."""
    replaced, change = case.observed.replaced_policy, case.evidence.policy
    if replaced is None or (change is not None and change.base_digest == replaced and change.holds):
        return None
    return Refusal(
        reason="policy_unreviewed",
        sentence="this merge changes how the model is judged, and its candidate was not held against the policy "
        "before it: compare again",
        stale=True,
    )


def same_data(case: Case) -> Refusal | None:
    """Refuse when a data file that is here has other bytes."""
    known = {"train": {file.sha256 for file in case.evidence.train_data}, "held_out": {case.evidence.held_out.sha256}}
    changed = [file.path for role, file in case.observed.data.items() if file.sha256 not in known[role]]
    return _stale("data_changed", f"data changed since the comparison ({', '.join(changed)})") if changed else None


def recent(case: Case) -> Refusal | None:
    """Refuse evidence that is too old, or from the future."""
    try:
        age = case.observed.now - case.evidence.created_at.astimezone(UTC)
    except OverflowError:
        return _stale("too_old", "the comparison is of no time that a clock shows")
    if -CLOCK_SKEW <= age <= timedelta(days=case.max_age_days):
        return None
    if age < -CLOCK_SKEW:
        return _stale("too_old", "the comparison is from the future: see that the clocks are right")
    return _stale("too_old", f"the comparison is {age.days} days old; {case.max_age_days:g} are allowed")


def agreeing(case: Case) -> Refusal | None:
    """Refuse to build on an alias that the history does not explain; what a crash left is finished on the way."""
    return alias_differs(case.target) or alias_differs(case.production)


def alias_differs(standing: Standing) -> Refusal | None:
    """Refuse where somebody moved a stage's alias."""
    head, alias = standing.head, standing.alias_version
    if head is None or alias == head.version or standing.interrupted:
        return None
    return Refusal(
        reason="alias_differs",
        sentence=f"the alias {standing.alias} points to version {alias or 'none'}, the history says "
        f"{head.version}: run `mlgate doctor`",
    )


def same_production(case: Case) -> Refusal | None:
    """Refuse when production is not what the candidate was compared with: that version, or another with its bytes."""
    then, head = case.evidence.production, case.production.head
    now = case.production.current
    same_bytes = (
        then is not None and head is not None and bool(then.manifest_digest) and (then.manifest_digest == head.manifest)
    )
    if same_bytes or (then.version if then else None) == now:
        return None
    was = then.version if then else "none"
    return _stale(
        "production_moved", f"production is version {now or 'none'} now, the candidate was compared with {was}"
    )


def not_fenced(case: Case) -> Refusal | None:
    """Refuse the very files that somebody rolled back."""
    if case.unfence or not case.observed.fenced:
        return None
    return Refusal(
        reason="fenced",
        sentence="this very model was rolled back; `mlgate promote --unfence --reason '…'` promotes it if the reason "
        "is gone",
    )


def served_in_staging(case: Case) -> Refusal | None:
    """Refuse to release what staging's alias does not show: nobody tried it there."""
    staging = case.staging
    if staging is None or (staging.interrupted and case.source != staging.head):
        return None
    if not staging.interrupted:
        return alias_differs(staging)
    return Refusal(
        reason="alias_differs",
        sentence=f"the promotion to staging version {staging.current} was interrupted: staging still serves version "
        f"{staging.alias_version or 'none'}; `mlgate doctor --fix`, or the next merge, finishes it",
    )


def soaked(case: Case) -> Refusal | None:
    """Refuse a version that has not been in staging for long enough."""
    if case.source is None:
        return None
    stayed = (case.left_at or case.observed.now) - case.source.created_at
    wanted = timedelta(hours=case.soak_hours)
    if stayed >= wanted:
        return None
    been = f"version {case.source.version} has been in staging for {hours(stayed)} of {hours(wanted)}"
    later = f"promote it in {hours(wanted - stayed)}"
    then = "it was replaced there, so that its time does not run on" if case.left_at else later
    return Refusal(reason="soaking", sentence=f"{been}: {then}")


def hours(span: timedelta) -> str:
    """Say how long, in hours and minutes."""
    minutes = math.ceil(span.total_seconds() / 60)
    return f"{minutes // 60} h {minutes % 60:02} min"


def _stale(reason: str, sentence: str) -> Refusal:
    return Refusal(reason=reason, sentence=f"{sentence}: compare again", stale=True)


Check = Callable[[Case], "Refusal | None"]
OF_A_COMMIT: tuple[Check, ...] = (
    committed,
    same_data,  # newer data ask for a newer model, whatever became of this one
    passed,
    not_fenced,
    same_code,
    same_policy,
    policy_reviewed,
    recent,
    agreeing,
    same_production,
)
OF_A_STAGE: tuple[Check, ...] = (passed, not_fenced, recent, agreeing, served_in_staging, soaked, same_production)
