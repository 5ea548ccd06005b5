"""What was found in the data."""

from __future__ import annotations

from typing import Literal

from mlgate.records.base import FORMAT, Count, DataFile, Record
from mlgate.records.importance import WeightedShift
from mlgate.verdict import Finding, Place, Value, Verdict

Engine = Literal["polars", "spark"]


class BadRow(Value):
    """One offending value: which row (0-based), its key if known, and what stood there."""

    row: Count | None
    key: str | None
    value: str


class Violation(Value):
    """One broken rule of the data, counted in full and sampled; `max_failures` is the share of rows that may.

    `place` is where the rule is written.
    """

    file: str
    column: str | None
    rule: str
    expected: str
    count: Count
    of: Count
    severity: Literal["warn", "error"] = "error"
    max_failures: float = 0.0
    examples: tuple[BadRow, ...] = ()
    place: Place | None = None

    @property
    def whole(self) -> bool:
        """Whether it is about the file as a whole: every row breaks it, and none is an example."""
        return self.count == self.of and not self.examples

    @property
    def judges(self) -> bool:
        """Whether it stops the pipeline: more rows break it than may, and it does more than warn."""
        return self.severity == "error" and (self.count == self.of or self.count > self.max_failures * self.of)


class Bar(Value):
    """One bin of a column: its label, or the range low < value <= high; its share of the rows, before and after."""

    label: str = ""
    low: float | None = None
    high: float | None = None
    before: float
    after: float


class ColumnShift(Value):
    """How far one column moved from a reference, such as production's training data.

    `psi` is the population stability index; `noise` its mean and `limit` its quantile when nothing moved; `debiased`
    is psi minus noise, at least 0, and `size` the word for it; a column that cannot be compared has none of them, and
    `note` says why. `jensen_shannon` is a distance (base 2, 0 to 1),
    `wasserstein` one in standard deviations of the reference; `rest_*` are the shares of the categories that are not
    told apart. Shares and effects are of all rows, those of the Kolmogorov-Smirnov test of the rows with a value.
    `importance` is the column's share of what production's predictions rest on.
    """

    column: str
    kind: str = ""
    psi: float | None = None
    noise: float | None = None
    limit: float | None = None
    debiased: float | None = None
    shifted: bool
    size: Literal["minor", "moderate", "major"] | None = None
    jensen_shannon: float | None = None
    cramers_v: float | None = None
    chi_squared_p: float | None = None
    kolmogorov_smirnov: float | None = None
    kolmogorov_smirnov_p: float | None = None
    wasserstein: float | None = None
    nulls_before: float | None = None
    nulls_after: float | None = None
    rest_before: float | None = None
    rest_after: float | None = None
    importance: float | None = None
    bars: tuple[Bar, ...] = ()
    note: str = ""


class ValidationRecord(Record):
    """What `mlgate validate` found."""

    step = "validation"

    findings: tuple[Finding, ...]
    files: tuple[DataFile, ...] = ()
    violations: tuple[Violation, ...] = ()
    shifts: tuple[ColumnShift, ...] = ()
    weighted_shift: WeightedShift | None = None
    compared_with: str | None = None


class FileValidation(Value):
    """What `mlgate validate` found in one file, alone; `judged_by` names the schema, `rules` counts what it asks.

    `notes` say what the schema asks and nobody judged, or judged at a price.
    """

    format: Literal[1] = FORMAT
    mlgate: str
    file: str
    judged_by: str
    engine: Engine
    rows: Count
    rules: Count
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    violations: tuple[Violation, ...] = ()
    notes: tuple[str, ...] = ()
