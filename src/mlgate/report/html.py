"""Render a report as one page of HTML that needs nothing else: no script, no font, no picture from anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.report.matrices import matrices
from mlgate.report.pictures.drift import histograms
from mlgate.report.pictures.forest import forest
from mlgate.report.pictures.intervals import judged
from mlgate.report.pictures.make import of_history, of_predictions, of_training
from mlgate.report.templates import html

if TYPE_CHECKING:
    from mlgate.report.report import Report


def page(report: Report) -> str:
    """Render the whole page; every value of a record is escaped, and hidden characters are shown."""
    return (
        html()
        .get_template("page.html.j2")
        .render(
            report=report,
            judged=judged,
            histograms=histograms,
            forest=forest,
            matrices=matrices,
            of_history=of_history,
            of_predictions=of_predictions,
            of_training=of_training,
        )
    )
