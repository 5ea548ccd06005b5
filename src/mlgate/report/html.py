"""Render a report as one page of HTML that needs nothing else: no script, no font, no picture from anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.report.chart import interval_chart
from mlgate.report.pictures import histograms
from mlgate.report.templates import html

if TYPE_CHECKING:
    from mlgate.report.report import Report


def page(report: Report) -> str:
    """Render the whole page; every value of a record is escaped, and hidden characters are shown."""
    return (
        html().get_template("page.html.j2").render(report=report, interval_chart=interval_chart, histograms=histograms)
    )
