"""Which version is production, as the alias and the stage history say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.errors import RegistryError
from mlgate.promotion.history import replay

if TYPE_CHECKING:
    from mlgate.promotion.history import Entry, History
    from mlgate.steps.workspace import Workspace


def read_history(workspace: Workspace, name: str) -> tuple[History, tuple[Entry, ...], str | None]:
    """Return the replayed history of `name`, all its versions, and the version that the alias points to."""
    from mlgate.adapters.registry import versions

    registry = workspace.registry
    entries = tuple(versions.read_versions(registry, name))
    alias = versions.read_alias(registry, name, workspace.loaded.config.registry.alias) if entries else None
    return replay(entries), entries, alias


def find_production(workspace: Workspace, name: str) -> Entry | None:
    """Return what is served now: the version behind the alias, or None before the first promotion."""
    history, entries, alias = read_history(workspace, name)
    if alias is None:
        if history.head is not None:
            raise RegistryError(
                f"the history of {name} says that version {history.head.version} is production, but the alias is gone",
                hint=f"`mlgate doctor --model {name} --fix` puts it back",
            )
        return None
    return next(entry for entry in entries if entry.version == alias)
