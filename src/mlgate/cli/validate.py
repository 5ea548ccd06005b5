"""`mlgate validate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mlgate.cli.common import common_options, data_name, local, open_workspace, publish_alone, take_step
from mlgate.cli.show import show_file_validation, show_validation
from mlgate.config.data import EXAMPLES, MOST_EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from mlgate.records import Engine


@click.command("validate")
@common_options
@click.option("--data", type=data_name, help="A file, folder, pattern or URL to judge alone.")
@click.option(
    "--schema", metavar="SCHEMA", help="What it is judged by, named as data.schema is: FILE.yaml, FILE.py:CLASS."
)
@click.option("--key", metavar="COLUMN", help="The column that identifies its rows: rules name rows by it.")
@click.option(
    "--engine",
    type=click.Choice(["polars", "spark"]),
    help="What judges it: polars here (the default), or Apache Spark where SPARK_REMOTE or spark-submit says.",
)
@click.option(
    "--examples",
    type=click.IntRange(0, MOST_EXAMPLES),
    help=f"How many of the rows that break a rule to show; default: {EXAMPLES}.",
)
def command(  # noqa: PLR0913 (options are arguments)
    *,
    config: Path,
    model: tuple[str, ...],
    as_json: bool,
    data: str | Path | None,
    schema: str | None,
    key: str | None,
    engine: Engine | None,
    examples: int | None,
) -> int:
    """Check the data before anything is trained on it.

    Checks both data files against the schema, their keys and labels, and the training data's shift against what
    production was trained on. Every failure is collected, counted in full, and shown with its first rows.

    With --data and --schema it needs no mlgate.yaml, no registry and no git: it checks one file.
    """
    if data or schema:
        if not (data and schema):
            raise click.UsageError("to check one file, give --data and --schema")
        return _one_file(data, schema, key=key, engine=engine or "polars", examples=examples, as_json=as_json)
    if key or engine or examples is not None:
        raise click.UsageError("--key, --engine and --examples are for one file: give --data and --schema")
    from mlgate.steps.validate import validate

    workspace = open_workspace(config, as_json=as_json)
    return take_step(workspace, workspace.loaded.choose(model), validate, show_validation, as_json=as_json)


def _one_file(  # noqa: PLR0913 (options are arguments)
    data: str | Path, schema: str, *, key: str | None, engine: Engine, examples: int | None, as_json: bool
) -> int:
    from mlgate.adapters.log import open_console
    from mlgate.adapters.runner import read_runner
    from mlgate.config.address import shown
    from mlgate.steps.validate_file import Request, validate_file

    around = read_runner()
    console = open_console(on_actions=around.on_actions, as_json=as_json)
    asked = Request(
        data=data if engine == "spark" else local(data, console, around),  # Spark reads a URL by its own file systems
        name=shown(str(data)),
        schema=schema,
        key=key,
        engine=engine,
        examples=EXAMPLES if examples is None else examples,
    )
    found = validate_file(asked)
    show_file_validation(console, found)
    return publish_alone(around, found, as_json=as_json)
