"""What promotion and rollback share: append to the stage history, move the alias, check bytes, say what was done."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlgate import __version__
from mlgate.adapters import files
from mlgate.errors import OutsideError, OvertakenError, RegistryError, RequestError, StaleError
from mlgate.promotion.history import NONE, YES, replay
from mlgate.promotion.values import Refusal
from mlgate.report.description import describe
from mlgate.steps.formats import check_formats
from mlgate.tag_names import (
    ACTOR,
    ADOPTED,
    ARCHIVED,
    COMMIT,
    CONFIRMED,
    KEY,
    PULL_REQUEST,
    REASON,
    RUN_URL,
    STALE,
    VERSION,
)
from mlgate.verdict import Outcome, Verdict

if TYPE_CHECKING:
    from mlgate.promotion.history import Entry
    from mlgate.promotion.values import Adopt, Append, Archive, CheckBytes, MoveAlias, PromotionPlan
    from mlgate.records import ComparisonRecord
    from mlgate.steps.workspace import Workspace

MAX_REASON = 500
MOST_MOVES = 5


@dataclass(frozen=True, kw_only=True)
class Done:
    """What came of a plan: production before and after."""

    plan: PromotionPlan | Refusal
    dry_run: bool
    from_version: str | None
    to_version: str | None

    def fields(self) -> dict[str, Any]:
        """Return the fields that a PromotionRecord takes from here."""
        refused = isinstance(self.plan, Refusal)
        status = "refused" if refused else self._status()
        reason = self.plan.reason if isinstance(self.plan, Refusal) else status
        outcome = Outcome.FAIL if refused else Outcome.PASS
        return {
            "status": status,
            "reason": reason,
            "sentence": self.plan.sentence,
            "stale": isinstance(self.plan, Refusal) and self.plan.stale,
            "verdict": Verdict(outcome=outcome, decided_by=reason, sentence=self.plan.sentence),
            "from_version": self.from_version,
            "to_version": self.to_version,
            "steps": () if isinstance(self.plan, Refusal) else tuple(str(step) for step in self.plan.steps),
        }

    def _status(self) -> str:
        if isinstance(self.plan, Refusal) or not self.plan.steps:
            return "already"
        return "planned" if self.dry_run else "done"


@dataclass(frozen=True, kw_only=True)
class Stored:
    """Where a version's files are: their address and the run that holds them."""

    source: str
    run_id: str


def append(workspace: Workspace, name: str, step: Append, stored: Stored, tags: dict[str, str]) -> Entry:
    """Append an entry, then replay: raises OvertakenError when another promotion was faster, with nothing moved."""
    from mlgate.adapters.registry import versions

    registry, key = workspace.registry, secrets.token_hex(8)
    number = versions.create_version(
        registry, name, source=stored.source, run_id=stored.run_id, tags={**tags, KEY: key}
    )
    after = replay(versions.read_tail(registry, name, step.stage, before=number), step.stage)
    entry = next((entry for entry in after.valid if entry.tags.get(KEY) == key), None)
    if entry is None or entry.version != number:
        versions.tag_version(registry, name, number, {STALE: YES})
    if entry is None:
        head = after.head.version if after.head else NONE
        raise OvertakenError(
            f"another promotion of {name} was faster: {step.stage} is version {head} now; this one moved nothing",
            hint=_after_overtaking(step),
        )
    return entry


def _after_overtaking(step: Append) -> str:
    """Say what to do once somebody else was faster: a promotion looks again by itself, a rollback would go further."""
    if step.operation == "promote":
        return "run the same command again: it compares with the new production first"
    return (
        "look at `mlgate history`: production may be what you wanted already; if not, name the version that is to be "
        "replaced by --from VERSION"
    )


def move_alias(workspace: Workspace, name: str, step: MoveAlias) -> Entry | None:
    """Point the alias to the replayed head and confirm it; look again, since a later entry may have come meanwhile."""
    from mlgate.adapters.registry import versions

    registry, history = workspace.registry, replay(())
    for _ in range(MOST_MOVES):
        history = replay(versions.read_tail(registry, name, step.stage), step.stage)
        if history.head is None or versions.read_alias(registry, name, step.alias) == history.head.version:
            break
        versions.set_alias(registry, name, step.alias, history.head.version)
    for entry in history.valid:  # the oldest first: what is confirmed has nothing before it that is not
        if not entry.confirmed:
            versions.tag_version(registry, name, entry.version, {CONFIRMED: YES})
    return history.head


def write_description(workspace: Workspace, name: str, entry: Entry, evidence: ComparisonRecord | None) -> None:
    """Say in MLflow's own pages what a version is; what is not written there is in its tags."""
    from mlgate.adapters.registry import versions

    text = describe(entry.tags, evidence, version=entry.version, at=entry.created_at)
    try:
        versions.describe_version(workspace.registry, name, entry.version, text)
    except RegistryError as error:
        workspace.warn(f"{name} version {entry.version} has no description in MLflow: {error.message}")


def adopt(workspace: Workspace, name: str, step: Adopt) -> dict[str, str]:
    """Return the digest of what was in production before mlgate came, as a tag of the first entry."""
    from mlgate.adapters.registry import versions

    try:
        with (
            workspace.doing(f"{name}: reading the files of version {step.version}, which was there before"),
            versions.version_files(workspace.registry, name, step.version) as (_, entries),
        ):
            return {ADOPTED: files.manifest_digest(entries)}
    except OutsideError as error:
        workspace.warn(f"production cannot go back to version {step.version} of {name}: {error.message}")
        return {}


def archive(workspace: Workspace, name: str, step: Archive) -> None:
    """Mark what was replaced; a version that is gone needs no mark."""
    from mlgate.adapters.registry import versions

    try:
        versions.tag_version(workspace.registry, name, step.version, {ARCHIVED: YES})
    except RegistryError as error:
        workspace.warn(f"{name} version {step.version} was not marked as archived: {error.message}")


def context(workspace: Workspace, reason: str) -> dict[str, str]:
    """Return who, why and from where, as tags of a history entry."""
    around, pull = workspace.runner, workspace.merged_pull
    facts = {
        REASON: reason,
        ACTOR: around.actor,
        RUN_URL: around.run_url or "",
        PULL_REQUEST: str(pull or ""),
        COMMIT: around.sha,
        VERSION: __version__,
    }
    return {key: value for key, value in facts.items() if value}


def one_line(reason: str) -> str:
    """Return a reason as the history keeps it, on one line; raises RequestError for one that nobody would read."""
    words = " ".join(reason.split())
    if len(words) > MAX_REASON:
        raise RequestError(
            f"the reason has {len(words):,} characters; the history keeps {MAX_REASON}",
            hint="say it in a sentence, and link to the rest",
        )
    return words


def check_bytes(workspace: Workspace, name: str, step: CheckBytes, *, formats: bool = False) -> Refusal | None:
    """Raise StaleError when a version's files are not those that were promoted; judge their `formats` if asked to."""
    from mlgate.adapters.registry import versions

    with (
        workspace.doing(f"{name}: checking the files of version {step.version}"),
        versions.version_files(workspace.registry, name, step.version) as (folder, entries),
    ):
        if files.manifest_digest(entries) != step.manifest:
            raise StaleError(
                f"the files of {name} version {step.version} are not those that were promoted",
                hint="choose another version (`mlgate history` lists them), and find out who changed them",
            )
        return check_formats(workspace, name, folder, entries) if formats else None
