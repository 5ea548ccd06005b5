"""What the gate decided, and the numbers that it decided by."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from mlgate.records.base import FORMAT, Count, DataFile, Record, Version
from mlgate.records.policy import PolicyChange
from mlgate.verdict import Finding, Value, Verdict

Sampled = Literal["row", "cluster", "query"]


class Interval(Value):
    """A two-sided confidence interval."""

    low: float
    high: float


class MetricResult(Value):
    """One rule's numbers: candidate, production and their difference, with intervals where they exist.

    `difference` is oriented: positive means that the candidate is better, whatever the metric's direction. `test` is
    absent for a bound. The rule asks the difference, or what it bounds, to lie from `least` to `most`. `n` counts rows,
    `units` what was sampled independently, and `sampled` names one of these.
    """

    metric: str
    test: str | None = None
    higher_is_better: bool
    candidate: float | None
    production: float | None
    difference: float | None
    candidate_interval: Interval | None
    difference_interval: Interval | None
    least: float | None = None
    most: float | None = None
    confidence_level: float | None = None
    p_value: float | None
    method: str
    n: Count
    units: Count | None = None
    sampled: Sampled = "row"
    minimum_detectable: float | None
    finding: Finding


class SliceResult(Value):
    """One part of the held-out rows: `name` such as `origin=JFK`, its rows, and an answer a rule.

    `of` is how the rows were parted, such as `by origin`: only slices of the same parting are the same by their names.
    """

    name: str
    of: str = ""
    n: Count
    results: tuple[MetricResult, ...]


class FlippedRow(Value):
    """A row that production predicts right and the candidate wrong; more than its key only where rows may be shown."""

    key: str
    label: str | None = None
    candidate: str | None = None
    production: str | None = None


class Flips(Value):
    """Rows on which exactly one of the two models is right, with exact intervals of their shares."""

    fixed: Count
    broken: Count
    n: Annotated[Count, Field(ge=1)]
    fixed_interval: Interval | None = None
    broken_interval: Interval | None = None
    examples: tuple[FlippedRow, ...] = ()


class Hint(Value):
    """A slice that a search among `searched` ones found to look worse: the mean `loss` of its n rows grew by -gain.

    `p_value` is corrected for the search (Benjamini and Hochberg); a hint never judges.
    """

    name: str
    n: Count
    loss: str
    gain: float
    p_value: float
    searched: Count


class HoldoutUse(Value):
    """How often these held-out rows were asked: which use this is, of how many, and the level that leaves each."""

    digest: str
    use: Count
    max_uses: Count | None = None
    adaptivity: str | None = None
    confidence_level: float
    retired: bool = False


class Promoted(Value):
    """A version that was production: since when, and what was measured when it was promoted, on which rows."""

    version: str
    at: AwareDatetime
    held_out: str
    metrics: dict[str, float]


class FilesComparison(Value):
    """What `mlgate compare` decided on two files of predictions."""

    format: Literal[1] = FORMAT
    mlgate: str
    candidate: str
    production: str | None
    rows: Count
    confidence_level: float
    verdict: Verdict
    results: tuple[MetricResult, ...] = ()
    slices: tuple[SliceResult, ...] = ()
    flips: Flips | None = None
    hints: tuple[Hint, ...] = ()


class ComparisonRecord(Record):
    """What `mlgate compare` decided: the evidence that promotion checks again.

    `predictions_digest` is the sha256 of the candidate's predictions, which become production's with it. The addresses
    are pages of the registry. `history` are the versions that were production last, the oldest first.
    """

    step = "comparison"

    candidate: Version
    production: Version | None
    production_created_at: AwareDatetime | None = None
    held_out: DataFile
    train_data: tuple[DataFile, ...]
    config_digest: str
    gate_digest: str
    confidence_level: float
    predictions_digest: str = ""
    results: tuple[MetricResult, ...]
    slices: tuple[SliceResult, ...] = ()
    flips: Flips | None = None
    hints: tuple[Hint, ...] = ()
    holdout: HoldoutUse | None = None
    policy: PolicyChange | None = None
    candidate_run_url: str | None = None
    candidate_url: str | None = None
    production_url: str | None = None
    history: tuple[Promoted, ...] = ()
