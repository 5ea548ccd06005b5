"""Evidence: what one rule is decided on, gathered before anything is decided."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.metrics import METRICS, PAIR_METRICS, Metric, PairMetric
from mlgate.evaluation.wording import count, listed
from mlgate.records import Interval, MetricResult

if TYPE_CHECKING:
    from mlgate.config.model import Rule
    from mlgate.evaluation.estimate import Difference, Estimate
    from mlgate.evaluation.paired import Floats, Paired
    from mlgate.verdict import Finding


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One rule's metric measured on the rows; `difference` is oriented, and absent for a bound or a first model.

    `fault` is a reason and a sentence where the metric cannot be measured; `waits` says that the rule asks about
    production, and that there is none yet.
    """

    metric: Metric | PairMetric
    n: int
    level: float
    candidate: Estimate | None = None
    production: Estimate | None = None
    difference: Difference | None = None
    fault: tuple[str, str] | None = None
    waits: bool = False

    def margin(self, rule: Rule) -> float:
        """Return the rule's margin in the metric's units: a relative one is a share of production's value."""
        if not rule.relative_margin:
            return rule.margin
        return rule.relative_margin * abs(self.production.value) if self.production else math.nan

    def result(self, finding: Finding) -> MetricResult:
        """Write the evidence down beside what was decided on it."""
        difference = self.difference
        return MetricResult(
            metric=self.metric.name,
            higher_is_better=self.metric.higher_is_better,
            candidate=_value(self.candidate),
            production=_value(self.production),
            difference=_value(difference),
            candidate_interval=_interval(self.candidate),
            difference_interval=_interval(difference),
            p_value=difference.p_value if difference and math.isfinite(difference.p_value) else None,
            method=difference.method if difference else "",
            n=self.n,
            minimum_detectable=difference.minimum_detectable(self.level) if difference else None,
            finding=finding,
        )


def gather(paired: Paired, rule: Rule, *, level: float, seed: int) -> Evidence:
    """Measure the rule's metric for both models, and their difference where the rule asks for it."""
    if rule.metric in PAIR_METRICS:
        return _gather_pair(paired, PAIR_METRICS[rule.metric], level)
    metric, ours, theirs = METRICS[rule.metric], paired.ours, paired.theirs
    fault = _improbable(paired, metric)
    if fault:
        return Evidence(metric=metric, n=paired.n, level=level, fault=fault)
    candidate = metric.measure(ours, level)
    production = metric.measure(theirs, level) if theirs else None
    difference = metric.compare(ours, theirs, level, seed) if theirs and rule.test else None
    for model, estimate in (("candidate", candidate), ("production", production if rule.test else None)):
        if estimate and not math.isfinite(estimate.value):
            fault = "undefined", f"{model}'s {metric.title} is undefined: {metric.undefined}"
            break
    if production and rule.relative_margin and not production.value:
        nothing = f"production's {metric.title} is 0, and a share of it is no margin; give margin instead"
        fault = fault or ("no_scale", nothing)
    return Evidence(
        metric=metric,
        n=paired.n,
        level=level,
        candidate=candidate,
        production=production,
        difference=difference,
        fault=fault or _unbounded(paired, rule, metric, difference or candidate),
        waits=rule.test is not None and theirs is None,
    )


def _gather_pair(paired: Paired, metric: PairMetric, level: float) -> Evidence:
    theirs = paired.theirs
    estimate = metric.estimator(paired.ours, theirs, level) if theirs else None
    return Evidence(metric=metric, n=paired.n, level=level, candidate=estimate, waits=theirs is None)


def unmeasured(rule: Rule, n: int, finding: Finding) -> MetricResult:
    """Write down a rule that was not measured on these n rows, and why."""
    metric = PAIR_METRICS[rule.metric] if rule.metric in PAIR_METRICS else METRICS[rule.metric]
    return Evidence(metric=metric, n=n, level=math.nan).result(finding)


def _improbable(paired: Paired, metric: Metric) -> tuple[str, str] | None:
    if not metric.probabilities:
        return None
    for model, scores in (("candidate", paired.candidate), ("production", paired.production)):
        keys = _outside(paired, scores)
        if keys:
            outside = f"{count(len(keys), f'{model} score')} outside [0, 1] (key {listed(keys, len(keys))})"
            asked = "let predict return the probability of the positive class"
            return "not_probabilities", f"{metric.title} needs probabilities, and {outside}; {asked}"
    return None


def _outside(paired: Paired, scores: Floats | None) -> list[object]:
    if scores is None:
        return []
    # written as the condition for being a probability, so that NaN is none
    inside = (scores >= 0) & (scores <= 1)
    return list(np.asarray(paired.keys)[~inside].tolist())


def _unbounded(paired: Paired, rule: Rule, metric: Metric, deciding: Estimate) -> tuple[str, str] | None:
    by_estimate = rule.test == "point" or (rule.test is None and rule.judge == "point")
    if deciding.bounded or by_estimate:
        return None
    return "no_interval", f"{count(paired.n, 'row')} give no interval for {metric.title}; hold out more rows"


def _value(estimate: Estimate | None) -> float | None:
    return estimate.value if estimate and math.isfinite(estimate.value) else None


def _interval(estimate: Estimate | None) -> Interval | None:
    return Interval(low=estimate.low, high=estimate.high) if estimate and estimate.bounded else None
