"""`mlgate monitor`."""

from __future__ import annotations

from pathlib import Path

import click

from mlgate.cli.common import data_name, echo_json, json_option, local
from mlgate.errors import ExitCode

FILE = click.Path(path_type=Path)


@click.command("monitor")
@click.argument("reference", type=data_name)
@click.argument("current", type=data_name)
@click.option("--policy", type=FILE, required=True, help="The policy: columns, task, and the rules to look at.")
@click.option("--time", metavar="COLUMN", help="The column of CURRENT to cut windows by; without it all is one window.")
@click.option("--every", help="Length of a window, such as 12h, 1d, 1w, 1mo; default: 1w.")
@json_option
def command(  # noqa: PLR0913 (options are arguments)
    *, reference: str | Path, current: str | Path, policy: Path, time: str | None, every: str | None, as_json: bool
) -> int:
    """Say how a model does in later predictions, CURRENT, beside those that it was accepted on, REFERENCE.

    Where labels have come, each rule's metric is measured in every window; where they have not, what the scores promise
    is told. Both are held against the reference with intervals, corrected for all windows and rules. Labels that
    differ from what the scores promise are concept drift, scores that moved are prediction drift: both are told. Exit
    code 1 where a rule is shown to be broken in some window.
    """
    from mlgate.adapters.log import open_console
    from mlgate.adapters.runner import read_runner
    from mlgate.cli.monitor_table import show_monitoring
    from mlgate.config.address import shown
    from mlgate.config.load import load_policy
    from mlgate.steps.monitor import Predictions, monitor

    if every and not time:
        raise click.UsageError("--every cuts windows by a time: name its column with --time")
    around = read_runner()
    console = open_console(on_actions=around.on_actions, as_json=as_json)
    before, later = (
        Predictions(path=local(data, console, around), name=shown(str(data))) for data in (reference, current)
    )
    found = monitor(load_policy(policy), before, later, time=time, every=every or "1w")
    show_monitoring(console, found)
    if as_json:
        echo_json(found.model_dump_json(indent=2))
    return ExitCode.PASSED if found.verdict.passed else ExitCode.REFUSED
