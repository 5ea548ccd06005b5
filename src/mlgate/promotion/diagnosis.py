"""What can be wrong with a model's stages, found by holding the alias against the replayed history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlgate.promotion.history import History


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong; `fixable` by moving the alias to the head of the history."""

    reason: str
    sentence: str
    fixable: bool = False


def diagnose(
    history: History, alias: str, alias_version: str | None, *, head_bytes_match: bool | None
) -> list[Problem]:
    """List what is wrong; `head_bytes_match` is None when the head's files could not be read."""
    head = history.head
    if head is None:
        if alias_version is None:
            return []
        return [
            Problem(
                reason="no_history",
                sentence=f"{alias} points to version {alias_version}, which mlgate did not promote; "
                "the next promotion starts the history from there",
            )
        ]
    problems = []
    if alias_version is None:
        problems.append(_alias(f"the alias {alias} is gone; the history says version {head.version}"))
    elif alias_version != head.version:
        known = history.find(alias_version)
        cause = "a promotion was interrupted" if known else "somebody moved it by hand"
        problems.append(
            _alias(f"{alias} points to version {alias_version}, the history says version {head.version}: {cause}")
        )
    if head_bytes_match is None:
        problems.append(Problem(reason="no_bytes", sentence=f"the files of version {head.version} cannot be read"))
    elif not head_bytes_match:
        problems.append(
            Problem(
                reason="changed_bytes",
                sentence=f"the files of production version {head.version} are not those that were promoted: roll back",
            )
        )
    return problems


def _alias(sentence: str) -> Problem:
    return Problem(reason="alias_differs", sentence=sentence, fixable=True)
