"""`mlgate profile`."""

from __future__ import annotations

from pathlib import Path

import click

from mlgate.cli.common import data_name, echo_json, local
from mlgate.errors import ExitCode

FILE = click.Path(path_type=Path)


@click.command("profile")
@click.argument("data", type=data_name)
@click.option("--like", type=FILE, help="A profile whose bins the data is counted in, so that the two can be added up.")
@click.option("--ignore", multiple=True, metavar="COLUMN", help="A column to leave out; can be repeated.")
@click.option(
    "--engine",
    type=click.Choice(["polars", "spark"]),
    default="polars",
    show_default=True,
    help="What counts: polars here, or Apache Spark where SPARK_REMOTE or spark-submit says.",
)
@click.option("--output", "-o", type=FILE, help="Write the profile to this file instead of standard output.")
def command(*, data: str | Path, like: Path | None, ignore: tuple[str, ...], engine: str, output: Path | None) -> int:
    """Count what DATA looks like, in a few kilobytes a column: nulls, bins, extremes, distinct values.

    DATA is a data file, a folder or pattern of such, or a URL. A profile stands in for the data in
    `mlgate drift`, long after the data is gone.
    """
    from mlgate.adapters.files import write_text
    from mlgate.adapters.log import open_console
    from mlgate.adapters.runner import read_runner
    from mlgate.steps.profile import make_profile, profile_on_spark

    if engine == "spark":  # which reads a URL by its own file systems
        found = profile_on_spark(data, like=like, ignore=ignore)
    else:
        around = read_runner()
        path = local(data, open_console(on_actions=around.on_actions, as_json=output is None), around)
        found = make_profile(path, like=like, ignore=ignore)
    text = found.model_dump_json()
    if output is None:
        echo_json(text)
    else:
        write_text(output, text + "\n")
        click.echo(f"wrote {output}", err=True)
    return ExitCode.PASSED
