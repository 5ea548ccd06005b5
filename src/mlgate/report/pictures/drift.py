"""How a column was distributed before and is now."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from markupsafe import Markup

from mlgate.escape import visible
from mlgate.report.pictures.canvas import AFTER, BEFORE, INK, draw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mlgate.records import Bar, ColumnShift

SIZE = 3.4, 1.15  # inches
LABELS = 12
MOST = 60
LARGEST = 1e150  # beyond it a scale cannot be computed
OUTER = 0.25  # of the inner range: how far an open outer bin is drawn


def histograms(shifts: Sequence[ColumnShift]) -> dict[str, Markup]:
    """Draw the first MOST columns, by name; those that moved most stand first."""
    return {shift.column: histogram(shift) for shift in shifts[:MOST]}


def histogram(shift: ColumnShift) -> Markup:
    """Draw a column's two distributions over each other; nothing where matplotlib is missing or nothing is to be drawn.

    Numbers as densities: an area is a share of the rows. The open outer bins are cut, so that one wild value does not
    squeeze all others. Categories as pairs of bars.
    """
    drawn = [bar for bar in shift.bars if bar.before or bar.after]
    ranges = [bar for bar in drawn if bar.low is not None and bar.high is not None]
    if len(drawn) < 2 or not all(map(_drawable, drawn)):
        return Markup()

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        if len(ranges) > 1:
            _densities(axes, ranges)
            axes.locator_params(axis="x", nbins=6)
        else:
            _pairs(axes, drawn[:LABELS])
        axes.spines["left"].set_visible(False)
        axes.spines["bottom"].set_color(INK)
        axes.tick_params(axis="x", labelsize=9)
        axes.yaxis.set_visible(False)
        figure.subplots_adjust(left=0.02, right=0.98, top=0.97, bottom=0.26)

    return draw(f"distribution of {shift.column}, before and now", paint, size=SIZE, kind="histogram")


def _drawable(bar: Bar) -> bool:
    """Whether no number of a bar is too large for a scale, infinite or none at all."""
    return all(abs(number) <= LARGEST for number in (bar.low or 0.0, bar.high or 0.0, bar.before, bar.after))


def _densities(axes: Axes, bars: Sequence[Bar]) -> None:
    edges = [bar.low for bar in bars if bar.low is not None] + [bar.high for bar in bars[-1:] if bar.high is not None]
    inner = edges[1:-1]
    room = OUTER * ((inner[-1] - inner[0]) or abs(inner[0]) or 1.0)
    edges[0], edges[-1] = max(edges[0], inner[0] - room), min(edges[-1], inner[-1] + room)
    widths = [max(high - low, room / 50) for low, high in pairwise(edges)]
    places = list(accumulate(widths, initial=edges[0]))
    for shares, colour in (([bar.before for bar in bars], BEFORE), ([bar.after for bar in bars], AFTER)):
        heights = [share / width for share, width in zip(shares, widths, strict=True)]
        axes.stairs(heights, places, fill=True, color=colour, alpha=0.35)
        axes.stairs(heights, places, color=colour, linewidth=1.2)


def _pairs(axes: Axes, bars: Sequence[Bar]) -> None:
    places = range(len(bars))
    axes.bar([place - 0.2 for place in places], [bar.before for bar in bars], 0.38, color=BEFORE)
    axes.bar([place + 0.2 for place in places], [bar.after for bar in bars], 0.38, color=AFTER)
    named = [visible(bar.label or "a number", 9) for bar in bars]
    axes.set_xticks(list(places), named, rotation=25 if len(bars) > 6 else 0)
