"""Print what was found in a version's files, as a table for a terminal or a job's log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from mlgate.cli.common import line, say
from mlgate.escape import visible

if TYPE_CHECKING:
    from rich.console import Console

    from mlgate.records import FileFormat, Verification

SHOWN = 60
WIDTH = 150  # characters; a job's log scrolls
WORDS = {"safe": "data only", "code": "RUNS CODE", "unknown": "unknown"}
STYLES = {"safe": "", "code": "red", "unknown": "yellow"}
ORDER = ("code", "unknown", "safe")


def show_verification(console: Console, found: Verification) -> None:
    """Print each file with its size, format and finding, the worst first, and the verdict."""
    if not console.is_terminal:
        console.width = WIDTH
    total = sum(file.bytes for file in found.files)
    console.print(line(f"{found.name} version {found.version}: {len(found.files):,} files, {_size(total)}", "bold"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("file", "size", "format", "loading"):
        table.add_column(heading, justify="right" if heading == "size" else "left", overflow="fold")
    ordered = sorted(found.files, key=lambda file: (ORDER.index(file.loading), file.path))
    for file in ordered[:SHOWN]:
        table.add_row(*_row(file), style=STYLES[file.loading])
    console.print(table)
    if len(ordered) > SHOWN:
        console.print(line(f"… and {len(ordered) - SHOWN:,} more files, all with --json", "dim"))
    for finding in found.findings:
        if not finding.judged and finding.outcome.severity:
            console.print(
                line("not all files load as data only; `promotion: {formats: refuse}` would stop it", "yellow")
            )
    say(console, found.model, "files", found.verdict)


def _row(file: FileFormat) -> tuple[Text, ...]:
    said = WORDS[file.loading] + (f": {file.reason}" if file.reason else "")
    return tuple(
        Text(visible(cell, limit))
        for cell, limit in ((file.path, 60), (_size(file.bytes), 12), (file.kind, 20), (said, 400))
    )


def _size(count: int) -> str:
    size = float(count)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
