"""What `mlgate promote` and `mlgate rollback` do once production has moved, or has not: tell whoever looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mlgate.cli.common import exit_code, for_each, publish
from mlgate.cli.show import show_promotion
from mlgate.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mlgate.cli.common import Command
    from mlgate.records import PromotionRecord
    from mlgate.steps.workspace import Workspace

deployment_option: Callable[[Command], Command] = click.option(
    "--deployment/--no-deployment",
    default=True,
    show_default=True,
    help="On Actions: whether to write a deployment for what is promoted or rolled back.",
)


def to_roll_back(workspace: Workspace, model: Sequence[str]) -> list[str]:
    """Name the models to roll back; an alarm is about one, so that of several somebody has to say which."""
    if not model and len(workspace.loaded.config.models) > 1:
        names = ", ".join(workspace.loaded.config.models)
        raise click.UsageError(
            f"{workspace.loaded.path.name} describes several models ({names}): name the one to roll back by --model"
        )
    return list(workspace.loaded.choose(model))


def move(
    workspace: Workspace,
    names: Iterable[str],
    do: Callable[[str], PromotionRecord],
    *,
    as_json: bool,
    deployment: bool = True,
) -> ExitCode:
    """Promote or roll back every model, and tell of those that moved before one that met an error ends the command."""
    records, errors = for_each(workspace, names, do)
    code = finish(workspace, records, as_json=as_json, deployment=deployment) if records else ExitCode.PASSED
    if errors:
        raise errors[0]
    return code


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
