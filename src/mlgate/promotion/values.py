"""A promotion as values: its steps, a plan of them, a refusal, and what is observed before deciding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime


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
    """What is true now, to be held against what the evidence says was true then.

    `replaced_policy` is the digest of the policy before this merge, where the merge brought another one.
    """

    inputs_digest: str
    dirty: tuple[str, ...]
    config_digest: str
    gate_digest: str
    data: dict[str, str]
    alias: str
    alias_version: str | None
    now: datetime
    replaced_policy: str | None = None
