"""A forest plot: the slices' intervals of the rule that decided, one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.escape import visible
from mlgate.report import cells, facts
from mlgate.report.pictures.canvas import INK, LINE, Picture, draw
from mlgate.report.pictures.intervals import ASIDE, LOOKS, interval_of, look, value_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mlgate.records import MetricResult
    from mlgate.report.report import ModelReport

    Row = tuple[str, MetricResult]

MOST = 40
WIDTH, ROW, AROUND = 3.4, 0.175, 0.5  # inches
NAME, METRIC = 22, 30  # letters


def forest(model: ModelReport) -> Picture | None:
    """Draw at most MOST slices, worst first: differences where there is a production, else the candidate's values."""
    rule, rows = _chosen(model)
    if len(rows) < 2:
        return None
    shown = rows[:MOST]
    compared = shown[0][1].difference is not None
    sign = "+" if compared else ""
    worst = ", ".join(f"{name} {value_of(result):{sign}.3g}" for name, result in shown[:3])

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        metric = visible(shown[0][1].metric, METRIC)
        axes.set(xlabel=f"difference of {metric}" if compared else metric)
        _draw(axes, shown, compared=compared)
        height = figure.get_figheight()
        figure.subplots_adjust(left=0.42, right=0.97, top=1 - 0.06 / height, bottom=0.4 / height)

    return Picture(
        title=f"Slices by {rule}",
        svg=draw(f"Slices by {rule}, worst first: {worst}", paint, size=(WIDTH, AROUND + ROW * len(shown))),
        note=_note(len(rows), compared=compared),
    )


def _chosen(model: ModelReport) -> tuple[str, list[Row]]:
    """Return the slices' rule that decided, else the first one, and its answers that can be drawn, worst first."""
    comparison = model.records.comparison
    answers = [(part.name, one) for part in (comparison.slices if comparison else ()) for one in part.results]
    if comparison is None or not answers:
        return "", []
    rules = dict.fromkeys(facts.slice_rule(name, result) for name, result in answers)
    by = comparison.verdict.decided_by
    rule = next((one for one in rules if by == one or by.startswith(f"{one} on ")), next(iter(rules)))
    rows = [
        (name, result) for name, result in answers if facts.slice_rule(name, result) == rule and interval_of(result)
    ]
    compared = [row for row in rows if row[1].difference_interval]
    return rule, sorted(
        compared or rows,
        key=facts.worst_first,
    )


def _draw(axes: Axes, rows: list[Row], *, compared: bool) -> None:
    places = list(range(len(rows)))
    if compared:
        axes.axvline(0, color=LINE, linewidth=0.9, linestyle=":")
    for edge in set(cells.asked(rows[0][1])):
        axes.axvline(edge, color=INK, linewidth=0.8)
    for kind in dict.fromkeys([*LOOKS.values(), ASIDE]):
        mine = [place for place in places if look(rows[place][1]) == kind]
        if not mine:
            continue
        colour, marker, filled = kind
        ends = [interval for place in mine if (interval := interval_of(rows[place][1]))]
        axes.hlines(mine, [one.low for one in ends], [one.high for one in ends], color=colour, linewidth=1.2)
        values = [value_of(rows[place][1]) for place in mine]
        axes.plot(values, mine, color=colour, marker=marker, mfc=filled, linestyle="", markersize=4.2)
    axes.set_yticks(places, [_short(name) for name, _ in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(*_span(rows, compared=compared))
    axes.locator_params(axis="x", nbins=4)
    axes.tick_params(axis="y", length=0, labelsize=7.5)
    axes.spines["left"].set_visible(False)


def _span(rows: list[Row], *, compared: bool) -> tuple[float, float]:
    """Return what is shown of the scale: all values, and intervals as far as one of the usual width would reach."""
    found = [interval for _, result in rows if (interval := interval_of(result))]
    values = [value_of(result) for _, result in rows] + ([0.0] if compared else []) + list(cells.asked(rows[0][1]))
    width = sorted(one.high - one.low for one in found)[len(found) // 2]
    low = max(min(one.low for one in found), min(values) - 1.5 * width)
    high = min(max(one.high for one in found), max(values) + 1.5 * width)
    room = 0.04 * (high - low) or 0.5
    return min(low, *values) - room, max(high, *values) + room


def _short(name: str) -> str:
    """Leave out the middle of a long name: slices of several columns begin alike."""
    shown = visible(name)
    return shown if len(shown) <= NAME else f"{shown[: NAME // 2]}…{shown[-(NAME // 2 - 1) :]}"


def _note(count: int, *, compared: bool) -> str:
    more = f"; the first {MOST} of {count:,}" if count > MOST else ""
    side = "right of the dotted line the candidate is better; " if compared else ""
    return f"{side}dot: passed, cross: failed, square: inconclusive, diamond: not judged{more}"
