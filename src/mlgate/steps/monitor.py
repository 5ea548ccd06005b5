"""Hold later predictions against those that a model was accepted on: alone, from two files and a policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from mlgate import __version__
from mlgate.data.files.read import read, scan
from mlgate.errors import DataError
from mlgate.evaluation.monitoring.monitor import monitor as watch
from mlgate.evaluation.monitoring.reading import Asked
from mlgate.evaluation.monitoring.windows import cut
from mlgate.records import Monitoring
from mlgate.steps.compare_files import answer_columns

if TYPE_CHECKING:
    from pathlib import Path

    from mlgate.config.policy import Policy


@dataclass(frozen=True, kw_only=True)
class Predictions:
    """A file of predictions, and the name that people know it by."""

    path: Path
    name: str


def monitor(
    policy: Policy, reference: Predictions, current: Predictions, *, time: str | None, every: str
) -> Monitoring:
    """Answer the policy's rules in every window of `current`, beside `reference`.

    Both have the policy's key and score columns; the reference has the labels, the current rows may have some, or no
    label column at all. Raises DataError for a file that cannot be read, ConfigError for windows that cannot be cut.
    """
    before, later = _rows(policy, reference.path, None), _rows(policy, current.path, time)
    if policy.data.label not in scan(reference.path).collect_schema():
        raise DataError(
            f"{reference.name} has no label column {policy.data.label!r}, and what scores mean is learned from it",
            hint="take predictions whose truth is known, such as those on the held-out rows",
        )
    if later.is_empty():
        raise DataError(f"{current.name} holds no rows", hint="give it the predictions to look at")
    asked = Asked(data=policy.data, evaluate=policy.evaluate, gate=policy.gate)
    found = watch(before, cut(later, time, every), asked)
    return Monitoring(
        mlgate=__version__,
        reference=reference.name,
        current=current.name,
        reference_rows=before.height,
        current_rows=later.height,
        confidence_level=found.level,
        verdict=found.verdict,
        findings=found.findings,
        references=found.references,
        windows=found.windows,
    )


def _rows(policy: Policy, path: Path, time: str | None) -> pl.DataFrame:
    """Read the key, the answers by the gate's names, the label (nulls where there is no such column), the time."""
    data, answers = policy.data, answer_columns(policy.data, path)
    beside = [name for name in (*data.about_rows, time) if name is not None and name != data.label]
    present = scan(path).collect_schema().names()
    label = [data.label] if data.label in present else []
    frame = read(path, [*beside, *label, *answers])
    named = [pl.col(name) for name in dict.fromkeys([*beside, *label])]
    named += [pl.col(name).alias(known) for name, known in answers.items() if known not in beside]
    found = frame.select(named)
    return found if label else found.with_columns(pl.lit(None).alias(data.label))
