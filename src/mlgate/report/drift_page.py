"""Render how far columns moved as one page of HTML that needs nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.report.pictures.drift import histograms
from mlgate.report.templates import html

if TYPE_CHECKING:
    from mlgate.records import Drift


def drift_page(found: Drift) -> str:
    """Render the whole page; the columns that moved most come first."""
    template = html().get_template("drift.html.j2")
    return template.render(drift=found, pictures=histograms(found.shifts))
