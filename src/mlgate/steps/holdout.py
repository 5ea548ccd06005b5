"""The ledger of the held-out rows' uses: a tag on every candidate that was judged on them.

Versions are numbered by the registry and never renumbered, and no policy is in the tag, so that editing the policy
resets nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.evaluation.holdout import used
from mlgate.steps.production import read_history
from mlgate.tag_names import CANDIDATE, HELD_OUT

if TYPE_CHECKING:
    from mlgate.config.gate import Gate
    from mlgate.promotion.history import Entry
    from mlgate.records import HoldoutUse, Version
    from mlgate.steps.workspace import Workspace


def note_use(  # noqa: PLR0913 (each says what is noted)
    workspace: Workspace, name: str, candidate: Version, rows: str, predictions: str, *, gate: Gate
) -> HoldoutUse:
    """Note that the candidate is judged on these rows, before it is, and say which use that is, by this gate.

    The same predictions are the same use, whichever gate asks.
    """
    from mlgate.adapters.registry import versions

    tag = HELD_OUT + rows[:16]
    versions.tag_version(workspace.registry, candidate.name, candidate.version, {tag: predictions[:32]})
    asked = [entry for entry in versions.read_versions(workspace.registry, candidate.name) if tag in entry.tags]
    distinct = list(dict.fromkeys(entry.tags[tag] for entry in asked))
    others = {entry.version for entry in asked if entry.tags[tag] != predictions[:32]}
    history, _, _ = read_history(workspace, name)
    retired = any(_candidate(entry, candidate.name) in others for entry in history.valid)
    return used(gate, rows, distinct.index(predictions[:32]) + 1, retired=retired)


def _candidate(entry: Entry, registered: str) -> str:
    name, _, version = entry.tags.get(CANDIDATE, "").rpartition("/")
    return version if name == registered else ""
