"""What was trained, from what and where."""

from __future__ import annotations

from mlgate.records.base import DataFile, Record, Version
from mlgate.verdict import Value


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
