"""Find the versions that a rollback goes back from and to, by the end of the history and by their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.promotion.history import PRODUCTION, adopted, goes_back_to, is_number, previous
from mlgate.promotion.plan import answers
from mlgate.tag_names import ADOPTED, BASE, RUN_URL, STAGE

if TYPE_CHECKING:
    from mlgate.promotion.history import Entry
    from mlgate.promotion.values import Standing, Wish
    from mlgate.steps.workspace import Workspace


def find_served(workspace: Workspace, name: str, standing: Standing) -> Entry | None:
    """Find the entry that is served, which is not the head where an alias has yet to follow, or was moved by hand."""
    if standing.alias_version is None or standing.head is None:
        return standing.head
    return _counted(workspace, name, standing, standing.alias_version) or standing.head


def _counted(workspace: Workspace, name: str, standing: Standing, version: str) -> Entry | None:
    """Find a version that was production: near the end of the history, or by its number, confirmed or adopted."""
    from mlgate.adapters.registry import versions

    near = standing.history.find(version)
    if near is not None or not is_number(version):
        return near
    entry = versions.read_version(workspace.registry, name, version)
    if entry is not None and entry.operation is None:
        before = _adopted(workspace, name, standing)
        return before if before is not None and before.version == version else None
    return entry if entry is not None and entry.stage == PRODUCTION and entry.confirmed else None


def _adopted(workspace: Workspace, name: str, standing: Standing) -> Entry | None:
    """Find what was production before the first promotion, if it was adopted and is still there."""
    from mlgate.adapters.registry import versions

    first = next((entry for entry in standing.history.valid if ADOPTED in entry.tags), None)
    first = first or versions.find_back(workspace.registry, name, PRODUCTION, lambda entry: ADOPTED in entry.tags)
    version = versions.read_version(workspace.registry, name, first.tags[BASE]) if first else None
    return adopted(first, version) if first and version else None


def find_target(workspace: Workspace, name: str, standing: Standing, served: Entry, to: str) -> Entry | None:
    """Find the entry to go back to."""
    from mlgate.adapters.registry import versions

    if to != "previous":
        return _counted(workspace, name, standing, to)
    registry, found = workspace.registry, previous(standing.history, served)
    found = found or versions.find_back(registry, name, PRODUCTION, lambda entry: goes_back_to(entry, served))
    if found is not None:
        return found
    before = _adopted(workspace, name, standing)
    return before if before is not None and goes_back_to(before, served) else None


def find_done(workspace: Workspace, name: str, standing: Standing, wish: Wish) -> Entry | None:
    """Find what the same run of a workflow did for this wish before, however long ago; people have no runs."""
    from mlgate.adapters.registry import versions

    if not wish.run_url:
        return None
    about = versions.read_versions(workspace.registry, name, {STAGE: PRODUCTION, RUN_URL: wish.run_url})
    counted = [entry for entry in about if entry.confirmed or standing.history.find(entry.version)]
    return next((entry for entry in reversed(counted) if answers(entry, wish)), None)
