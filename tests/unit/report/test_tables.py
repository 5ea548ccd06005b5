"""Tables are read on a telephone, too, and a cell says no more than its head asks."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from rich.console import Console

from mlgate.records import ColumnShift, Violation
from mlgate.report import markdown, templates, terminal
from mlgate.report.html import page
from mlgate.report.numbers import MISSING
from mlgate.report.report import Report

MISSED = Violation(
    file="train.csv", column="hour", rule="column_missing", expected="a column named 'hour'", count=23_611, of=23_611
)
NULLS = Violation(file="train.csv", column="temp", rule="nullable", expected="a value", count=23_611, of=23_611)


def told(cases: dict[str, Any]) -> Report:
    """Tell of data that broke rules and moved."""
    records = cases["CASES"]["passed"][cases["MODEL"]]
    shifts = (ColumnShift(column="hour", shifted=True, note="missing now"), *records.validation.shifts)
    validation = records.validation.model_copy(update={"violations": (MISSED, NULLS), "shifts": shifts})
    return Report.of({cases["MODEL"]: records.model_copy(update={"validation": validation})}, cases["CONTEXT"])


def test_rows_are_counted_where_there_are_any(cases: dict[str, Any]) -> None:
    """The head says rows, so that the cell need not; of a column that is missing nothing can be counted."""
    lines = [line for line in markdown.comment(told(cases)).splitlines() if "train.csv" in line]
    assert [line.split(" | ")[3] for line in lines] == [MISSING, "23,611 of 23,611"]
    console = Console(width=200)
    with console.capture() as capture:
        terminal.show(told(cases), console)
    assert "hour: column_missing, expected a column named 'hour'\n" in capture.get()
    assert "temp: nullable, expected a value; 23,611 of 23,611 rows\n" in capture.get()
    assert f'data-label="Rows">{MISSING}<' in page(told(cases))
    assert 'data-label="Rows">23,611 of 23,611<' in page(told(cases))


class Cells(HTMLParser):
    """Reads the cells of tables that become blocks on a narrow screen."""

    def __init__(self) -> None:
        """Start outside of any table."""
        super().__init__()
        self.stacked: list[bool] = []
        self.bare: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note whether a table is one, and which of its cells have neither a label nor a line of their own."""
        found = dict(attrs)
        classes = set((found.get("class") or "").split())
        if tag == "table":
            self.stacked.append("stacked" in classes)
        if tag == "td" and self.stacked[-1] and "data-label" not in found and not classes & {"chart", "said"}:
            self.bare.append(found)


def test_broken_rules_and_shifts_become_blocks(cases: dict[str, Any]) -> None:
    """At 360 pixels the answer is on the screen, each number under its name."""
    for section in ("Broken rules of the data", "Distribution shift"):
        found = re.search(rf"<h2>{section}</h2>.*?</section>", page(told(cases)), re.DOTALL)
        assert found is not None
        cells = Cells()
        cells.feed(found[0])
        assert cells.stacked == [True]
        assert cells.bare == []


def test_no_rule_of_the_style_is_written_twice() -> None:
    """The second of two would change, far from where anybody looks, what the first one says."""
    css = (Path(templates.__file__).parent / "templates" / "page.css").read_text(encoding="utf-8")
    everywhere = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", css)
    selectors = [found.strip() for found in re.findall(r"([^{}]+)\{[^{}]*\}", everywhere)]
    assert len(selectors) > 50
    assert sorted(selectors) == sorted(set(selectors))
