"""`mlgate history`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
from rich.text import Text

from mlgate.cli.common import common_options, echo_json, line, open_workspace
from mlgate.tag_names import ACTOR, CANDIDATE, PULL_REQUEST, REASON

if TYPE_CHECKING:
    from pathlib import Path

    from mlgate.promotion.history import Entry


@click.command("history")
@common_options
def command(*, config: Path, model: tuple[str, ...], as_json: bool) -> int:
    """Show what was production when, newest first: every promotion and rollback, who made it and why.

    Where a merge promotes to staging, what entered staging is listed as well.
    """
    from mlgate.steps.production import read_stages

    workspace = open_workspace(config, as_json=as_json)
    answer = {}
    for name in workspace.loaded.choose(model):
        _, stages = read_stages(workspace, name)
        entries = sorted(
            (entry for standing in stages for entry in standing.history.valid), key=lambda entry: -int(entry.version)
        )
        answer[name] = [_row(entry) for entry in entries]
        if not entries:
            workspace.console.print(f"{name}: nothing was promoted yet", markup=False)
            continue
        workspace.console.print(Text(name, style="bold"))
        serving = {standing.alias_version: standing.alias for standing in stages if standing.alias_version}
        several = len({entry.stage for entry in entries}) > 1
        for entry in entries:
            workspace.console.print(_line(entry, serving.get(entry.version), several=several))
    if as_json:
        echo_json(json.dumps(answer, indent=2))
    return 0


def _row(entry: Entry) -> dict[str, str]:
    when = entry.created_at.isoformat(timespec="seconds")
    return {"version": entry.version, "created_at": when, **entry.tags}


def _line(entry: Entry, alias: str | None, *, several: bool) -> Text:
    origin = entry.tags.get(CANDIDATE, "").rpartition("/")[2]
    what = f"candidate {origin} promoted" if entry.operation == "promote" else f"rolled back to {entry.original}"
    stage = f" to {entry.stage}" if several and entry.operation == "promote" else ""
    by, reason, pull = (entry.tags.get(key, "") for key in (ACTOR, REASON, PULL_REQUEST))
    told = f"{what}{stage}{f' by {by}' if by else ''}{f' (#{pull})' if pull else ''}{f': {reason}' if reason else ''}"
    shown = line(f"  {entry.version:>4}  {entry.created_at:%Y-%m-%d %H:%M} UTC  {told}")
    return shown.append(f"  ← {alias}", style="bold green") if alias else shown
