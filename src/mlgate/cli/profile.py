"""`mlgate profile`."""

from __future__ import annotations

from pathlib import Path

import click

from mlgate.errors import ExitCode

FILE = click.Path(path_type=Path)


@click.command("profile")
@click.argument("data", type=FILE)
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
def command(*, data: Path, like: Path | None, ignore: tuple[str, ...], engine: str, output: Path | None) -> int:
    """Count what DATA looks like, in a few kilobytes a column: nulls, bins, extremes, distinct values.

    A profile stands in for the data in `mlgate drift`, long after the data is gone.
    """
    from mlgate.adapters.files import write_text
    from mlgate.steps.profile import make_profile, profile_on_spark

    make = make_profile if engine == "polars" else profile_on_spark
    text = make(data, like=like, ignore=ignore).model_dump_json()
    if output is None:
        click.echo(text)
    else:
        write_text(output, text + "\n")
    return ExitCode.PASSED
