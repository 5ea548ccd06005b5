"""Look at a model's stages, at the credential at hand and at the workflows, and mend what a crash left behind."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mlgate.adapters import files
from mlgate.doctor.access import judge_access, resources
from mlgate.doctor.diagnosis import diagnose, look_aside, look_at_others, look_back, look_deeper
from mlgate.errors import RegistryError
from mlgate.promotion.history import PRODUCTION, replay, tail_of
from mlgate.promotion.values import MoveAlias
from mlgate.records import ModelHealth
from mlgate.steps.production import read_stages
from mlgate.steps.stage import move_alias

if TYPE_CHECKING:
    from pathlib import Path

    from mlgate.doctor.access import Role
    from mlgate.promotion.history import Entry, History
    from mlgate.promotion.values import Standing
    from mlgate.records import Problem
    from mlgate.steps.workspace import Workspace


def look_at(
    workspace: Workspace, name: str, *, fix: bool = False, deep: bool = False, role: Role | None = None
) -> ModelHealth:
    """Examine one model: its alias, history and files; `deep` every version to go back to, `role` the credential."""
    from mlgate.adapters.registry import runs

    entries, stages = read_stages(workspace, name)
    found: list[Problem] = []
    to_move: list[MoveAlias] = []
    for standing in stages:
        matches = _bytes_match(workspace, name, standing.head) if standing.head else None
        of_stage = diagnose(standing, head_bytes_match=matches)
        if not _moves_there(standing, entries):
            of_stage = [problem.model_copy(update={"fixable": False, "write": ""}) for problem in of_stage]
        if any(problem.fixable for problem in of_stage):
            to_move.append(MoveAlias(stage=standing.stage, alias=standing.alias))
        found += [*of_stage, *look_back(standing.history, entries, standing.stage)]
    production = next(standing.history for standing in stages if standing.stage == PRODUCTION)
    found += look_at_others(production, entries, shared=workspace.candidates(name) == name)
    found += look_aside(runs.unfinished_runs(workspace.registry, f"{name}/production"), datetime.now(UTC))
    if deep:
        found += look_deeper({entry.version: _bytes_match(workspace, name, entry) for entry in _targets(production)})
    if role:
        found += _judge_credential(workspace, name, role)
    if fix and to_move:
        for step in to_move:
            move_alias(workspace, name, step)
        mended = tuple(problem for problem in found if problem.fixable)
        return look_at(workspace, name, deep=deep, role=role).model_copy(update={"mended": mended})
    return ModelHealth(
        model=name,
        problems=tuple(one for one in found if one.level == "problem"),
        advice=tuple(one for one in found if one.level == "advice"),
    )


def _moves_there(standing: Standing, entries: list[Entry]) -> bool:
    """Whether the end of the history, by which an alias is moved, has the head whose files are checked here."""
    tail = tail_of(entry for entry in entries if entry.stage == standing.stage)
    return replay(tail, standing.stage).head == standing.head


def look_at_workflows(folder: Path) -> tuple[Problem, ...]:
    """Examine the workflow files of the repository that holds `folder`."""
    from mlgate.adapters.workflow_files import read_workflow_files
    from mlgate.doctor.workflows import lint

    return tuple(lint(read_workflow_files(folder)))


def _judge_credential(workspace: Workspace, name: str, role: Role) -> list[Problem]:
    from mlgate.adapters.registry.access import read_access

    guarded = resources(name, workspace.candidates(name))
    with workspace.doing(f"{name}: asking what this credential may do"):
        return judge_access(read_access(workspace.registry, guarded), role, guarded)


def _targets(history: History) -> list[Entry]:
    """List the promotions that a rollback could go back to: once for each model, newest first, without production's."""
    head = history.head
    if head is None:
        return []
    found = {entry.manifest: entry for entry in history.valid if entry.operation == "promote"}
    return [entry for entry in reversed(found.values()) if entry.manifest != head.manifest]


def _bytes_match(workspace: Workspace, name: str, entry: Entry) -> bool | None:
    from mlgate.adapters.registry import versions

    try:
        with (
            workspace.doing(f"{name}: checking the files of version {entry.version}"),
            versions.version_files(workspace.registry, name, entry.version) as (_, entries),
        ):
            return files.manifest_digest(entries) == entry.manifest
    except RegistryError:
        return None
