"""`mlgate train`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mlgate.cli.common import common_options, dry_run_option, open_workspace, take_step
from mlgate.cli.show import show_training

if TYPE_CHECKING:
    from pathlib import Path


@click.command("train")
@common_options
@dry_run_option
def command(*, config: Path, model: tuple[str, ...], as_json: bool, dry_run: bool) -> int:
    """Train a candidate in your own Python, tracked by MLflow, and register it.

    The data must have been validated. A training that crashes, runs out of time or logs no model is an outcome of its
    own, with its last lines, and registers nothing.
    """
    from mlgate.steps.train import describe_training, train

    workspace = open_workspace(config, as_json=as_json)
    chosen = workspace.loaded.choose(model)
    if dry_run:
        for name in chosen:
            workspace.console.print(describe_training(workspace, name), markup=False)
        return 0
    return take_step(workspace, chosen, train, show_training, as_json=as_json)
