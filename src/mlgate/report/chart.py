"""Draw one rule's difference as a point with its interval around zero: where zero lies inside, nothing is shown."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from markupsafe import Markup

from mlgate.report.numbers import bounds

if TYPE_CHECKING:
    from mlgate.records import MetricResult

WIDTH, HEIGHT, EDGE = 220, 26, 8


def interval_chart(result: MetricResult) -> Markup:
    """Draw `result`'s difference as inline SVG, zero in the middle; empty when there is no interval to draw."""
    interval, difference = result.difference_interval, result.difference
    if interval is None or difference is None:
        return Markup("")
    numbers = (interval.low, difference, interval.high)
    reach = max((abs(value) for value in numbers), default=0.0)
    if not all(isfinite(value) for value in numbers) or reach == 0:
        return Markup("")
    middle = WIDTH / 2
    low, point, high = (round(middle + value / reach * (middle - EDGE), 1) for value in numbers)
    line = HEIGHT / 2
    return Markup(
        '<svg class="interval" viewBox="0 0 {width} {height}" role="img" aria-label="interval {label}">'
        '<line class="zero" x1="{middle}" x2="{middle}" y1="1" y2="{bottom}"/>'
        '<line class="range" x1="{low}" x2="{high}" y1="{line}" y2="{line}"/>'
        '<line class="end" x1="{low}" x2="{low}" y1="{top}" y2="{foot}"/>'
        '<line class="end" x1="{high}" x2="{high}" y1="{top}" y2="{foot}"/>'
        '<circle cx="{point}" cy="{line}" r="4"/></svg>'
    ).format(
        width=WIDTH,
        height=HEIGHT,
        label=bounds(interval, signed=True),
        middle=middle,
        bottom=HEIGHT - 1,
        low=low,
        high=high,
        line=line,
        top=line - 4,
        foot=line + 4,
        point=point,
    )
