"""`mlgate verify`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mlgate.cli.common import config_option, echo_json, open_workspace
from mlgate.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path


@click.command("verify")
@click.argument("model", required=False)
@click.option("--version", help="A version of production; default: the one that the alias points to.")
@click.option("--candidate", help="A version of the candidates instead.")
@config_option
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print what was found as JSON on standard output, the rest on standard error.",
)
def command(*, model: str | None, version: str | None, candidate: str | None, config: Path, as_json: bool) -> int:
    """Check that a version has the bytes that were promoted, and which of its files run code when they are loaded.

    The version is downloaded and not loaded. Each file is held against a list of formats that hold data only; whatever
    is not on it is named, with the reason. Exit code 1 when the bytes differ, or when `promotion.formats: refuse` is
    set and a file is not on the list.
    """
    from mlgate.cli.verify_table import show_verification
    from mlgate.steps.verify import verify

    if version and candidate:
        raise click.UsageError("give --version or --candidate, not both")
    workspace = open_workspace(config, as_json=as_json)
    chosen = list(workspace.loaded.choose([model] if model else []))
    if len(chosen) > 1:
        raise click.UsageError(f"name one of the models: {', '.join(chosen)}")
    found = verify(workspace, chosen[0], version=version or None, candidate=candidate or None)
    show_verification(workspace.console, found)
    if as_json:
        echo_json(found.model_dump_json(indent=2))
    return ExitCode.PASSED if found.verdict.passed else ExitCode.REFUSED
