"""What is kept beside a version for later data to be held against: the profile of its training data, its importance."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlgate.adapters.registry import versions
from mlgate.data.profile.profile import Profile
from mlgate.errors import DataError
from mlgate.records import Importance
from mlgate.steps.kept import read_kept
from mlgate.steps.production import find_production

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.adapters.registry import Registry
    from mlgate.promotion.history import Entry
    from mlgate.steps.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A version, what its training data looked like, and what its predictions rest on; None where it is not known."""

    version: str
    profile: Profile | None
    importance: Importance | None


def production_reference(workspace: Workspace, name: str) -> Reference | None:
    """Read what production keeps; None where there is no registry, or nothing in production yet."""
    production = find_production(workspace, name) if workspace.has_registry else None
    return None if production is None else _read(workspace.registry, name, production, workspace.warn)


def version_reference(registry: Registry, uri: str, warn: Callable[[str], None]) -> Reference:
    """Read what models:/NAME@ALIAS or models:/NAME/VERSION keeps; raises DataError where there is no such version."""
    found = re.fullmatch(r"models:/(?P<name>[^@/]+)(?:@(?P<alias>.+)|/(?P<version>\d+))", uri)
    if found is None:
        raise DataError(f"{uri!r} names no version of a model", hint="write models:/NAME@ALIAS or models:/NAME/VERSION")
    entries = versions.read_versions(registry, found["name"])
    version = found["version"]
    if found["alias"] and entries:
        version = versions.read_alias(registry, found["name"], found["alias"])
    entry = next((one for one in entries if one.version == version), None)
    if entry is None:
        there = ", ".join(one.version for one in entries[-5:]) or "none"
        raise DataError(
            f"{uri} is not in the registry; versions there: {there}",
            hint="correct the name, the alias or the version; MLFLOW_TRACKING_URI says which registry is asked",
        )
    return _read(registry, found["name"], entry, warn)


def _read(registry: Registry, name: str, entry: Entry, warn: Callable[[str], None]) -> Reference:
    of = f"version {entry.version} of {name}"
    return Reference(
        version=entry.version,
        profile=read_kept(registry, entry.run_id, "profile.json", Profile, of=of, warn=warn),
        importance=read_kept(registry, entry.run_id, "importance.json", Importance, of=of, warn=warn),
    )
