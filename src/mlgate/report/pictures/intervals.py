"""A result as a picture: a point with its interval, in the colour and shape of its outcome."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from markupsafe import Markup

from mlgate.report.numbers import bounds
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
ROOM = 1.06  # how much further than the interval the scale reaches


def difference(result: MetricResult) -> Markup:
    """Draw the difference of candidate and production around zero; nothing where there is no interval to draw."""
    interval = interval_of(result)
    if interval is None or result.difference is None:
        return Markup()
    low, value, high = interval.low, result.difference, interval.high
    reach = ROOM * max(abs(low), abs(value), abs(high))
    if not reach:
        return Markup()
    colour, marker, filled = look(result)

    def paint(figure: Figure) -> None:
        axes = figure.add_axes((0, 0, 1, 1), xlim=(-reach, reach), ylim=(-1, 1))
        axes.set_axis_off()
        axes.axvline(0, color=INK, linewidth=0.9, linestyle=":")
        axes.errorbar(
            value,
            0,
            xerr=((value - low,), (high - value,)),
            color=colour,
            elinewidth=1.8,
            capsize=3,
            marker=marker,
            mfc=filled,
            markersize=5.5,
        )

    return draw(f"interval {bounds(interval, signed=True)}", paint, size=SIZE, kind="interval")


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
