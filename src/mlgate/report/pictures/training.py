"""How a training's metrics went, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.report.pictures.canvas import CANDIDATE, PRODUCTION, Picture, draw
from mlgate.report.pictures.words import both

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

    from mlgate.records import TrainingCurve, TrainingRecord

SIZE = 3.2, 1.7  # inches


def training(ours: TrainingRecord | None, before: TrainingRecord | None) -> Iterator[Picture]:
    """Draw each metric of the candidate's training that has two steps, over production's where that has it, too."""
    known = {curve.metric: curve for curve in before.curves} if before else {}
    for curve in ours.curves if ours else ():
        if len(curve.points) > 1:
            yield _picture(curve, known.get(curve.metric))


def _picture(ours: TrainingCurve, theirs: TrainingCurve | None) -> Picture:
    last = both(*(f"{one.points[-1][1]:.4g}" if one and one.points else None for one in (ours, theirs)))

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        axes.set(xlabel="step")
        for curve, colour, style in ((theirs, PRODUCTION, "--"), (ours, CANDIDATE, "-")):
            if curve and curve.points:
                steps, values = zip(*curve.points, strict=True)
                axes.plot(steps, values, color=colour, linestyle=style, linewidth=1.4)
        axes.locator_params(nbins=4)
        figure.subplots_adjust(left=0.17, right=0.97, top=0.96, bottom=0.22)

    return Picture(title=ours.metric, svg=draw(f"{ours.metric} by step, last: {last}", paint, size=SIZE), note=last)
