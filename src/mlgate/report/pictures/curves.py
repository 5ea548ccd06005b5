"""The ROC curve, and precision over recall."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.report.pictures.canvas import CANDIDATE, LINE, PRODUCTION, Picture, draw
from mlgate.report.pictures.words import both

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mlgate.records import Curve, Figures

HALVES = (0.0, 0.5, 1.0)


def curves(figures: Figures) -> Iterator[Picture]:
    """Draw the curves that there are."""
    ours, theirs = figures.candidate, figures.production
    if ours.roc:
        yield _picture(
            "ROC",
            (ours.roc, theirs.roc if theirs else None),
            axes=("false positive rate", "true positive rate"),
            guess=((0, 1), (0, 1)),
        )
    if ours.precision_recall:
        share = figures.positives or 0.0
        yield _picture(
            "Precision and recall",
            (ours.precision_recall, theirs.precision_recall if theirs else None),
            axes=("recall", "precision"),
            guess=((0, 1), (share, share)),
        )


def _picture(
    title: str,
    lines: tuple[Curve, Curve | None],
    *,
    axes: tuple[str, str],
    guess: tuple[tuple[float, float], tuple[float, float]],
) -> Picture:
    areas = both(*(f"{line.area:.3f}" if line else None for line in lines))

    def paint(figure: Figure) -> None:
        drawn = figure.subplots()
        drawn.set(xlabel=axes[0], ylabel=axes[1])
        drawn.plot(*guess, color=LINE, linewidth=0.9)
        _line(drawn, lines[1], PRODUCTION, "--")
        _line(drawn, lines[0], CANDIDATE, "-")
        drawn.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.02), xticks=HALVES, yticks=HALVES)
        figure.subplots_adjust(left=0.12, right=0.98, top=0.98, bottom=0.15)

    return Picture(title=title, svg=draw(f"{title}: {areas.replace(' ', ' area ', 1)}", paint), note=f"area: {areas}")


def _line(axes: Axes, line: Curve | None, colour: str, style: str) -> None:
    if line:
        x, y = zip(*line.points, strict=True)
        axes.plot(x, y, color=colour, linestyle=style, linewidth=1.5)
