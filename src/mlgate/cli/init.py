"""`mlgate init`."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path

import click

from mlgate.errors import RequestError, ToolError

ZEROS = "0" * 40
REPLACE_ZEROS = (
    "# Replace the zeros by the commit of the mlgate release that you trust: a pinned commit pins all that runs.\n"
)
PINNED = "# Pinned to the commit of mlgate that wrote this file: a pinned commit pins all that runs.\n"
WORKFLOWS = ("pull-request.yml", "promote-on-merge.yml", "rollback.yml")


@click.command("init")
@click.option(
    "--directory",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path(),
    help="Root of the repository; default: here.",
)
@click.option("--force", is_flag=True, help="Replace files that exist.")
def command(*, directory: Path, force: bool) -> int:
    """Write a commented mlgate.yaml and the workflows that a repository needs.

    Looks for data, a schema and a training script, and writes down what it found; read the result before you commit it.
    """
    from mlgate.adapters.files import write_text
    from mlgate.steps.init import draft, ignored, look, model_name

    found, commit = look(directory), installed_commit()
    wanted = {"mlgate.yaml": draft(model_name(directory), found)}
    for name in WORKFLOWS:
        wanted[f".github/workflows/mlgate-{name}"] = workflow((_workflows() / name).read_text(encoding="utf-8"), commit)
    there = [name for name in wanted if (directory / name).exists()]
    if there and not force:
        raise RequestError(f"{', '.join(there)} exists already", hint="move it away, or pass --force to replace it")
    gitignore = directory / ".gitignore"
    wanted[".gitignore"] = ignored(gitignore.read_text(encoding="utf-8") if gitignore.is_file() else "")
    for name, text in wanted.items():
        write_text(directory / name, text)
        click.echo(f"wrote {name}")
    missing = [key for key in ("train", "held_out", "key", "label", "script") if getattr(found, key) is None]
    if missing:
        click.echo(f"not found, so written as a guess: {', '.join(missing)}")
    if commit is None:
        click.echo(f"in the workflows, replace {ZEROS} by the commit of mlgate that you trust")
    click.echo("next: read mlgate.yaml, commit, then `mlgate run --operation check`")
    return 0


def installed_commit() -> str | None:
    """Return the commit that this mlgate was installed from, where pip noted one (PEP 610)."""
    noted = metadata.distribution("mlgate").read_text("direct_url.json")
    commit = json.loads(noted).get("vcs_info", {}).get("commit_id") if noted else None
    return commit if isinstance(commit, str) and len(commit) == len(ZEROS) else None


def workflow(text: str, commit: str | None) -> str:
    """Pin a workflow to `commit`; without one the zeros stay, and the comment that says to replace them."""
    return text if commit is None else text.replace(REPLACE_ZEROS, PINNED).replace(ZEROS, commit)


def _workflows() -> Path:
    """Find the example workflows: beside the package when installed, at the root of a checkout."""
    package = Path(__file__).parent.parent
    for folder in (package / "workflows", package.parent.parent / "workflows-examples"):
        if folder.is_dir():
            return folder
    raise ToolError("this installation of mlgate lacks the example workflows", hint="install it again from its source")
