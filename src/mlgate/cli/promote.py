"""`mlgate promote`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mlgate.cli.common import WRITES, common_options, dry_run_option, open_workspace, token_option
from mlgate.cli.moved import deployment_option, move

if TYPE_CHECKING:
    from pathlib import Path

    from mlgate.promotion.values import Stage


@click.command("promote")
@common_options
@dry_run_option
@click.option(
    "--to",
    type=click.Choice(["staging", "production"]),
    help="The stage; default: promotion.on_merge of mlgate.yaml.",
)
@click.option("--version", help="A version of the stage before; default: what was reviewed, or is in staging.")
@click.option("--reason", default="", help="Why, for the history.")
@click.option("--unfence", is_flag=True, help="Promote a model that was rolled back before.")
@click.option(
    "--recompare/--no-recompare",
    default=True,
    show_default=True,
    help="Where production moved since the comparison: compare again, or end with exit code 4.",
)
@token_option(WRITES)
@deployment_option
def command(  # noqa: PLR0913 (options are arguments)
    *,
    config: Path,
    model: tuple[str, ...],
    as_json: bool,
    dry_run: bool,
    to: Stage | None,
    version: str | None,
    reason: str,
    unfence: bool,
    recompare: bool,
    github_token: str | None,
    deployment: bool,
) -> int:
    """Make the reviewed candidate production: exactly the one that was compared for this commit's inputs, or nothing.

    With promotion.on_merge: staging it enters staging first, and --to production releases what staging holds.

    Everything that the comparison was bound to is computed again: code, configuration, gate, data, the model's files,
    and production. No model is loaded, unless promotion.evidence is rescored. Exit code 4 means that comparing again
    may change the answer.
    """
    from mlgate.steps.ask import Ask
    from mlgate.steps.promote import promote

    workspace = open_workspace(config, as_json=as_json, token=github_token)
    ask = Ask(
        to=to or None,
        version=version or None,
        reason=reason,
        dry_run=dry_run,
        unfence=unfence,
        recompare=recompare,
    )
    names = workspace.loaded.choose(model)
    return move(
        workspace,
        names,
        lambda name: promote(workspace, name, ask),
        as_json=as_json,
        deployment=deployment and not dry_run,
    )
