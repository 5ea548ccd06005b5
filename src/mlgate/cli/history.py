"""`mlgate history`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
from rich.text import Text

from mlgate.cli.common import common_options, line, open_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from mlgate.promotion.history import Entry


@click.command("history")
@common_options
def command(*, config: Path, model: tuple[str, ...], as_json: bool) -> int:
    """Show what was production when, newest first: every promotion and rollback, who made it and why."""
    from mlgate.steps.production import read_history

    workspace = open_workspace(config, as_json=as_json)
    answer = {}
    for name in workspace.loaded.choose(model):
        history, _, alias_version = read_history(workspace, name)
        answer[name] = [_row(entry) for entry in reversed(history.valid)]
        if not history.valid:
            workspace.console.print(f"{name}: nothing was promoted yet", markup=False)
            continue
        workspace.console.print(Text(name, style="bold"))
        for entry in reversed(history.valid):
            workspace.console.print(_line(entry, alias_version))
    if as_json:
        click.echo(json.dumps(answer, indent=2))
    return 0


def _row(entry: Entry) -> dict[str, str]:
    when = entry.created_at.isoformat(timespec="seconds")
    return {"version": entry.version, "created_at": when, **entry.tags}


def _line(entry: Entry, alias_version: str | None) -> Text:
    origin = entry.tags.get("mlgate.candidate", "").rpartition("/")[2]
    what = f"candidate {origin} promoted" if entry.operation == "promote" else f"rolled back to {entry.original}"
    by, reason = entry.tags.get("mlgate.actor", ""), entry.tags.get("mlgate.reason", "")
    told = f"{what}{f' by {by}' if by else ''}{f': {reason}' if reason else ''}"
    shown = line(f"  {entry.version:>4}  {entry.created_at:%Y-%m-%d %H:%M} UTC  {told}")
    return shown.append("  ← production", style="bold green") if entry.version == alias_version else shown
