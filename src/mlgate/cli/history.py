"""`mlgate history`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
from rich.table import Table

from mlgate.cli.common import common_options, open_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from mlgate.promotion.history import Entry, History


@click.command("history")
@common_options
def command(*, config: Path, models: tuple[str, ...], as_json: bool) -> int:
    """Show what was production when, newest first: every promotion and rollback, who made it and why."""
    from mlgate.steps.production import read_history

    workspace = open_workspace(config, as_json=as_json)
    answer = {}
    for name in workspace.loaded.choose(models):
        history, _, alias_version = read_history(workspace, name)
        answer[name] = [_row(entry) for entry in reversed(history.valid)]
        if not history.valid:
            workspace.console.print(f"{name}: nothing was promoted yet", markup=False)
            continue
        workspace.console.print(_table(name, history, alias_version))
    if as_json:
        click.echo(json.dumps(answer, indent=2))
    return 0


def _row(entry: Entry) -> dict[str, str]:
    when = entry.created_at.isoformat(timespec="seconds")
    return {"version": entry.version, "created_at": when, **entry.tags}


def _table(name: str, history: History, alias_version: str | None) -> Table:
    table = Table(title=name, title_justify="left", box=None, pad_edge=False)
    for heading in ("version", "", "when (UTC)", "what", "from candidate", "by", "reason"):
        table.add_column(heading)
    for entry in reversed(history.valid):
        what = "promoted" if entry.operation == "promote" else f"rolled back to {entry.original}"
        table.add_row(
            entry.version,
            "← production" if entry.version == alias_version else "",
            f"{entry.created_at:%Y-%m-%d %H:%M:%S}",
            what,
            entry.tags.get("mlgate.candidate", "").rpartition("/")[2],
            entry.tags.get("mlgate.actor", ""),
            entry.tags.get("mlgate.reason", "")[:60],
        )
    return table
