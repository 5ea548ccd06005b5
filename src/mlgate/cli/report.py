"""`mlgate report`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlgate.cli.common import echo_json, json_option, line, model_option, telling_stops, token_option

if TYPE_CHECKING:
    from mlgate.adapters.runner import Runner
    from mlgate.config.model import Config
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
    help="When a pull request that has no comment yet gets one; one that is there is kept up to date. "
    "Default: report.comment, else always.",
)
@click.option(
    "--template",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A Jinja template whose blocks stand in for ours in comment and summary; default: report.template.",
)
@click.option("--open", "open_page", is_flag=True, help="Open the HTML page in a browser.")
@click.option(
    "--check/--no-check",
    default=None,
    help="Write each model's verdict as a check run of its own, with annotations; default: report.check.",
)
def command(  # noqa: PLR0913 (options are arguments)
    *,
    records: Path,
    model: tuple[str, ...],
    as_json: bool,
    github_token: str | None,
    comment: CommentMode | None,
    template: Path | None,
    open_page: bool,
    check: bool | None,
) -> int:
    """Write the report: report.md and report.html beside the records, job summary, outputs, pull-request comment.

    Reads nothing but records, and of an mlgate.yaml in the working directory, where the records are in it, the names
    of the models and what no option says; after a workflow_run not that. One comment per pull request is kept and
    updated; when it cannot be written (a fork's read-only token), that is a warning and the verdict stays. The exit
    code says whether the report was written.
    """
    from mlgate.adapters.log import open_console
    from mlgate.adapters.runner import read_runner
    from mlgate.config.report import Report
    from mlgate.report import outputs
    from mlgate.report.terminal import show
    from mlgate.steps.report import Telling, publish

    around = read_runner()
    with telling_stops(Path.cwd(), github_token, comment):
        found = _configuration(around, records.absolute())
    configured = found.report if found else Report()
    own = Path(configured.template) if configured.template else None
    telling = Telling(
        models=model,
        known=found.models if found else (),
        whole=not model,
        token=github_token,
        comment=comment or configured.comment,
        template=template if template and template.name else own,
        check=configured.check if check is None else check,
    )
    done = publish(around, records.absolute(), telling)
    console = open_console(on_actions=around.on_actions, as_json=as_json)
    show(done.report, console)
    for text in done.said.splitlines():
        console.print(line(text))
    if open_page:
        click.launch(str(done.html))
    if as_json:
        echo_json(outputs.document(done.report))
    return 0


def _configuration(around: Runner, records: Path) -> Config | None:
    """Read the configuration beside the records, where that is the working directory and its job is to be trusted.

    After a workflow_run nothing was checked out, and whatever lies there may be a stranger's.
    """
    from mlgate.config.load import load

    path = records.parent / "mlgate.yaml"
    if around.event_name == "workflow_run" or records.parent != Path.cwd() or not path.is_file():
        return None
    return load(path).config
