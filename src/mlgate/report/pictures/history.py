"""A metric of the versions that were production last, and of the candidate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.report.pictures.canvas import CANDIDATE, PRODUCTION, Picture, draw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

    from mlgate.report.trend import Trend

SIZE = 3.2, 1.7  # inches


def history(found: Trend | None) -> Iterator[Picture]:
    """Draw the values in the order of the versions, the candidate's last; nothing where there is no trend."""
    if found is None:
        return
    said = ", ".join(f"{point.label} {found.written(point)}" for point in found.points)

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        places, values = list(range(len(found.points))), [point.value for point in found.points]
        axes.plot(places[:-1], values[:-1], color=PRODUCTION, linewidth=1.4, marker="s", markersize=4)
        axes.plot(places[-2:], values[-2:], color=CANDIDATE, linewidth=1.2, linestyle=":")
        axes.plot(places[-1:], values[-1:], color=CANDIDATE, marker="o", markersize=5)
        axes.set_xticks(places, [point.label for point in found.points])
        axes.margins(0.12, 0.2)
        axes.locator_params(axis="y", nbins=4)
        figure.subplots_adjust(left=0.17, right=0.97, top=0.96, bottom=0.16)

    yield Picture(title=found.metric, svg=draw(f"{found.metric} by version: {said}", paint, size=SIZE))
