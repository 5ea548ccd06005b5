"""`mlgate doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.text import Text

from mlgate import __version__
from mlgate.cli.common import common_options, echo_json, line, open_workspace
from mlgate.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from mlgate.doctor.access import Role
    from mlgate.records import Problem

STYLE = {"mended": "bold green", "healthy": "bold green", "problem": "bold red", "advice": "bold yellow"}


@click.command("doctor")
@common_options
@click.option("--fix", is_flag=True, help="Finish an interrupted promotion: move the alias to the head of the history.")
@click.option("--deep", is_flag=True, help="Check the files of every version that a rollback could go back to.")
@click.option(
    "--as",
    "role",
    type=click.Choice(["candidate", "promoter"]),
    help="Whose credential this is: say what it may do too much or too little.",
)
@click.option("--workflows", "only_workflows", is_flag=True, help="Look at the workflow files only; asks no registry.")
def command(  # noqa: PLR0913 (options are arguments)
    *,
    config: Path,
    model: tuple[str, ...],
    as_json: bool,
    fix: bool,
    deep: bool,
    role: Role | None,
    only_workflows: bool,
) -> int:
    """Check that alias, history and files agree, that a pull request cannot move production, and who could.

    Looks at production's alias, its history and its files, at the repository's workflow files, and with --as at what
    the credential at hand may do; nothing is changed without --fix. Exit code 1 when a problem remains, with the list;
    advice fails nothing.
    """
    from mlgate.records import Diagnosis
    from mlgate.steps.doctor import look_at, look_at_workflows

    workspace = open_workspace(config, as_json=as_json)
    names = workspace.loaded.choose(model)
    models = () if only_workflows else tuple(look_at(workspace, name, fix=fix, deep=deep, role=role) for name in names)
    workflows = look_at_workflows(workspace.folder)
    for health in models:
        for problem in health.mended:
            _say(workspace.console, "mended", f"{health.model} · {problem.sentence}")
        _tell(workspace.console, health.model, [*health.problems, *health.advice])
    _tell(workspace.console, "workflows", workflows)
    sick = any(health.problems for health in models) or any(one.level == "problem" for one in workflows)
    if as_json:
        found = Diagnosis(mlgate=__version__, healthy=not sick, models=models, workflows=workflows)
        echo_json(found.model_dump_json(indent=2))
    return ExitCode.REFUSED if sick else ExitCode.PASSED


def _tell(console: Console, about: str, found: list[Problem] | tuple[Problem, ...]) -> None:
    """Print what was found about something, each with its remedy on a line of its own."""
    for one in found:
        place = f"{one.file}{f':{one.line}' if one.line else ''}" if one.file else about
        _say(console, one.level, f"{place} · {one.sentence}")
        if one.write:
            console.print(line(f"             → {one.write}", style="dim"))
    if not any(one.level == "problem" for one in found):
        _say(console, "healthy", about)


def _say(console: Console, word: str, text: str) -> None:
    console.print(Text(f"{word:<12}", style=STYLE[word]), line(text))
