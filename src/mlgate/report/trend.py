"""How a metric went from one promoted version to the next, and where the candidate would take it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlgate.escape import Markdown
from mlgate.report.numbers import number

if TYPE_CHECKING:
    from mlgate.records import MetricResult
    from mlgate.report.report import ModelReport

LEAST = 3  # points: fewer are in the table above already
_PLAIN = re.compile(r"[A-Za-z0-9_@.-]{1,40}")


@dataclass(frozen=True, kw_only=True)
class Point:
    """One version: its name on the axis, the day it was promoted, and its value."""

    label: str
    day: str
    value: float


@dataclass(frozen=True, kw_only=True)
class Trend:
    """A metric of the versions that were production last, on the same held-out rows, and of the candidate."""

    metric: str
    result: MetricResult
    points: tuple[Point, ...]

    def written(self, point: Point) -> str:
        """Write a value as finely as the candidate's interval supports."""
        return number(point.value, self.result.candidate_interval)

    @property
    def chart(self) -> Markdown:
        """Draw it for GitHub; mermaid reads no text of a record, so it is given none but plain names."""
        labels = ", ".join(f'"{point.label}"' for point in self.points)
        values = ", ".join(self.written(point).replace(",", "") for point in self.points)
        lines = ("xychart-beta", f"    x-axis [{labels}]", f'    y-axis "{self.metric}"', f"    line [{values}]")
        return Markdown("\n".join(("```mermaid", *lines, "```")))


def trend(model: ModelReport) -> Trend | None:
    """Follow the metric that decided, else the first one that earlier versions have."""
    comparison = model.records.comparison
    if comparison is None:
        return None
    before = [one for one in comparison.history if one.held_out == comparison.held_out.sha256]
    for result in model.results:
        value = result.candidate
        if value is None or not _drawable(value) or not _PLAIN.fullmatch(result.metric):
            continue
        points = [
            Point(label=f"v{one.version}", day=f"{one.at:%Y-%m-%d}", value=one.metrics[result.metric])
            for one in before
            if _drawable(one.metrics.get(result.metric, float("nan"))) and one.version.isdecimal()
        ]
        points.append(Point(label="candidate", day="", value=value))
        if len(points) >= LEAST:
            return Trend(metric=result.metric, result=result, points=tuple(points))
    return None


def _drawable(value: float) -> bool:
    """Whether a value is one that mermaid reads, which knows no powers of ten."""
    return value == 0 or 1e-6 <= abs(value) < 1e9
