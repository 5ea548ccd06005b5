"""Where a model's stages stand, as the aliases and the stage history say."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from mlgate.errors import RegistryError
from mlgate.promotion.history import PRODUCTION, replay
from mlgate.promotion.values import STAGES, Standing

if TYPE_CHECKING:
    from mlgate.promotion.history import Entry, History
    from mlgate.promotion.values import Stage
    from mlgate.steps.workspace import Workspace

PAUSES = (0.2, 0.5)  # seconds


def alias_of(workspace: Workspace, stage: Stage) -> str:
    """Name the alias of a stage."""
    registry = workspace.loaded.config.registry
    return registry.alias if stage == PRODUCTION else registry.staging_alias


def read_standing(workspace: Workspace, name: str, stage: Stage = PRODUCTION) -> Standing:
    """Return where a stage stands, by the newest entries of its history alone (see `read_tail`)."""
    from mlgate.adapters.registry import versions

    alias = alias_of(workspace, stage)
    for pause in (*PAUSES, 0.0):
        history = replay(versions.read_tail(workspace.registry, name, stage), stage)
        version = versions.read_alias(workspace.registry, name, alias)
        standing = Standing(stage=stage, alias=alias, alias_version=version, history=history)
        if standing.head is None or standing.head.version == version or standing.interrupted:
            break
        time.sleep(pause)  # the two answers may be from before and after another promotion
    return standing


def read_history(
    workspace: Workspace, name: str, stage: Stage = PRODUCTION
) -> tuple[History, tuple[Entry, ...], str | None]:
    """Return the whole replayed history of a stage of `name`, all versions, and the version behind the alias."""
    from mlgate.adapters.registry import versions

    registry = workspace.registry
    entries = tuple(versions.read_versions(registry, name))
    alias = versions.read_aliases(registry, name).get(alias_of(workspace, stage)) if entries else None
    return replay(entries, stage), entries, alias


def read_stages(workspace: Workspace, name: str) -> tuple[list[Entry], tuple[Standing, ...]]:
    """Return all versions of `name`, and where staging and production stand, each with its whole history."""
    from mlgate.adapters.registry import versions

    entries = versions.read_versions(workspace.registry, name)
    aliases = versions.read_aliases(workspace.registry, name) if entries else {}
    stages = (
        Standing(
            stage=stage,
            alias=alias_of(workspace, stage),
            alias_version=aliases.get(alias_of(workspace, stage)),
            history=replay(entries, stage),
        )
        for stage in STAGES
    )
    return entries, tuple(stages)


def find_production(workspace: Workspace, name: str) -> Entry | None:
    """Return what is served now: the version behind the alias, or None before the first promotion.

    Where an alias has yet to follow the history, as after a crash, it is the history's head: the next promotion
    moves the alias.
    """
    from mlgate.adapters.registry import versions

    standing = read_standing(workspace, name)
    if standing.interrupted:
        return standing.head
    if standing.alias_version is None:
        if standing.head is not None:
            raise RegistryError(
                f"the history of {name} says that version {standing.head.version} is production, but the alias is gone",
                hint=f"`mlgate doctor --model {name} --fix` puts it back",
            )
        return None
    return versions.read_version(workspace.registry, name, standing.alias_version)
