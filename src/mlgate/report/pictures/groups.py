"""What was predicted beside what came: calibration of probabilities, and numbers by tenths of the predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.report.pictures.canvas import CANDIDATE, LINE, PRODUCTION, Picture, draw
from mlgate.report.pictures.words import both

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mlgate.records import Figures, Group

    Groups = tuple[Sequence[Group], Sequence[Group]]
HALVES = (0.0, 0.5, 1.0)


def groups(figures: Figures) -> Iterator[Picture]:
    """Draw the groups that there are: on the diagonal, what came is what was predicted."""
    ours, theirs = figures.candidate, figures.production
    if ours.calibration:
        yield _calibration(figures, (ours.calibration, theirs.calibration if theirs else ()))
    if ours.deciles:
        yield _tenths((ours.deciles, theirs.deciles if theirs else ()))


def _calibration(figures: Figures, found: Groups) -> Picture:
    gaps = both(*(f"{_gap(one):.3f}" if one else None for one in found))
    of = "the top class" if figures.task == "multiclass" else "the positives"

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        _draw(axes, found, (0.0, 1.0))
        axes.set(xlabel=f"probability of {of}", ylabel="share that came true")
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xticks=HALVES, yticks=HALVES)
        figure.subplots_adjust(left=0.12, right=0.98, top=0.98, bottom=0.15)

    return Picture(
        title="Calibration",
        svg=draw(f"Calibration, mean distance from the diagonal: {gaps}", paint),
        note=f"mean distance: {gaps}; bars: {figures.confidence_level * 100:.6g}% intervals (Wilson)",
    )


def _tenths(found: Groups) -> Picture:
    spans = both(*(f"{one[0].observed:.4g} to {one[-1].observed:.4g}" if one else None for one in found))
    ends = [end for groups in found for one in groups for end in (one.predicted, one.low, one.high)]

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        _draw(axes, found, (min(ends), max(ends)))
        axes.set(xlabel="predicted", ylabel="observed")
        axes.locator_params(nbins=4)
        figure.subplots_adjust(left=0.17, right=0.98, top=0.98, bottom=0.15)

    return Picture(
        title="Predicted and observed",
        svg=draw(f"Mean observed, from the lowest to the highest tenth of predictions: {spans}", paint),
        note="means of each tenth of the predictions; bars: the middle half of what was observed",
    )


def _draw(axes: Axes, found: Groups, ends: tuple[float, float]) -> None:
    axes.plot(ends, ends, color=LINE, linewidth=0.9)
    for groups, colour, style, marker, filled in (
        (found[1], PRODUCTION, "--", "s", "none"),
        (found[0], CANDIDATE, "-", "o", CANDIDATE),
    ):
        x, y = [one.predicted for one in groups], [one.observed for one in groups]
        axes.vlines(x, [one.low for one in groups], [one.high for one in groups], color=colour, linewidth=0.8)
        axes.plot(x, y, color=colour, linestyle=style, linewidth=1, marker=marker, markersize=3.5, mfc=filled)


def _gap(groups: Sequence[Group]) -> float:
    total = sum(one.n for one in groups) or 1
    return sum(one.n * abs(one.predicted - one.observed) for one in groups) / total
