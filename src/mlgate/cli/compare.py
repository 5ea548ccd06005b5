"""`mlgate compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mlgate.cli.common import common_options, exit_code, open_workspace, publish
from mlgate.cli.show import show_comparison

if TYPE_CHECKING:
    from pathlib import Path


@click.command("compare")
@common_options
def command(*, config: Path, model: tuple[str, ...], as_json: bool) -> int:
    """Compare the candidate with production on the same held-out rows, and decide by the gate's rules.

    Rows are paired by key. Each rule is judged by a confidence interval; what the data cannot decide is INCONCLUSIVE,
    which blocks unless the gate says otherwise. Before the first promotion only absolute bounds are judged.
    """
    from mlgate.steps.compare import compare

    workspace = open_workspace(config, as_json=as_json)
    records = [compare(workspace, name) for name in workspace.loaded.choose(model)]
    for record in records:
        show_comparison(workspace, record)
    publish(workspace, records, as_json=as_json)
    return exit_code(records)
