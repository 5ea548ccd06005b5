"""Look at a model's stages as they are, and mend what a crash left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.adapters import files
from mlgate.errors import RegistryError
from mlgate.promotion.diagnosis import Problem, diagnose
from mlgate.promotion.history import PRODUCTION
from mlgate.promotion.values import MoveAlias
from mlgate.steps.production import read_history
from mlgate.steps.stage import move_alias

if TYPE_CHECKING:
    from mlgate.promotion.history import Entry
    from mlgate.steps.workspace import Workspace


def examine(workspace: Workspace, name: str, *, fix: bool) -> tuple[list[Problem], list[Problem]]:
    """Return (problems that remain, problems that were mended)."""
    alias = workspace.loaded.config.registry.alias
    history, _, alias_version = read_history(workspace, name)
    matches = _bytes_match(workspace, name, history.head) if history.head else None
    problems = diagnose(history, alias, alias_version, head_bytes_match=matches)
    mended = [problem for problem in problems if problem.fixable and fix]
    if mended:
        move_alias(workspace, name, MoveAlias(stage=PRODUCTION, alias=alias))
    return [problem for problem in problems if problem not in mended], mended


def _bytes_match(workspace: Workspace, name: str, head: Entry) -> bool | None:
    from mlgate.adapters.registry import versions

    try:
        with (
            workspace.doing(f"{name}: checking the files of production version {head.version}"),
            versions.version_files(workspace.registry, name, head.version) as (_, entries),
        ):
            return files.manifest_digest(entries) == head.manifest
    except RegistryError:
        return None
