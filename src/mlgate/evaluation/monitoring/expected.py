"""What a metric would be, judged by the scores alone: confidence-based performance estimation.

If scores go on to mean what they meant on the reference, labels are draws from the calibrated scores. The metric is
measured on such draws: their mean is expected, and their spread is that of the labels' chance and of what is not known
of the calibration together. The idea is NannyML's CBPE; drawing labels gives it every metric of the gate, and an
interval for what will be measured once the labels come. A changed meaning of the scores it cannot see by its nature:
that shows when labels come, as a measured value outside of the interval.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.estimate import Estimate, quantile
from mlgate.evaluation.metrics import METRICS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlgate.config.rule import Rule
    from mlgate.evaluation.monitoring.calibration import Calibration
    from mlgate.evaluation.paired import Codes, Floats, Scores

DRAWS = 200
ROWS = 10_000  # of a window, at most
FEWEST = DRAWS // 2


@dataclass(frozen=True, kw_only=True)
class Expected:
    """The mean of a metric over draws, and their standard deviation; `rows` were looked at."""

    mean: float
    sd: float
    rows: int

    def estimate(self, level: float, rule: Rule) -> Estimate:
        """Return the interval in which the measured metric lies with probability `level`."""
        metric, reach = METRICS[rule.metric], quantile(level) * self.sd
        found = Estimate(value=self.mean, low=self.mean - reach, high=self.mean + reach)
        return found.clipped(metric.least, metric.most)


def draw_labels(
    scores: Scores, calibrations: Sequence[Calibration], generator: np.random.Generator
) -> tuple[Scores, tuple[Codes, ...]]:
    """Return the rows that are looked at, ROWS at most, and labels (n,) drawn for them, one set a calibration."""
    looked_at = scores if scores.n <= ROWS else _only(scores, np.sort(generator.choice(scores.n, ROWS, replace=False)))
    labels = []
    for calibration in calibrations:
        reached = calibration.probabilities(looked_at).cumsum(axis=1)
        chance = generator.random((looked_at.n, 1))
        labels.append((chance > reached[:, :-1]).sum(axis=1).astype(np.intp))
    return looked_at, tuple(labels)


def expect(scores: Scores, labels: Sequence[Codes], rule: Rule) -> Expected | None:
    """Measure a rule's metric on drawn labels; None where it has no value on most of them."""
    metric = METRICS[rule.metric]
    keys = metric.keys(rule.model_dump())
    values = np.array([_value(scores, label, rule, keys) for label in labels])
    found: Floats = values[np.isfinite(values)]
    if len(found) < FEWEST:
        return None
    return Expected(mean=float(found.mean()), sd=float(found.std(ddof=1)), rows=scores.n)


def _value(scores: Scores, label: Codes, rule: Rule, keys: dict[str, object]) -> float:
    drawn = replace(scores, label=label if scores.classes else label.astype(np.bool_))
    with np.errstate(all="ignore"):
        return METRICS[rule.metric].general.estimate(drawn, 0.95, **keys).value


def _only(scores: Scores, rows: Codes) -> Scores:
    parts = ("label", "score", "probabilities", "weight", "unit", "query")
    taken = {name: part[rows] for name in parts if (part := getattr(scores, name)) is not None}
    return replace(scores, **taken)
