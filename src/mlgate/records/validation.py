"""What was found in the data."""

from __future__ import annotations

from mlgate.records.base import DataFile, Record
from mlgate.verdict import Finding, Value


class BadRow(Value):
    """One offending value: which row (0-based), its key if known, and what stood there."""

    row: int | None
    key: str | None
    value: str


class Violation(Value):
    """One broken rule of the schema, counted in full and sampled."""

    file: str
    column: str | None
    rule: str
    expected: str
    count: int
    of: int
    examples: tuple[BadRow, ...] = ()


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
