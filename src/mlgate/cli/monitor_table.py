"""Print how a model did, window by window, as tables for a terminal or a job's log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from mlgate.cli.common import STYLE, line, say
from mlgate.escape import visible
from mlgate.report.numbers import MISSING, bounds, number
from mlgate.verdict import Outcome

if TYPE_CHECKING:
    from rich.console import Console

    from mlgate.records import Measured, Monitoring, Window, WindowResult

SHOWN = 60
WORDS = {Outcome.PASS: "no alarm", Outcome.FAIL: "ALARM", Outcome.ERROR: "ERROR", Outcome.INCONCLUSIVE: "open"}
WIDTH = 150  # characters; a job's log scrolls
HEADINGS = ("window", "rows", "labels", "predictions", "measured", "promised", "beside reference", "")


def show_monitoring(console: Console, found: Monitoring) -> None:
    """Print a table a rule, what stands out in sentences, and the verdict."""
    if not console.is_terminal:
        console.width = WIDTH
    console.print(
        line(f"{found.current} ({found.current_rows:,} rows) beside {found.reference} ({found.reference_rows:,} rows)")
    )
    for place, reference in enumerate(found.references):
        console.print(line(f"{reference.question} On the reference: {_measured(reference.measured)}", "bold"))
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for heading in HEADINGS:
            table.add_column(heading, justify="left" if heading in {"window", ""} else "right", no_wrap=True)
        for window in found.windows[:SHOWN]:
            result = window.results[place]
            style = STYLE.get(result.finding.outcome.value, "") if result.finding.judged else "dim"
            table.add_row(*(Text(visible(cell, 60)) for cell in _row(window, result)), style=style)
        console.print(table)
        if len(found.windows) > SHOWN:
            console.print(line(f"… and {len(found.windows) - SHOWN:,} more windows, all with --json", "dim"))
    for finding in [one for one in found.findings if one.outcome is not Outcome.PASS and not one.judged][:SHOWN]:
        console.print(line(f"    {finding.rule}: {finding.sentence}", "yellow"))
    say(console, "monitor", "policy", found.verdict)


def _row(window: Window, result: WindowResult) -> tuple[str, ...]:
    moved = window.predictions
    drift = MISSING if moved is None or moved.debiased is None else f"PSI {moved.debiased:.3f}"
    difference = MISSING
    if result.difference is not None and result.difference_interval is not None:
        shown = number(result.difference, result.difference_interval, signed=True)
        difference = f"{shown} {bounds(result.difference_interval, signed=True)}"
    finding = result.finding
    outcome = WORDS[finding.outcome] if finding.judged else finding.reason.replace("_", " ")
    return (
        window.name,
        f"{window.rows:,}",
        f"{window.labelled:,}",
        drift + (f" {moved.size}" if moved is not None and moved.size else ""),
        _measured(result.measured),
        _measured(result.expected),
        difference,
        outcome,
    )


def _measured(found: Measured | None) -> str:
    if found is None or found.value is None:
        return MISSING
    return f"{number(found.value, found.interval)}" + (f" {bounds(found.interval)}" if found.interval else "")
