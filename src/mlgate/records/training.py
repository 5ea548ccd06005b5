"""What was trained, from what and where."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mlgate.records.base import DataFile, Record, Version
from mlgate.records.figures import Number
from mlgate.verdict import Value

MOST_CURVES = 12
MOST_STEPS = 100  # that are kept of one metric


class TrainingCurve(Value):
    """A metric that the training logged at several steps: (step, value), some of them where there were many."""

    metric: str
    points: Annotated[tuple[tuple[int, Number], ...], Field(max_length=MOST_STEPS)]


class Environment(Value):
    """Where the training ran, as the user's Python saw it."""

    python: str
    os: str
    cuda: str | None
    packages: dict[str, str]


class TrainingRecord(Record):
    """What `mlgate train` made; `candidate` is absent when the training failed.

    `metrics` are the last values, `curves` the way there of those that were logged at several steps.
    """

    step = "training"

    candidate: Version | None
    run_id: str
    experiment: str
    config_digest: str
    data: tuple[DataFile, ...]
    seed: int
    params: dict[str, str]
    metrics: dict[str, float]
    curves: Annotated[tuple[TrainingCurve, ...], Field(max_length=MOST_CURVES)] = ()
    environment: Environment | None
    seconds: float
    log_tail: tuple[str, ...] = ()
    run_url: str | None = None
