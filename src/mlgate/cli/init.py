"""`mlgate init`."""

from __future__ import annotations

from pathlib import Path

import click

from mlgate.errors import RequestError, ToolError

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
    from mlgate.steps.init import draft, look, model_name

    found = look(directory)
    wanted = {"mlgate.yaml": draft(model_name(directory), found)}
    for name in WORKFLOWS:
        wanted[f".github/workflows/mlgate-{name}"] = (_workflows() / name).read_text(encoding="utf-8")
    there = [name for name in wanted if (directory / name).exists()]
    if there and not force:
        raise RequestError(f"{', '.join(there)} exists already", hint="move it away, or pass --force to replace it")
    for name, text in wanted.items():
        write_text(directory / name, text)
        click.echo(f"wrote {name}")
    missing = [key for key in ("train", "held_out", "key", "label", "script") if getattr(found, key) is None]
    if missing:
        click.echo(f"not found, so written as a guess: {', '.join(missing)}")
    click.echo("next: read mlgate.yaml, then `mlgate validate`")
    return 0


def _workflows() -> Path:
    """Find the example workflows: beside the package when installed, at the root of a checkout."""
    package = Path(__file__).parent.parent
    for folder in (package / "workflows", package.parent.parent / "workflows-examples"):
        if folder.is_dir():
            return folder
    raise ToolError("this installation of mlgate lacks the example workflows", hint="install it again from its source")
