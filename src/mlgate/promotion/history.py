"""The stage history: an append-only list of versions, replayed to find which one is production.

The registry hands out version numbers atomically, so they order the entries. Each entry names the version that it
replaces (`base`). It counts only if `base` is the head after all earlier entries; an entry that does not is stale:
its writer decided about a production that was no longer there. Two promoters that race therefore both append, but
only the first one's entry counts, whatever the order in which the alias is written.

Each stage (staging, production) has a chain of its own in the one list. Entries that count are marked as confirmed, the
oldest first, once the alias has followed. So a reader may begin at the newest confirmed entry, since what comes before
cannot change the head; and of the entries before it, those that are confirmed are those that counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

PREFIX = "mlgate."
OPERATION = PREFIX + "operation"
BASE = PREFIX + "base"
MANIFEST = PREFIX + "manifest"
CANDIDATE = PREFIX + "candidate"
ORIGINAL = PREFIX + "original"
STAGE = PREFIX + "stage"
CONFIRMED = PREFIX + "confirmed"
ARCHIVED = PREFIX + "archived"
KEY = PREFIX + "key"  # tells an entry that a retried request appended twice from that of a rival
STALE = PREFIX + "stale"
FENCES = PREFIX + "fences"  # the digest that a rollback went back from
ASKED = PREFIX + "asked"  # what a rollback was told to go back to
REASON = PREFIX + "reason"
RUN_URL = PREFIX + "run_url"
STAGING: Final = "staging"
PRODUCTION: Final = "production"
YES = "true"
NONE = "none"  # the base of a first promotion: tags cannot hold nothing


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A version of a registered model, as the registry lists it."""

    version: str
    run_id: str
    source: str
    created_at: datetime
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def operation(self) -> str | None:
        """`promote`, `rollback`, or None for a version that mlgate did not make."""
        return self.tags.get(OPERATION)

    @property
    def stage(self) -> str | None:
        """The stage that the entry is about, or None for a version that mlgate did not make."""
        return self.tags.get(STAGE)

    @property
    def confirmed(self) -> bool:
        """Whether the entry counted and its alias followed."""
        return self.tags.get(CONFIRMED) == YES

    @property
    def manifest(self) -> str | None:
        """Digest of the version's files when it was appended."""
        return self.tags.get(MANIFEST)

    @property
    def original(self) -> str:
        """The promoted version whose bytes these are: itself, or what a rollback went back to."""
        return self.tags.get(ORIGINAL, self.version)


@dataclass(frozen=True, kw_only=True)
class History:
    """What the replay found: entries that counted, oldest first, and those that did not."""

    valid: tuple[Entry, ...]
    stale: tuple[Entry, ...]
    foreign: tuple[Entry, ...]

    @property
    def head(self) -> Entry | None:
        """The entry that is production."""
        return self.valid[-1] if self.valid else None

    def find(self, version: str) -> Entry | None:
        """Return the valid entry of that version number."""
        return next((entry for entry in self.valid if entry.version == version), None)


def goes_back_to(entry: Entry, head: Entry) -> bool:
    """Whether an older entry that counted is one that production goes back to: what it was before, with other bytes.

    After a rollback that is before the version that was gone back to, so that rolling back twice goes further back
    instead of returning to what was just abandoned.
    """
    return int(entry.version) < int(head.original) and entry.manifest != head.manifest


def previous(history: History) -> Entry | None:
    """Return the newest entry that production goes back to, as far as this history reaches."""
    head = history.head
    return next((e for e in reversed(history.valid) if head is not None and goes_back_to(e, head)), None)


def is_fenced(digest: str, entries: Iterable[Entry]) -> bool:
    """Whether the files of `digest` were rolled back from, and not made production again since.

    `entries` holds at least production's entries that name the digest. A promotion that nobody confirmed lifts no
    fence: it may be stale.
    """
    about = [entry for entry in entries if entry.stage == PRODUCTION]
    raised = [int(e.version) for e in about if e.tags.get(FENCES) == digest and e.tags.get(STALE) != YES]
    lifted = [int(e.version) for e in about if e.manifest == digest and e.confirmed]
    return max(raised, default=0) > max(lifted, default=0)


def tail_of(entries: Iterable[Entry], *, before: str | None = None) -> list[Entry]:
    """Return the entries from the newest confirmed one on, oldest first: enough to replay the head.

    With `before` the confirmed one is older than that version, so that the replay answers whether it counted.
    """
    ordered = sorted(entries, key=lambda entry: int(entry.version))
    starts = [index for index, entry in enumerate(ordered) if begins(entry, before)]
    return ordered[max(starts, default=0) :]


def begins(entry: Entry, before: str | None) -> bool:
    """Whether a replay may begin at an entry, to answer about the version `before`."""
    return entry.confirmed and (before is None or int(entry.version) < int(before))


def replay(entries: Iterable[Entry], stage: str = PRODUCTION) -> History:
    """Fold a stage's entries in version order; the first of them sets the start, whatever base it names."""
    valid: list[Entry] = []
    stale: list[Entry] = []
    foreign: list[Entry] = []
    ordered = sorted(entries, key=lambda entry: int(entry.version))
    present = frozenset(entry.version for entry in ordered)
    for entry in ordered:
        if entry.operation is None:
            foreign.append(entry)
        elif entry.stage != stage:
            continue
        elif not valid or _follows(entry.tags.get(BASE, NONE), valid[-1], present):
            valid.append(entry)
        else:
            stale.append(entry)
    return History(valid=tuple(valid), stale=tuple(stale), foreign=tuple(foreign))


def _follows(base: str, head: Entry, present: frozenset[str]) -> bool:
    """Whether an entry that names `base` replaces `head`.

    A base that is newer than the head and no longer listed was the head until somebody deleted that version.
    """
    deleted_head = base not in present and base.isdigit() and int(base) > int(head.version)
    return base == head.version or deleted_head
