"""What later rows are held against: the metrics of the reference, its predictions, and what its scores meant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from mlgate.data.profile.profiling import profile
from mlgate.evaluation.metrics import METRICS
from mlgate.evaluation.monitoring.calibration import calibrate
from mlgate.evaluation.monitoring.expected import DRAWS
from mlgate.evaluation.monitoring.reading import fault_of, judged_rows, with_labels
from mlgate.evaluation.predictions import SCORE
from mlgate.verdict import Finding, Outcome

if TYPE_CHECKING:
    import polars as pl

    from mlgate.config.rule import Rule
    from mlgate.data.profile.profile import Profile
    from mlgate.evaluation.estimate import Estimate
    from mlgate.evaluation.monitoring.calibration import Calibration
    from mlgate.evaluation.monitoring.reading import Asked
    from mlgate.evaluation.paired import Scores


@dataclass(frozen=True, kw_only=True, eq=False)
class Reference:
    """The reference's metrics by the name of their rule, a profile of its scores, and their meaning, if they have one.

    `rows` were judged.
    """

    rows: int
    values: dict[str, Estimate]
    predictions: Profile
    calibrations: tuple[Calibration, ...]
    classes: tuple[str, ...]


def learn(frame: pl.DataFrame, asked: Asked, level: float, generator: np.random.Generator) -> Reference | Finding:
    """Measure the reference on its labelled rows; return the finding where they cannot be judged."""
    rows = judged_rows(with_labels(frame, asked), asked)
    if isinstance(rows, Finding):
        return placed(rows, "reference")
    for rule in asked.rules:
        fault = fault_of(rows, rule)
        if fault:
            name = f"{rule.name} on the reference"
            return Finding(rule=name, outcome=Outcome.ERROR, reason="unfit", sentence=fault)
    scores = rows.ours
    promises = asked.promises and (not scores.classes or scores.probabilities is not None)
    return Reference(
        rows=scores.n,
        values={rule.name: measured(scores, rule, level, asked) for rule in asked.rules},
        predictions=profile(frame.select(SCORE).lazy(), sketched=False),
        calibrations=calibrate(scores, DRAWS, generator) if promises else (),
        classes=scores.classes,
    )


def placed(finding: Finding, where: str) -> Finding:
    """Say of which rows a finding is; what the gate calls held-out rows and a candidate are rows and answers here."""
    words = {"held-out ": "", "candidate predictions": "predictions", "candidate ": ""}
    rule, sentence = finding.rule, finding.sentence
    for word, plain in words.items():
        rule, sentence = rule.replace(word, plain), sentence.replace(word, plain)
    return finding.model_copy(update={"rule": f"{where}, {rule}", "sentence": sentence})


def measured(scores: Scores, rule: Rule, level: float, asked: Asked) -> Estimate:
    """Measure a rule's metric, with an interval at `level`; NaN where it has no value."""
    with np.errstate(all="ignore"):
        return METRICS[rule.metric].measure(by_rule(scores, rule), level, rule.model_dump(), seed=asked.gate.seed)


def by_rule(scores: Scores, rule: Rule) -> Scores:
    """Return the scores with the rule's own threshold, where it has one."""
    return scores if rule.threshold is None else replace(scores, threshold=rule.threshold)
