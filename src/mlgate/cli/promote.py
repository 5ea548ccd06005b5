"""`mlgate promote`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mlgate.cli.common import common_options, dry_run_option, open_workspace
from mlgate.cli.moved import deployment_option, finish, token_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command("promote")
@common_options
@dry_run_option
@click.option("--reason", default="", help="Why, for the history.")
@click.option("--unfence", is_flag=True, help="Promote a model that was rolled back before.")
@token_option
@deployment_option
def command(  # noqa: PLR0913 (options are arguments)
    *,
    config: Path,
    model: tuple[str, ...],
    as_json: bool,
    dry_run: bool,
    reason: str,
    unfence: bool,
    github_token: str | None,
    deployment: bool,
) -> int:
    """Make the reviewed candidate production: exactly the one that was compared for this commit's inputs, or nothing.

    Everything that the comparison was bound to is computed again: code, configuration, gate, data, the model's files,
    and production. No model is loaded. Exit code 4 means that comparing again may change the answer.
    """
    from mlgate.steps.promote import promote

    workspace = open_workspace(config, as_json=as_json, token=github_token)
    records = [
        promote(workspace, name, reason=reason, dry_run=dry_run, unfence=unfence)
        for name in workspace.loaded.choose(model)
    ]
    return finish(workspace, records, as_json=as_json, deployment=deployment)
