"""What promotion and rollback share: append to the stage history, move the alias, check bytes, say what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlgate import __version__
from mlgate.adapters import files
from mlgate.errors import RequestError, StaleError
from mlgate.promotion.history import NONE, replay
from mlgate.promotion.values import Refusal
from mlgate.verdict import Outcome, Verdict

if TYPE_CHECKING:
    from mlgate.promotion.history import Entry
    from mlgate.promotion.values import PromotionPlan
    from mlgate.steps.workspace import Workspace

MAX_REASON = 500


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
        }

    def _status(self) -> str:
        if isinstance(self.plan, Refusal) or not self.plan.steps:
            return "already"
        return "planned" if self.dry_run else "done"


def append(workspace: Workspace, name: str, *, source: str, run_id: str, tags: dict[str, str]) -> str:
    """Append an entry, then replay: raises StaleError when another promotion was faster, with nothing moved."""
    from mlgate.adapters.registry import versions

    number = versions.create_version(workspace.registry, name, source=source, run_id=run_id, tags=tags)
    after = replay(versions.read_versions(workspace.registry, name))
    if after.find(number) is None:
        versions.tag_version(workspace.registry, name, number, {"mlgate.stale": "true"})
        head = after.head.version if after.head else NONE
        raise StaleError(
            f"another promotion of {name} was faster: production is version {head} now; this one moved nothing",
            hint="compare again with the new production: `mlgate compare`, then promote",
        )
    return number


def move_alias(workspace: Workspace, name: str, alias: str) -> None:
    """Point the alias to the replayed head, and look again: a later valid entry may have come meanwhile."""
    from mlgate.adapters.registry import versions

    for _ in range(5):
        head = replay(versions.read_versions(workspace.registry, name)).head
        if head is None or versions.read_alias(workspace.registry, name, alias) == head.version:
            return
        versions.set_alias(workspace.registry, name, alias, head.version)


def context(workspace: Workspace, reason: str) -> dict[str, str]:
    """Return who, why and from where, as tags of a history entry."""
    around = workspace.runner
    facts = {
        "mlgate.reason": reason,
        "mlgate.actor": around.actor,
        "mlgate.run_url": around.run_url or "",
        "mlgate.commit": around.sha,
        "mlgate.version": __version__,
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


def check_bytes(workspace: Workspace, name: str, entry: Entry) -> None:
    """Raise StaleError when a version's files are not those that were promoted."""
    from mlgate.adapters.registry import versions

    with (
        workspace.doing(f"{name}: checking the files of version {entry.version}"),
        versions.version_files(workspace.registry, name, entry.version) as (_, entries),
    ):
        if files.manifest_digest(entries) != entry.manifest:
            raise StaleError(
                f"the files of {name} version {entry.version} are not those that were promoted",
                hint="choose another version (`mlgate rollback --to VERSION`), and find out who changed them",
            )
