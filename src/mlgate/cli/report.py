"""`mlgate report`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlgate.cli.common import json_option, model_option, token_option

if TYPE_CHECKING:
    from mlgate.config.report import CommentMode


@click.command("report")
@click.option(
    "--records",
    type=click.Path(path_type=Path),
    default=Path(".mlgate"),
    show_default=True,
    help="Folder of the records, such as another job's artifact.",
)
@model_option
@json_option
@token_option("writes the pull request's comment and check runs")
@click.option(
    "--comment",
    type=click.Choice(["always", "on-change", "on-failure", "off"]),
    default="always",
    show_default=True,
    help="When a pull request that has no comment yet gets one; one that is there is kept up to date.",
)
@click.option("--check/--no-check", help="Write each model's verdict as a check run of its own, with annotations.")
def command(  # noqa: PLR0913 (options are arguments)
    *,
    records: Path,
    model: tuple[str, ...],
    as_json: bool,
    github_token: str | None,
    comment: CommentMode,
    check: bool,
) -> int:
    """Write the report: report.md and report.html beside the records, job summary, outputs, pull-request comment.

    Reads nothing but records. One comment per pull request is kept and updated; when it cannot be written (a fork's
    read-only token), that is a warning and the verdict stays. The exit code says whether the report was written.
    """
    from mlgate.adapters.log import open_console
    from mlgate.adapters.runner import read_runner
    from mlgate.report import outputs
    from mlgate.report.terminal import show
    from mlgate.steps.report import publish

    around = read_runner()
    done = publish(
        around, records.absolute(), models=model, whole=not model, token=github_token, mode=comment, check=check
    )
    console = open_console(on_actions=around.on_actions, as_json=as_json)
    show(done.report, console)
    console.print(done.said, markup=False)
    if as_json:
        click.echo(outputs.document(done.report), nl=False)
    return 0
