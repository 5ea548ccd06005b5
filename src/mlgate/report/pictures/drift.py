"""How a column was distributed before and is now."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from markupsafe import Markup

from mlgate.report.pictures.canvas import AFTER, BEFORE, INK, draw
from mlgate.report.pictures.ticks import crowded, fitting, moment, tick_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mlgate.records import Bar, ColumnShift

SIZE = 3.4, 1.15  # inches
MOST = 60
LARGEST = 1e150  # beyond it a scale cannot be computed
OUTER = 0.25  # of the inner range: how far an open outer bin is drawn
NEXT = 4  # steps between two floats, at most, that are taken as one
SPIKED = 0.5  # of the rows
THIN = 25  # of the range: how wide a single number is drawn among ranges


def histograms(shifts: Sequence[ColumnShift]) -> dict[str, Markup]:
    """Draw the first MOST columns, by name; those that moved most stand first."""
    return {shift.column: histogram(shift) for shift in shifts[:MOST]}


def histogram(shift: ColumnShift) -> Markup:
    """Draw a column's two distributions over each other; nothing where matplotlib is missing or nothing is to be drawn.

    Numbers as densities: an area is a share of the rows. The open outer bins are cut, so that one wild value does not
    squeeze all others. Categories as pairs of bars, and so are numbers of which each bin holds one, or where single
    values hold most of the rows: their density would be a spike.
    """
    drawn = [bar for bar in shift.bars if bar.before or bar.after]
    ranges = [bar for bar in drawn if bar.low is not None and bar.high is not None]
    if len(drawn) < 2 or not all(map(_drawable, drawn)):
        return Markup()

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        if len(ranges) > 1 and not _spiked(ranges):
            _densities(axes, ranges)
            axes.locator_params(axis="x", nbins=3 if shift.kind == "time" else 6)
            if shift.kind == "time":
                axes.xaxis.set_major_formatter(moment)
        else:
            _pairs(axes, fitting(drawn))
        axes.spines["left"].set_visible(False)
        axes.spines["bottom"].set_color(INK)
        axes.tick_params(axis="x", labelsize=9)
        axes.yaxis.set_visible(False)
        figure.subplots_adjust(left=0.02, right=0.98, top=0.97, bottom=0.26)

    return draw(f"distribution of {shift.column}, before and now", paint, size=SIZE, kind="histogram")


def _spiked(bars: Sequence[Bar]) -> bool:
    """Whether single values hold all that there is, or, as points without a width, most of it."""
    points = [bar for bar in bars if _is_point(bar)]
    most = max(sum(bar.before for bar in points), sum(bar.after for bar in points)) > SPIKED
    return most or all(bar.label for bar in bars)


def _is_point(bar: Bar) -> bool:
    return bar.high is not None and bar.low is not None and _touch(bar.low, bar.high)


def _touch(low: float, high: float) -> bool:
    """Whether hardly a number lies between two."""
    return high - low <= NEXT * math.ulp(max(abs(low), abs(high)))


def _drawable(bar: Bar) -> bool:
    """Whether no number of a bar is too large for a scale, infinite or none at all."""
    return all(abs(number) <= LARGEST for number in (bar.low or 0.0, bar.high or 0.0, bar.before, bar.after))


def _densities(axes: Axes, bars: Sequence[Bar]) -> None:
    """Draw shares by their widths; a point among them gets a width of its own, that can be seen."""
    wide = [bar for bar in bars if not _is_point(bar)]
    spans = _cut(bars, wide)
    least = (spans[-1][1] - spans[0][0]) / THIN
    points = [bar for bar in bars if _is_point(bar)]
    for side, colour in (("before", BEFORE), ("after", AFTER)):
        places, heights = _steps(spans, [getattr(bar, side) for bar in wide])
        axes.stairs(heights, places, fill=True, color=colour, alpha=0.35)
        axes.stairs(heights, places, color=colour, linewidth=1.2)
        at = [bar.high or 0.0 for bar in points]
        axes.bar(at, [getattr(bar, side) / least for bar in points], least, color=colour, alpha=0.35)


def _cut(bars: Sequence[Bar], wide: Sequence[Bar]) -> list[tuple[float, float]]:
    """Return the ranges as they are drawn: of the open outer ones no more than a part as wide as OUTER says."""
    spans = [(bar.low or 0.0, bar.high or 0.0) for bar in wide]
    low, high = spans[0][1], spans[-1][0]
    room = OUTER * ((high - low) or abs(low) or 1.0)
    if wide[0] is bars[0] and not wide[0].label:
        spans[0] = max(spans[0][0], low - room), low
    if wide[-1] is bars[-1] and not wide[-1].label:
        spans[-1] = high, min(spans[-1][1], high + room)
    return spans


def _steps(spans: Sequence[tuple[float, float]], shares: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return the edges of all ranges and the heights between them: 0 where a range holds nothing and is not listed."""
    places, heights = [spans[0][0]], []
    for (low, high), share in zip(spans, shares, strict=True):
        if not _touch(places[-1], low):
            places.append(low)
            heights.append(0.0)
        places.append(high)
        heights.append(share / (high - low))
    return places, heights


def _pairs(axes: Axes, bars: Sequence[Bar]) -> None:
    places = range(len(bars))
    axes.bar([place - 0.2 for place in places], [bar.before for bar in bars], 0.38, color=BEFORE)
    axes.bar([place + 0.2 for place in places], [bar.after for bar in bars], 0.38, color=AFTER)
    named = tick_labels(bars)
    axes.set_xticks(list(places), named)
    if crowded(named):
        axes.tick_params(axis="x", labelrotation=25)
