"""Render how far columns moved as one page of HTML that needs nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.report import drift_facts
from mlgate.report.pictures import histogram
from mlgate.report.templates import html

if TYPE_CHECKING:
    from mlgate.records import Drift

PICTURES = 60


def drift_page(found: Drift) -> str:
    """Render the whole page; the columns that moved most come first, and the first PICTURES of them are drawn."""
    pictures = {shift.column: histogram(shift) for shift in found.shifts[:PICTURES]}
    template = html().get_template("drift.html.j2")
    return template.render(drift=found, pictures=pictures, told=drift_facts)
