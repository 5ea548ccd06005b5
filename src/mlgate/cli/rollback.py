"""`mlgate rollback`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mlgate.cli.common import common_options, dry_run_option, open_workspace, token_option
from mlgate.cli.moved import deployment_option, move, to_roll_back

if TYPE_CHECKING:
    from pathlib import Path

    from mlgate.records import PromotionRecord


@click.command("rollback")
@common_options
@dry_run_option
@click.option("--to", default="previous", show_default=True, help="`previous`, or a version of the history.")
@click.option(
    "--from",
    "from_version",
    metavar="VERSION",
    envvar="MLGATE_ROLLBACK_FROM",
    help="Go back only while production is this version.",
)
@click.option("--reason", required=True, help="Why, for the history.")
@token_option("writes deployments")
@deployment_option
def command(  # noqa: PLR0913 (options are arguments)
    *,
    config: Path,
    model: tuple[str, ...],
    as_json: bool,
    dry_run: bool,
    to: str,
    from_version: str | None,
    reason: str,
    github_token: str | None,
    deployment: bool,
) -> int:
    """Make an earlier version production again, in seconds; its files are checked first.

    The model that was rolled back is fenced: no automatic promotion takes the same files again.
    """
    from mlgate.promotion.values import Wish
    from mlgate.steps.rollback import rollback

    workspace = open_workspace(config, as_json=as_json, token=github_token)
    wish = Wish(to=to, reason=reason, from_version=from_version or None)

    def back(name: str) -> PromotionRecord:
        return rollback(workspace, name, wish, dry_run=dry_run)

    return move(workspace, to_roll_back(workspace, model), back, as_json=as_json, deployment=deployment and not dry_run)
