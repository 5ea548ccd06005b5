"""`mlgate validate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mlgate.cli.common import common_options, exit_code, open_workspace, publish
from mlgate.cli.show import show_validation

if TYPE_CHECKING:
    from pathlib import Path


@click.command("validate")
@common_options
def command(*, config: Path, model: tuple[str, ...], as_json: bool) -> int:
    """Check the data before anything is trained on it.

    Checks both data files against the schema, their keys and labels, and the training data's shift against what
    production was trained on. Every failure is collected, counted in full, and shown with its first rows.
    """
    from mlgate.steps.validate import validate

    workspace = open_workspace(config, as_json=as_json)
    records = [validate(workspace, name) for name in workspace.loaded.choose(model)]
    for record in records:
        show_validation(workspace, record)
    publish(workspace, records, as_json=as_json)
    return exit_code(records)
