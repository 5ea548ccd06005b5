"""`mlgate run`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from mlgate.cli import show
from mlgate.cli.common import (
    WRITES,
    common_options,
    dry_run_option,
    exit_code,
    for_each,
    line,
    open_workspace,
    print_records,
    telling_stops,
    token_option,
)
from mlgate.cli.moved import deployment_option, to_roll_back

if TYPE_CHECKING:
    from pathlib import Path

    from mlgate.records import Record
    from mlgate.steps.road import Way
    from mlgate.steps.workspace import Workspace


@click.command("run")
@common_options
@dry_run_option
@click.option(
    "--operation",
    type=click.Choice(["auto", "check", "promote", "rollback"]),
    default="auto",
    show_default=True,
    help="What to do; auto asks the event: pull requests are checked, the default branch promotes.",
)
@click.option(
    "--to",
    default="previous",
    show_default=True,
    help="Rollback: `previous`, or a version of the history. Promotion: staging or production.",
)
@click.option(
    "--from",
    "from_version",
    metavar="VERSION",
    envvar="MLGATE_RUN_FROM",
    help="Rollback: go back only while production is this version.",
)
@click.option("--reason", default="", help="Why, for the history; a rollback needs one.")
@token_option(f"writes the pull request's comment and check runs, {WRITES}")
@deployment_option
@click.option(
    "--check/--no-check", default=None, help="Write each model's verdict as a check run; default: report.check."
)
def command(  # noqa: PLR0913 (options are arguments)
    *,
    config: Path,
    model: tuple[str, ...],
    as_json: bool,
    dry_run: bool,
    operation: str,
    to: str,
    from_version: str | None,
    reason: str,
    github_token: str | None,
    deployment: bool,
    check: bool | None,
) -> int:
    """Do what this event asks for, for every model, and report.

    check: validate, train, compare. promote: promote the candidate that was reviewed, compared again where production
    moved; when there is none for this commit, check first and promote what passes. rollback: go back. A pull request
    that was closed without merging is only told in its comment.
    """
    from mlgate.steps import road
    from mlgate.steps.deployment import announce
    from mlgate.steps.report import read_layout

    with telling_stops(config.resolve().parent, None if dry_run else github_token):
        workspace = open_workspace(config, as_json=as_json, token=github_token)
        read_layout(workspace.template)
    chosen = road.operation_for(workspace.runner, operation)
    way = road.Way(operation=chosen, to=to, from_version=from_version or None, reason=reason, dry_run=dry_run)
    names = _names(workspace, way, model)

    def tell(record: Record) -> None:
        show.show_record(workspace, record)
        if deployment and not dry_run:
            announce(workspace, record)

    closed = workspace.runner.closed and operation == "auto"
    records, errors = for_each(workspace, [] if closed else names, road.traveller(workspace, way, tell))
    if closed or any((workspace.records / name).is_dir() for name in names):
        _report(workspace, names, _Asked(whole=not model, check=check, dry_run=dry_run))
    print_records(records, as_json=as_json)
    if errors:
        raise errors[0]
    return exit_code(records)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What was asked of the report: about all models, with check runs or as the configuration says."""

    whole: bool
    check: bool | None
    dry_run: bool


def _report(workspace: Workspace, names: list[str], asked: _Asked) -> None:
    """Report; a dry run tells this job's summary and log, and nobody else."""
    from mlgate.steps.report import Telling, publish

    configured = workspace.loaded.config.report
    check = configured.check if asked.check is None else asked.check
    telling = Telling(
        models=names,
        known=workspace.loaded.config.models,
        whole=asked.whole,
        token=workspace.token,
        comment="off" if asked.dry_run else configured.comment,
        template=workspace.template,
        check=check and not asked.dry_run,
    )
    done = publish(workspace.runner, workspace.records, telling)
    for text in done.said.splitlines():
        workspace.console.print(line(text))


def _names(workspace: Workspace, way: Way, model: tuple[str, ...]) -> list[str]:
    """Name the models to take along; raises UsageError for what a rollback has to say, or only a rollback may."""
    if way.operation == "rollback":
        if not way.reason:
            raise click.UsageError("a rollback needs --reason")
        return to_roll_back(workspace, model)
    if way.from_version:
        raise click.UsageError("--from is for a rollback; a promotion compares with what production is")
    return list(workspace.loaded.choose(model))
