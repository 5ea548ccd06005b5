"""How a model did over time: what `mlgate monitor` answers."""

from __future__ import annotations

from typing import Literal

from mlgate.records.base import FORMAT
from mlgate.records.comparison import Interval
from mlgate.records.validation import ColumnShift
from mlgate.verdict import Finding, Value, Verdict


class Measured(Value):
    """A metric's value on `rows` rows, with its interval where there is one."""

    value: float | None
    interval: Interval | None
    rows: int


class WindowResult(Value):
    """One rule in one window.

    `measured` is on the rows whose label is known. `expected` is what the scores promise: labels drawn from the
    calibrated scores, of the same rows where any is labelled, else of all. `difference` is the window less the
    reference, positive where the window is better, by whichever of the two decided (`by`).
    """

    rule: str
    metric: str
    higher_is_better: bool
    measured: Measured | None = None
    expected: Measured | None = None
    by: Literal["measured", "expected"] | None = None
    difference: float | None = None
    difference_interval: Interval | None = None
    finding: Finding


class Window(Value):
    """The rows of one stretch of time, and what became of them; `labelled` counts those whose label is known."""

    name: str
    rows: int
    labelled: int
    predictions: ColumnShift | None = None
    results: tuple[WindowResult, ...] = ()


class ReferenceValue(Value):
    """What a rule's metric was on the reference, and what is asked of each window."""

    rule: str
    question: str
    metric: str
    measured: Measured


class Monitoring(Value):
    """What `mlgate monitor` found on later rows beside a reference; `confidence_level` is that of one answer."""

    format: Literal[1] = FORMAT
    mlgate: str
    reference: str
    current: str
    reference_rows: int
    current_rows: int
    confidence_level: float
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    references: tuple[ReferenceValue, ...] = ()
    windows: tuple[Window, ...] = ()
