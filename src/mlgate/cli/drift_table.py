"""Print how far columns moved, as a table for a terminal or a job's log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from mlgate.cli.common import STYLE, line, say
from mlgate.escape import visible
from mlgate.report.drift_facts import has_importance, headings, row

if TYPE_CHECKING:
    from rich.console import Console

    from mlgate.records import Drift

SHOWN = 40
TOLD = {"told_apart", "alike", "weighted"}  # findings beside the columns
TEXTS = {"column", "shift", "note"}
WIDTH = 150  # characters; a job's log scrolls
SIZES = {"major": "bold red", "moderate": "red", "minor": "yellow"}


def show_drift(console: Console, found: Drift) -> None:
    """Print the table, the classifier's answer, and the verdict."""
    if not console.is_terminal:
        console.width = WIDTH
    console.print(
        line(f"{found.current} ({found.current_rows:,} rows) against {found.reference} ({found.reference_rows:,} rows)")
    )
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    weighs = has_importance(found.shifts)
    for heading in headings(importance=weighs):
        table.add_column(heading, justify="left" if heading in TEXTS else "right", no_wrap=True)
    for shift in found.shifts[:SHOWN]:
        style = SIZES.get(shift.size or "", "red" if shift.shifted else "dim")
        table.add_row(*(Text(visible(cell, 60)) for cell in row(shift, importance=weighs)), style=style)
    console.print(table)
    if len(found.shifts) > SHOWN:
        console.print(line(f"… and {len(found.shifts) - SHOWN:,} more columns, which moved less", "dim"))
    for finding in found.findings:
        if finding.reason in TOLD:
            console.print(line(finding.sentence, style=STYLE["INCONCLUSIVE"] if finding.reason == "told_apart" else ""))
    say(console, "drift", "data", found.verdict)
