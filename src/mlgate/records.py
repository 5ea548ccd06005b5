"""What the steps hand to each other: one versioned JSON document per step and model.

A record holds facts and findings, never rendered text; the report is a rendering of records.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar, Literal

from pydantic import Field

from mlgate.verdict import Finding, Outcome, Value, Verdict

FORMAT: Literal[1] = 1


class Code(Value):
    """Which code ran: the commit, and a digest of the git trees of the declared inputs.

    `inputs_digest` survives squash, rebase and merge (it never names a commit). `dirty` lists declared inputs
    that differ from the commit; a candidate made from such a tree cannot be promoted.
    """

    commit: str
    inputs_digest: str
    inputs: tuple[str, ...]
    dirty: tuple[str, ...] = ()
    branch: str = ""


class DataFile(Value):
    """One data file as it was read; `sha256` is of its bytes."""

    role: Literal["training", "held-out"]
    path: str
    sha256: str
    rows: int
    columns: int
    bytes: int


class Version(Value):
    """A version of a registered model; `manifest_digest` is over path, size and sha256 of every file."""

    name: str
    version: str
    run_id: str
    manifest_digest: str
    files: int = 0
    bytes: int = 0


class Record(Value):
    """What every record carries."""

    step: ClassVar[str]

    format: Literal[1] = FORMAT
    model: str
    mlgate: str
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    code: Code
    verdict: Verdict


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


class Environment(Value):
    """Where the training ran, as the user's Python saw it."""

    python: str
    os: str
    cuda: str | None
    packages: dict[str, str]


class TrainingRecord(Record):
    """What `mlgate train` made; `candidate` is absent when the training failed."""

    step = "training"

    candidate: Version | None
    run_id: str
    experiment: str
    config_digest: str
    data: tuple[DataFile, ...]
    seed: int
    params: dict[str, str]
    metrics: dict[str, float]
    environment: Environment | None
    seconds: float
    log_tail: tuple[str, ...] = ()
    run_url: str | None = None


class Interval(Value):
    """A two-sided confidence interval."""

    low: float
    high: float


class MetricResult(Value):
    """One rule's numbers: candidate, production and their difference, with intervals where they exist.

    `difference` is oriented: positive means that the candidate is better, whatever the metric's direction.
    """

    metric: str
    higher_is_better: bool
    candidate: float | None
    production: float | None
    difference: float | None
    candidate_interval: Interval | None
    difference_interval: Interval | None
    p_value: float | None
    method: str
    n: int
    minimum_detectable: float | None
    finding: Finding


class SliceResult(Value):
    """One part of the held-out rows: `name` such as `origin=JFK`, its rows, and an answer a rule."""

    name: str
    n: int
    results: tuple[MetricResult, ...]


class Flips(Value):
    """Rows on which exactly one of the two models is right (binary tasks)."""

    fixed: int
    broken: int
    n: int


class FilesComparison(Value):
    """What `mlgate compare` decided on two files of predictions."""

    format: Literal[1] = FORMAT
    mlgate: str
    candidate: str
    production: str | None
    rows: int
    confidence_level: float
    verdict: Verdict
    results: tuple[MetricResult, ...] = ()
    slices: tuple[SliceResult, ...] = ()
    flips: Flips | None = None


class ComparisonRecord(Record):
    """What `mlgate compare` decided: the evidence that promotion checks again."""

    step = "comparison"

    candidate: Version
    production: Version | None
    production_created_at: datetime | None = None
    held_out: DataFile
    train_data: tuple[DataFile, ...]
    config_digest: str
    gate_digest: str
    confidence_level: float
    results: tuple[MetricResult, ...]
    slices: tuple[SliceResult, ...] = ()
    flips: Flips | None = None
    candidate_run_url: str | None = None
    production_run_url: str | None = None


Operation = Literal["promote", "rollback"]


class PromotionRecord(Record):
    """What `mlgate promote` or `mlgate rollback` did, or why it did nothing."""

    step = "promotion"

    operation: Operation
    status: Literal["done", "already", "refused", "planned"]
    reason: str
    sentence: str
    alias: str
    from_version: str | None
    to_version: str | None
    candidate: str | None = None
    stale: bool = False


STEPS: tuple[type[Record], ...] = (ValidationRecord, TrainingRecord, ComparisonRecord, PromotionRecord)

__all__ = [
    "FORMAT",
    "STEPS",
    "BadRow",
    "Code",
    "ColumnShift",
    "ComparisonRecord",
    "DataFile",
    "Environment",
    "Flips",
    "Interval",
    "MetricResult",
    "Operation",
    "Outcome",
    "PromotionRecord",
    "Record",
    "TrainingRecord",
    "ValidationRecord",
    "Version",
    "Violation",
]
