"""What is kept beside a version for later data to be held against: the profile of its training data, its importance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from mlgate.adapters.registry import runs
from mlgate.data.profile.profile import Profile
from mlgate.records import Importance
from mlgate.steps.production import find_production

if TYPE_CHECKING:
    from mlgate.steps.workspace import Workspace

Kept = TypeVar("Kept", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A version, what its training data looked like, and what its predictions rest on; None where it is not known."""

    version: str
    profile: Profile | None
    importance: Importance | None


def production_reference(workspace: Workspace, name: str) -> Reference | None:
    """Read what production keeps; None where there is no registry, or nothing in production yet."""
    production = find_production(workspace, name) if workspace.has_registry else None
    if production is None:
        return None
    return Reference(
        version=production.version,
        profile=_kept(workspace, production.run_id, "profile.json", Profile, name),
        importance=_kept(workspace, production.run_id, "importance.json", Importance, name),
    )


def _kept(workspace: Workspace, run_id: str, file: str, kind: type[Kept], name: str) -> Kept | None:
    text = runs.fetch_text(workspace.registry, run_id, file)
    try:
        return kind.model_validate_json(text) if text else None
    except ValidationError:
        workspace.warn(f"{name}: the {file} kept with production is of another mlgate's format, and is not used")
        return None
