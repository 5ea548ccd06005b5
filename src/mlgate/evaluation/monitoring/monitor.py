"""How a model does in each window of later rows, beside the reference that it was accepted on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.monitoring.decide import asked_of, written
from mlgate.evaluation.monitoring.look import look
from mlgate.evaluation.monitoring.reference import learn
from mlgate.evaluation.wording import count
from mlgate.records import ReferenceValue, Window
from mlgate.verdict import Finding, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from mlgate.evaluation.monitoring.reading import Asked
    from mlgate.evaluation.monitoring.windows import Rows


@dataclass(frozen=True, kw_only=True)
class Monitored:
    """What was found in each window, and on the reference; `level` is that of one answer."""

    level: float
    findings: tuple[Finding, ...]
    references: tuple[ReferenceValue, ...] = ()
    windows: tuple[Window, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst alarm or error; without any, what was answered, and INCONCLUSIVE where nothing was."""
        bad = [one for one in self.findings if one.judged and one.outcome is not Outcome.PASS]
        if bad:
            return Verdict.of(bad, empty="")
        answers = [result for window in self.windows for result in window.results]
        passed = [result for result in answers if result.finding.judged]
        promised = sum(result.by == "expected" for result in passed)
        open_ones = len(answers) - len(passed)
        said = f"{len(passed)} of {count(len(answers), 'answer')} in {count(len(self.windows), 'window')}"
        by = f", {promised} of them by what scores promise" if promised else ""
        left = f"; {open_ones} left open" if open_ones else ""
        if not passed:
            sentence = "no rule could be answered in any window: there are too few labels, and nothing is promised"
            return Verdict(outcome=Outcome.INCONCLUSIVE, decided_by="monitor", sentence=sentence)
        return Verdict(outcome=Outcome.PASS, decided_by="monitor", sentence=f"no alarm: {said}{by}{left}")


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
            ReferenceValue(
                rule=rule.name,
                question=asked_of(rule),
                metric=rule.measured,
                measured=written(known.values[rule.name], known.rows),
            )
            for rule in rules
        ),
        windows=tuple(window for window, _ in found),
    )
