"""`mlgate drift`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlgate.cli.common import data_name, echo_json, finite, json_option, local
from mlgate.errors import ExitCode

if TYPE_CHECKING:
    from mlgate.adapters.runner import Runner
    from mlgate.steps.drift import Known

VERSION = "models:/"
CONFIG = Path("mlgate.yaml")
FILE = click.Path(path_type=Path)


@click.command("drift")
@click.argument("reference", type=data_name)
@click.argument("current", type=data_name)
@click.option(
    "--floor",
    type=click.FloatRange(0, min_open=True),
    callback=finite,
    default=0.02,
    show_default=True,
    help="Debiased PSI above which a column counts as shifted.",
)
@click.option("--ignore", multiple=True, metavar="COLUMN", help="A column whose shift is expected; can be repeated.")
@click.option("--classifier", is_flag=True, help="Also fit a small model that tells the two sets apart.")
@click.option("--html", type=FILE, help="Write a page with the columns' histograms to this file.")
@json_option
def command(  # noqa: PLR0913 (options are arguments)
    *,
    reference: str | Path,
    current: str | Path,
    floor: float,
    ignore: tuple[str, ...],
    classifier: bool,
    html: Path | None,
    as_json: bool,
) -> int:
    """Say how far CURRENT moved from REFERENCE, column by column, and whether that matters.

    Each is a data file (Parquet, CSV, JSONL, Arrow), a folder or pattern of such, a URL of these, or a profile that
    `mlgate profile` kept. REFERENCE may also be a version of a model, models:/NAME@production or models:/NAME/7: what
    its training data looked like is kept beside it. A column counts as shifted when its population stability index is
    beyond what chance explains, over all columns, and beyond the floor. Exit code 1 where one did.
    """
    from mlgate.adapters.log import open_console
    from mlgate.adapters.runner import read_runner
    from mlgate.cli.drift_table import show_drift
    from mlgate.config.address import shown
    from mlgate.config.data import Shift
    from mlgate.steps.drift import drift, known_data

    settings = Shift(floor=floor, ignore=ignore, severity="error")
    around = read_runner()
    console = open_console(on_actions=around.on_actions, as_json=as_json)
    if str(reference).startswith(VERSION):
        known = _version(str(reference), around)
    else:
        known = known_data(local(reference, console, around), settings, shown(str(reference)))
    if str(current).startswith(VERSION):
        raise click.UsageError("a version of a model can only be REFERENCE, what data is held against: swap the two")
    there = local(current, console, around)
    found = drift(known, there, settings, name=shown(str(current)), classifier=classifier)
    show_drift(console, found)
    if html is not None:
        from mlgate.adapters.files import write_text
        from mlgate.report.drift_page import drift_page

        write_text(html, drift_page(found))
        click.echo(f"wrote {html}", err=True)
    if as_json:
        echo_json(found.model_dump_json(indent=2))
    return ExitCode.PASSED if found.verdict.passed else ExitCode.REFUSED


def _version(uri: str, around: Runner) -> Known:
    from mlgate.adapters.registry import connect
    from mlgate.adapters.runner import annotate
    from mlgate.config.load import load
    from mlgate.steps.drift import known_version

    configured = load(CONFIG).config.registry.tracking_uri if CONFIG.is_file() else None
    registry = connect(around.tracking_uri, configured, Path.cwd())
    return known_version(registry, uri, lambda message: annotate(around, "warning", message))
