"""A result as a picture: a point with its interval, in colour and shape of its outcome, beside what the rule asks."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from mlgate.report import cells
from mlgate.report.pictures.canvas import ERROR, FAIL, INCONCLUSIVE, INK, PASS, draw
from mlgate.verdict import Outcome

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from mlgate.records import Interval, MetricResult

LOOKS = {  # told apart without colour by their shape
    Outcome.PASS: (PASS, "o", PASS),
    Outcome.INCONCLUSIVE: (INCONCLUSIVE, "s", "none"),
    Outcome.FAIL: (FAIL, "X", FAIL),
    Outcome.ERROR: (ERROR, "v", ERROR),
}
ASIDE = (INK, "D", "none")
SIZE = 2.3, 0.27  # inches
ROOM = 0.08  # of what is shown, on either side


def judged(result: MetricResult) -> Markup:
    """Draw what a rule was judged by, and shade what the rule refuses; nothing where there is no interval to draw.

    Of a difference a dotted line shows zero: right of it the candidate is better.
    """
    interval = interval_of(result)
    if interval is None:
        return Markup()
    value, edges = value_of(result), [edge for edge in cells.asked(result) if isfinite(edge)]
    compared = result.difference is not None
    shown = [interval.low, value, interval.high, *edges, *([0.0] if compared else [])]
    room = ROOM * (max(shown) - min(shown))
    if not room or not isfinite(room):
        return Markup()
    ends = min(shown) - room, max(shown) + room
    colour, marker, filled = look(result)

    def paint(figure: Figure) -> None:
        # without axes, whose ticks and spines take longer to make than all else, and are not shown
        from matplotlib.lines import Line2D
        from matplotlib.patches import Rectangle

        def across(place: float) -> float:
            return (place - ends[0]) / (ends[1] - ends[0])

        def line(*places: float, heights: tuple[float, ...] = (0.5, 0.5), **looks: Any) -> None:  # noqa: ANN401 (matplotlib's)
            figure.add_artist(Line2D([across(place) for place in places], heights, **looks))

        for edge, (low, high) in _refused(result, ends):
            shade = Rectangle((across(low), 0), across(high) - across(low), 1, color=FAIL, alpha=0.12, linewidth=0)
            figure.add_artist(shade)
            line(edge, edge, heights=(0, 1), color=INK, linewidth=1)
        if compared:
            line(0, 0, heights=(0, 1), color=INK, linewidth=0.9, linestyle=":")
        whiskers: dict[str, Any] = {"marker": "|", "markersize": 6, "markeredgewidth": 1}
        line(interval.low, interval.high, color=colour, linewidth=1.8, solid_capstyle="butt", **whiskers)
        line(value, heights=(0.5,), color=colour, marker=marker, markerfacecolor=filled, markersize=5.5)

    return draw(f"interval {cells.interval(result)}{_words(result)}", paint, size=SIZE, kind="interval")


def _refused(result: MetricResult, ends: tuple[float, float]) -> list[tuple[float, tuple[float, float]]]:
    """Give each end of what is asked, and what lies beyond it."""
    beyond = ((result.least, ends[0]), (result.most, ends[1]))
    return [(edge, (min(edge, end), max(edge, end))) for edge, end in beyond if edge is not None and isfinite(edge)]


def _words(result: MetricResult) -> str:
    asked = (("at least", result.least), ("at most", result.most))
    said = " and ".join(f"{words} {edge:g}" for words, edge in asked if edge is not None)
    return f", asked for {said}" if said else ""


def look(result: MetricResult) -> tuple[str, str, str]:
    """Return the colour of a result, its marker, and what fills that."""
    return LOOKS[result.finding.outcome] if result.finding.judged else ASIDE


def interval_of(result: MetricResult) -> Interval | None:
    """Return the interval of what `value_of` gives; None where a number is missing or not finite."""
    found = result.difference_interval if result.difference is not None else result.candidate_interval
    value = result.difference if result.difference is not None else result.candidate
    numbers = (value, found.low, found.high) if found and value is not None else ()
    return found if numbers and all(isfinite(one) for one in numbers) else None


def value_of(result: MetricResult) -> float:
    """Return the difference where there is one, else the candidate's value."""
    found = result.difference if result.difference is not None else result.candidate
    return found if found is not None else 0.0
