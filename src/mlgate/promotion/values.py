"""A promotion as values: its steps, a plan of them, a refusal, and what is observed before deciding."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Literal

from mlgate.promotion.history import NONE, PRODUCTION, STAGING
from mlgate.tag_names import BASE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mlgate.promotion.history import Entry, History

Stage = Literal["staging", "production"]
STAGES: tuple[Stage, ...] = (STAGING, PRODUCTION)


@dataclass(frozen=True, kw_only=True)
class CopyBytes:
    """Copy the candidate's files to where the candidate's credential cannot reach them, checking their digest."""

    candidate: str
    version: str
    manifest: str

    def __str__(self) -> str:
        """Say it as a dry run does."""
        return f"check and copy the files of {self.candidate} version {self.version} ({self.manifest[:12]})"


@dataclass(frozen=True, kw_only=True)
class CheckBytes:
    """See that the files of a version are still those that were promoted."""

    version: str
    manifest: str

    def __str__(self) -> str:
        """Say it as a dry run does."""
        return f"check the files of version {self.version} ({self.manifest[:12]})"


@dataclass(frozen=True, kw_only=True)
class Adopt:
    """Note the digest of a version that was production before mlgate came, so that a rollback may go back to it."""

    version: str

    def __str__(self) -> str:
        """Say it as a dry run does."""
        return f"adopt version {self.version}: keep the digest of its files"


@dataclass(frozen=True, kw_only=True)
class Append:
    """Append an entry to the stage history; it counts only if `base` is still the stage's head."""

    operation: Literal["promote", "rollback"]
    stage: Stage
    base: str
    original: str | None = None

    def __str__(self) -> str:
        """Say it as a dry run does."""
        return f"append to the history of {self.stage}: {self.operation}, replacing version {self.base}"


@dataclass(frozen=True, kw_only=True)
class MoveAlias:
    """Point the stage's alias to its replayed head, and confirm the entry."""

    stage: Stage
    alias: str

    def __str__(self) -> str:
        """Say it as a dry run does."""
        return f"move the alias {self.alias} to the new version"


@dataclass(frozen=True, kw_only=True)
class Archive:
    """Mark the version that was replaced; it can be restored by a rollback."""

    version: str

    def __str__(self) -> str:
        """Say it as a dry run does."""
        return f"mark version {self.version} as archived"


Step = CopyBytes | CheckBytes | Adopt | Append | MoveAlias | Archive


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
class Standing:
    """Where a stage stands: its history, from a confirmed entry on, and the version behind its alias."""

    stage: Stage
    alias: str
    alias_version: str | None
    history: History

    @property
    def head(self) -> Entry | None:
        """The entry that the history says is in this stage."""
        return self.history.head

    @property
    def current(self) -> str | None:
        """The version in this stage: the history's head, else what the alias pointed to before mlgate came."""
        return self.head.version if self.head else self.alias_version

    @property
    def interrupted(self) -> bool:
        """Whether the alias has yet to follow entries that count, as after a crash; else somebody moved it."""
        unconfirmed = takewhile(lambda entry: not entry.confirmed, reversed(self.history.valid))
        bases = {entry.tags.get(BASE, NONE) for entry in unconfirmed}
        return self.alias_version != self.current and (self.alias_version or NONE) in bases


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A data file that is here: as the configuration names it, and the sha256 of its bytes."""

    path: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Observed:
    """What is true now, to be held against what the evidence says was true then.

    `replaced_policy` is the digest of the policy before this merge, where the merge brought another one; `known` holds
    at least the entries of the very files that are to be promoted.
    """

    inputs_digest: str
    dirty: tuple[str, ...]
    config_digest: str
    gate_digest: str
    data: Mapping[Literal["train", "held_out"], Seen]
    fenced: bool
    now: datetime
    replaced_policy: str | None = None
    known: tuple[Entry, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a rollback was asked for: `previous` or a version, why, and by which workflow run.

    With `from_version`, only while production is that version: of two people who go back at once, one does.
    """

    to: str
    reason: str
    run_url: str = ""
    from_version: str | None = None
