"""Whoever adds a version says where its files are: nothing is fetched from another store than production's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.errors import StaleError

if TYPE_CHECKING:
    from mlgate.promotion.history import Entry
    from mlgate.steps.workspace import Workspace


def require_own_store(workspace: Workspace, name: str, registered: str, entry: Entry) -> None:
    """Raise StaleError when a version of `registered`, or its run, keeps its files elsewhere than production of `name`.

    A strange store would be shown this job's credential, or be what only this job can reach.
    """
    from mlgate.adapters.registry import runs, versions

    registry, where = workspace.registry, f"{registered} version {entry.version}"
    ours = runs.store_of_experiment(registry, f"{name}/production")
    for theirs in (
        runs.store_of_run(registry, entry.run_id),
        versions.store_of_version(registry, registered, entry.version),
    ):
        if theirs is None:
            raise StaleError(f"the run of {where} is gone", hint="train and compare again")
        if theirs != ours:
            raise StaleError(
                f"{where} keeps its files in {theirs}, and production keeps its in {ours}",
                hint="find out who added it; then train and compare again",
            )
