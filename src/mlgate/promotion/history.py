"""The stage history: an append-only list of versions, replayed to find which one is production.

The registry hands out version numbers atomically, so they order the entries. Each entry names the version that it
replaces (`base`). It counts only if `base` is the head after all earlier entries; an entry that does not is stale, for
good once it is tagged so: its writer decided about a production that was no longer there. Two promoters that race
therefore both append, but only the first one's entry counts, whatever the order in which the alias is written.

Each stage (staging, production) has a chain of its own in the one list. Entries that count are marked as confirmed, the
oldest first, once the alias has followed. So a reader may begin at the newest confirmed entry, since what comes before
cannot change the head; and of the entries before it, those that are confirmed are those that counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from mlgate.tag_names import (
    ADOPTED,
    BASE,
    CONFIRMED,
    FENCES,
    FENCES_SOURCE,
    MADE_FROM,
    MANIFEST,
    OPERATION,
    ORIGINAL,
    STAGE,
    STALE,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

STAGING: Final = "staging"
PRODUCTION: Final = "production"
YES = "true"
NONE = "none"  # the base of a first promotion: tags cannot hold nothing


def is_number(text: str) -> bool:
    """Whether a tag or a word of a person can be a version's number."""
    return text.isascii() and text.isdigit() and len(text) <= 18


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
    def overtaken(self) -> bool:
        """Whether its own promotion found that another one had been faster."""
        return self.tags.get(STALE) == YES

    @property
    def manifest(self) -> str | None:
        """Digest of the version's files when it was appended."""
        return self.tags.get(MANIFEST)

    @property
    def original(self) -> str:
        """The promoted version whose bytes these are: itself, or what a rollback went back to."""
        original = self.tags.get(ORIGINAL, "")
        return original if is_number(original) else self.version


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


def goes_back_to(entry: Entry, served: Entry) -> bool:
    """Whether an older entry that counted is one that one goes back to from what is served: with other bytes.

    After a rollback that is before the version that was gone back to, so that rolling back twice goes further back
    instead of returning to what was just abandoned.
    """
    return int(entry.version) < int(served.original) and entry.manifest != served.manifest


def left_behind(head: Entry, served: Entry, target: Entry) -> Entry:
    """Return what a rollback leaves: what is served, or the head where somebody served the target's bytes already."""
    return head if served.manifest == target.manifest else served


def adopted(first: Entry, version: Entry) -> Entry:
    """Return the version that the first entry found in production as an entry to go back to, with its files' digest."""
    return replace(version, tags={**version.tags, MANIFEST: first.tags[ADOPTED]})


def previous(history: History, served: Entry) -> Entry | None:
    """Return the newest entry that one goes back to from what is served, as far as this history reaches."""
    return next((entry for entry in reversed(history.valid) if goes_back_to(entry, served)), None)


@dataclass(frozen=True, kw_only=True)
class Makings:
    """What a model is known by: the digest of its files, and of what they were made from."""

    manifest: str
    made_from: str = ""

    def asked(self) -> dict[str, str]:
        """Return the tags, by name, that an entry about this model has one of."""
        tags = {FENCES: self.manifest, MANIFEST: self.manifest}
        return {**tags, FENCES_SOURCE: self.made_from, MADE_FROM: self.made_from} if self.made_from else tags


def is_fenced(model: Makings, entries: Iterable[Entry]) -> bool:
    """Whether the model was rolled back from, and not made production again since: its files, or others made alike.

    `entries` holds at least production's entries that name it. A promotion that nobody confirmed lifts no fence: it may
    be stale; nor does a rollback, which went back to older files of it.
    """
    about = [entry for entry in entries if entry.stage == PRODUCTION]
    asked = model.asked()
    raised = [e for e in about if not e.overtaken and _names(e, asked, (FENCES, FENCES_SOURCE))]
    lifted = [e for e in about if e.confirmed and e.operation == "promote" and _names(e, asked, (MANIFEST, MADE_FROM))]
    return max((int(e.version) for e in raised), default=0) > max((int(e.version) for e in lifted), default=0)


def _names(entry: Entry, asked: Mapping[str, str], keys: tuple[str, ...]) -> bool:
    return any(key in asked and entry.tags.get(key) == asked[key] for key in keys)


def tail_of(entries: Iterable[Entry], *, before: str | None = None) -> list[Entry]:
    """Return the entries from the newest confirmed one on, oldest first: enough to replay the head.

    With `before` the confirmed one is older than that version, so that the replay answers whether it counted.
    """
    ordered = sorted(entries, key=lambda entry: int(entry.version))
    starts = [index for index, entry in enumerate(ordered) if begins(entry, before)]
    return ordered[max(starts, default=0) :]


def begins(entry: Entry, before: str | None) -> bool:
    """Whether a replay may begin at an entry, to answer about the version `before`."""
    return entry.confirmed and not entry.overtaken and (before is None or int(entry.version) < int(before))


def replay(entries: Iterable[Entry], stage: str = PRODUCTION) -> History:
    """Fold a stage's entries in version order; the first of them sets the start, whatever base it names.

    What was found to be stale stays so, although the version that overtook it is deleted.
    """
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
        elif not entry.overtaken and (not valid or _follows(entry.tags.get(BASE, NONE), valid[-1], present)):
            valid.append(entry)
        else:
            stale.append(entry)
    return History(valid=tuple(valid), stale=tuple(stale), foreign=tuple(foreign))


def _follows(base: str, head: Entry, present: frozenset[str]) -> bool:
    """Whether an entry that names `base` replaces `head`.

    A base that is newer than the head and no longer listed was the head until somebody deleted that version.
    """
    deleted_head = base not in present and is_number(base) and int(base) > int(head.version)
    return base == head.version or deleted_head
