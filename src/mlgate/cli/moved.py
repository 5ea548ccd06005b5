"""What `mlgate promote` and `mlgate rollback` do once production has moved, or has not: tell whoever looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mlgate.cli.common import exit_code, publish
from mlgate.cli.show import show_promotion

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlgate.cli.common import Command
    from mlgate.errors import ExitCode
    from mlgate.records import PromotionRecord
    from mlgate.steps.workspace import Workspace

deployment_option: Callable[[Command], Command] = click.option(
    "--deployment/--no-deployment",
    default=True,
    show_default=True,
    help="On Actions: whether to write a deployment for what is promoted or rolled back.",
)


def finish(
    workspace: Workspace, records: Sequence[PromotionRecord], *, as_json: bool, deployment: bool = True
) -> ExitCode:
    """Print the records, tell GitHub, write the job summary and the outputs; return the exit code."""
    from mlgate.adapters.runner import write_summary
    from mlgate.report.paragraph import paragraph
    from mlgate.steps.deployment import announce

    for record in records:
        show_promotion(workspace, record)
        if deployment:
            announce(workspace, record)
        version = record.to_version
        page = workspace.registry.version_url(record.model, version) if version else None
        write_summary(workspace.runner, f"{paragraph(record, page)}\n")
    publish(workspace, records, as_json=as_json)
    return exit_code(records)
