"""How a model does in each window of later rows, beside the reference that it was accepted on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.monitoring.decide import written
from mlgate.evaluation.monitoring.look import look
from mlgate.evaluation.monitoring.reference import learn
from mlgate.records import ReferenceValue, Window
from mlgate.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from mlgate.evaluation.monitoring.answers import Asked
    from mlgate.evaluation.monitoring.windows import Rows


@dataclass(frozen=True, kw_only=True)
class Monitored:
    """What was found in each window, and on the reference; `level` is that of one answer."""

    level: float
    findings: tuple[Finding, ...]
    references: tuple[ReferenceValue, ...] = ()
    windows: tuple[Window, ...] = ()


def monitor(reference: pl.DataFrame, windows: Sequence[Rows], asked: Asked) -> Monitored:
    """Answer every rule in every window; the frames hold the key, answers as `align` reads them, and labels or nulls.

    The level of each answer is corrected for all of them (Bonferroni): where nothing changed, at most one run in
    1 / (1 - confidence_level) alarms. Raises ConfigError where no rule can be answered.
    """
    rules = asked.rules
    level = 1 - (1 - asked.gate.confidence_level) / max(len(rules) * len(windows), 1)
    generator = np.random.default_rng(asked.gate.seed % 2**64)
    known = learn(reference, asked, level, generator)
    if isinstance(known, Finding):
        return Monitored(level=level, findings=(known,))
    found = [look(rows, known, asked, level=level, tries=len(windows), generator=generator) for rows in windows]
    return Monitored(
        level=level,
        findings=tuple(finding for _, told in found for finding in told),
        references=tuple(
            ReferenceValue(rule=rule.name, metric=rule.measured, measured=written(known.values[rule.name], known.rows))
            for rule in rules
        ),
        windows=tuple(window for window, _ in found),
    )
