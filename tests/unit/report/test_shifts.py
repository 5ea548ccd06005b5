"""How far columns moved, as comment, page and terminal say it."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

from rich.console import Console

from mlgate.cli.drift_table import show_drift
from mlgate.cli.show import show_validation
from mlgate.records import ColumnShift, Drift
from mlgate.report import markdown
from mlgate.report.html import page
from mlgate.report.numbers import MISSING
from mlgate.report.report import Report
from mlgate.verdict import Outcome, Verdict

TURNED = ColumnShift(column="hour", shifted=True, note="type changed: was number, is text")


def test_what_cannot_be_compared_has_no_psi(cases: dict[str, Any]) -> None:
    """Wherever it is shown it has a dash and a reason, and never the PSI of a column that stayed as it was."""
    records = cases["CASES"]["passed"][cases["MODEL"]]
    validation = records.validation.model_copy(update={"shifts": (TURNED, *records.validation.shifts)})
    told = Report.of({cases["MODEL"]: records.model_copy(update={"validation": validation})}, cases["CONTEXT"])
    (line,) = (line for line in markdown.comment(told).splitlines() if line.startswith("| `hour` |"))
    assert line == f"| `hour` | `type changed: was number, is text` | shifted | {MISSING} | {MISSING} |"
    assert "hour<small>type changed: was number, is text</small>" in page(told)
    console = Console(file=io.StringIO(), width=200)
    show_validation(SimpleNamespace(console=console), validation)  # type: ignore[arg-type]
    assert "hour: shifted from production version 7 (type changed: was number, is text)" in console.file.getvalue()  # type: ignore[attr-defined]


def test_a_table_of_columns_writes_a_dash() -> None:
    """On a terminal, too, where its size is that it moved."""
    console = Console(file=io.StringIO(), width=200)
    verdict = Verdict(outcome=Outcome.FAIL, decided_by="data", sentence="1 of 1 columns moved: hour")
    found = Drift(
        mlgate="1", reference="a", current="b", reference_rows=1, current_rows=1, floor=0.02, verdict=verdict,
        shifts=(TURNED,),
    )  # fmt: skip
    show_drift(console, found)
    (line,) = (line for line in console.file.getvalue().splitlines() if line.startswith("hour"))  # type: ignore[attr-defined]
    assert line.split()[:8] == ["hour", "shifted", *MISSING * 6]
    assert "0.0" not in line
