"""What was found in the data."""

from __future__ import annotations

from typing import Literal

from mlgate.records.base import DataFile, Record
from mlgate.verdict import Finding, Value


class BadRow(Value):
    """One offending value: which row (0-based), its key if known, and what stood there."""

    row: int | None
    key: str | None
    value: str


class Violation(Value):
    """One broken rule of the data, counted in full and sampled; `max_failures` is the share of rows that may."""

    file: str
    column: str | None
    rule: str
    expected: str
    count: int
    of: int
    severity: Literal["warn", "error"] = "error"
    max_failures: float = 0.0
    examples: tuple[BadRow, ...] = ()

    @property
    def judges(self) -> bool:
        """Whether it stops the pipeline: more rows break it than may, and it does more than warn."""
        return self.severity == "error" and (self.count == self.of or self.count > self.max_failures * self.of)


class ColumnShift(Value):
    """How far one column moved from production's training data.

    `psi` is the population stability index; `noise` its expected size when nothing moved; `debiased` is
    psi minus noise, at least 0.
    """

    column: str
    psi: float
    noise: float
    debiased: float
    shifted: bool
    note: str = ""


class ValidationRecord(Record):
    """What `mlgate validate` found."""

    step = "validation"

    findings: tuple[Finding, ...]
    files: tuple[DataFile, ...] = ()
    violations: tuple[Violation, ...] = ()
    shifts: tuple[ColumnShift, ...] = ()
    compared_with: str | None = None
