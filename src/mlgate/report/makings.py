"""What a candidate is made of, and what it costs, beside production; which facts of the records, and no markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlgate.escape import title
from mlgate.report.numbers import MISSING, age, count, duration, number, short, size_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlgate.records import ComparisonRecord, DataFile, TrainingRecord, Version
    from mlgate.report.model_records import ModelRecords
    from mlgate.report.report import ModelReport


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that a model is made of: how it is for the candidate, and for production where that is known."""

    what: str
    candidate: str
    production: str | None = None

    @property
    def differs(self) -> bool:
        """Whether candidate and production are known to differ in it."""
        return self.production is not None and self.production != self.candidate


def changes(records: ModelRecords) -> tuple[Change, ...]:
    """List what the candidate is made of, beside production's where that is known; what differs first."""
    if records.training is None:
        return ()
    candidate = _parts(records.training)
    production = _parts(records.production_training) if records.production_training is not None else {}
    known = records.production_training is not None
    names = list(dict.fromkeys([*candidate, *production]))
    found = [
        Change(
            what=name,
            candidate=candidate.get(name, MISSING),
            production=production.get(name, MISSING) if known else None,
        )
        for name in names
    ]
    return tuple(sorted(found, key=lambda change: not change.differs))


def in_short(changed: Sequence[Change]) -> str:
    """Name what changed in a few words, where the names are plain ones, else count it."""
    named = ", ".join(change.what for change in changed)
    return title(named or "nothing", count(len(changed), "thing"))


def _parts(training: TrainingRecord) -> dict[str, str]:
    parts = {"code": short(training.code.inputs_digest), "configuration": short(training.config_digest)}
    parts |= {f"data {file.path}": f"{short(file.sha256)}, {count(file.rows, 'row')}" for file in training.data}
    params = {name: value for name, value in training.params.items() if not name.startswith("mlgate.")}
    parts |= {f"parameter {name}": value for name, value in params.items()}
    parts["seed"] = str(training.seed)
    environment = training.environment
    if environment is not None:
        parts |= {"Python": environment.python, "operating system": environment.os, "CUDA": environment.cuda or "none"}
    return parts


def packages(records: ModelRecords) -> tuple[Change, ...]:
    """List the packages of the candidate's training; those that differ from production's first."""
    training, before = records.training, records.production_training
    if training is None or training.environment is None:
        return ()
    old = before.environment.packages if before is not None and before.environment is not None else None
    new = training.environment.packages
    found = [
        Change(what=name, candidate=new.get(name, MISSING), production=None if old is None else old.get(name, MISSING))
        for name in sorted({*new, *(old or {})})
    ]
    return tuple(sorted(found, key=lambda change: not change.differs))


def cost(records: ModelRecords) -> str | None:
    """Say how long the training took."""
    return duration(records.training.seconds) if records.training is not None else None


def costs(records: ModelRecords) -> tuple[Change, ...]:
    """List what the candidate costs, beside production where that is known: its size, the time of its training."""
    training, before = records.training, records.production_training
    if training is None or training.candidate is None:
        return ()
    old = before.candidate if before is not None else None
    size = Change(
        what="model",
        candidate=size_of(training.candidate.bytes),
        production=size_of(old.bytes) if old is not None and old.bytes else None,
    )
    time = Change(
        what="trained in",
        candidate=duration(training.seconds),
        production=duration(before.seconds) if before is not None else None,
    )
    return (size, time) if training.candidate.bytes else (time,)


def uncommitted(records: ModelRecords) -> tuple[str, ...]:
    """List what the candidate was made from that no commit holds."""
    made = records.training or records.comparison
    return made.code.dirty if made is not None and records.promotion is None else ()


def files(model: ModelReport) -> tuple[DataFile, ...]:
    """List the data files, read from the latest record that names them."""
    records = model.records
    if records.comparison is not None:
        return (records.comparison.held_out, *records.comparison.train_data)
    if records.training is not None:
        return records.training.data
    return records.validation.files if records.validation is not None else ()


def training_rows(training: TrainingRecord) -> int:
    """Count the rows that the model learned from."""
    return sum(file.rows for file in training.data if file.role == "training")


def other_rows(records: ModelRecords) -> str:
    """Say how the held-out rows differ from those of production's own time; empty where they are the same, or unknown.

    Whoever chooses the rows chooses the verdict, so that a reader is told.
    """
    comparison, before = records.comparison, records.production_training
    held_out = next((file for file in before.data if file.role == "held-out"), None) if before is not None else None
    if comparison is None or held_out is None or held_out.sha256 == comparison.held_out.sha256:
        return ""
    return f"{count(comparison.held_out.rows, 'row')} now, {held_out.rows:,} then. {_scored_then(comparison)}".strip()


def _scored_then(comparison: ComparisonRecord) -> str:
    """Say what production scored on the rows of its own time, beside what it scores on these."""
    before = next((one for one in comparison.history if one.version == _version(comparison.production)), None)
    if before is None or before.held_out == comparison.held_out.sha256:
        return ""
    for result in comparison.results:
        then, interval = before.metrics.get(result.metric), result.candidate_interval
        if then is not None and result.production is not None:
            now = number(result.production, interval)
            return f"Production's {result.metric} is {now} on these, and was {number(then, interval)}."
    return ""


def _version(version: Version | None) -> str:
    return version.version if version is not None else ""


def production_age(model: ModelReport) -> str | None:
    """Say how old production was when it was compared with."""
    comparison = model.records.comparison
    if model.records.promotion is not None:
        return None
    if comparison is None or comparison.production is None or comparison.production_created_at is None:
        return None
    return age(comparison.production_created_at, comparison.created_at)
