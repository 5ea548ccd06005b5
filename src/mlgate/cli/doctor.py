"""`mlgate doctor`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from rich.text import Text

from mlgate.cli.common import common_options, line, open_workspace
from mlgate.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path


@click.command("doctor")
@common_options
@click.option("--fix", is_flag=True, help="Finish an interrupted promotion: move the alias to the head of the history.")
def command(*, config: Path, model: tuple[str, ...], as_json: bool, fix: bool) -> int:
    """Check that the production alias, the stage history and the production model's files agree.

    Exit code 1 when something is wrong, with the list; `--fix` mends what a crash left behind.
    """
    from mlgate.steps.doctor import examine

    workspace = open_workspace(config, as_json=as_json)
    remaining, answer = 0, {}
    for name in workspace.loaded.choose(model):
        problems, mended = examine(workspace, name, fix=fix)
        remaining += len(problems)
        answer[name] = {"problems": [asdict(p) for p in problems], "mended": [asdict(p) for p in mended]}
        for problem in mended:
            workspace.console.print(Text("mended      ", style="bold green"), line(f"{name} · {problem.sentence}"))
        for problem in problems:
            advice = "; `mlgate doctor --fix` mends it" if problem.fixable else ""
            workspace.console.print(
                Text("problem     ", style="bold red"), line(f"{name} · {problem.sentence}{advice}")
            )
        if not problems:
            workspace.console.print(Text("healthy     ", style="bold green"), Text(name))
    if as_json:
        click.echo(json.dumps(answer, indent=2))
    return ExitCode.REFUSED if remaining else ExitCode.PASSED
