"""How far one set of data is from another, on its own: what `mlgate drift` answers."""

from __future__ import annotations

from typing import Literal

from mlgate.records.base import FORMAT
from mlgate.records.importance import WeightedShift
from mlgate.records.validation import ColumnShift
from mlgate.verdict import Finding, Value, Verdict


class GiveAway(Value):
    """A column by which a classifier tells two sets apart: how much its area under the curve falls without it."""

    column: str
    drop: float


class DomainClassifier(Value):
    """Whether a small model can tell the rows of two sets apart: its ROC AUC on rows that it was not fitted to.

    0.5 is guessing. `rows` are the rows of both sets that it saw; low and high are of DeLong's interval.
    """

    auc: float
    low: float
    high: float
    confidence_level: float
    rows: int
    columns: int
    gives_away: tuple[GiveAway, ...] = ()


class Drift(Value):
    """What `mlgate drift` found between a reference and current data."""

    format: Literal[1] = FORMAT
    mlgate: str
    reference: str
    current: str
    reference_rows: int
    current_rows: int
    floor: float
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    shifts: tuple[ColumnShift, ...] = ()
    weighted_shift: WeightedShift | None = None
    classifier: DomainClassifier | None = None
