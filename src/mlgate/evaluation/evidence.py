"""Evidence: what one rule is decided on, gathered before anything is decided."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlgate.records import Interval, MetricResult

if TYPE_CHECKING:
    from mlgate.config.rule import Rule
    from mlgate.evaluation.estimate import Difference, Estimate
    from mlgate.evaluation.titles import What
    from mlgate.records import Sampled
    from mlgate.verdict import Finding


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One rule's metric measured on the rows; `difference` is oriented, and absent for a bound or a first model.

    `n` counts rows, `units` what was sampled independently: rows, clusters or queries, as `sampled` says. `fault` is a
    reason and a sentence where the metric cannot be measured; `waits` says that the rule asks about production, and
    that there is none yet.
    """

    what: What
    n: int
    units: int
    level: float
    sampled: Sampled = "row"
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

    def asked(self, rule: Rule) -> tuple[float | None, float | None]:
        """Return where what is judged has to lie, from and to: the difference, or of a bound the candidate's value."""
        if rule.test is None:
            return rule.lower_bound, rule.upper_bound
        if rule.test == "superiority":
            return rule.min_effect, None
        margin = self.margin(rule)
        if not math.isfinite(margin):
            return None, None
        return -margin, margin if rule.test == "equivalence" else None

    def edges(self, rule: Rule) -> tuple[float, ...]:
        """Return the ends of what is asked."""
        return tuple(edge for edge in self.asked(rule) if edge is not None)

    def result(self, rule: Rule, finding: Finding) -> MetricResult:
        """Write the evidence down beside what was decided on it."""
        difference = self.difference
        least, most = self.asked(rule)
        return MetricResult(
            metric=self.what.name,
            test=rule.test,
            higher_is_better=self.what.higher_is_better,
            candidate=_value(self.candidate),
            production=_value(self.production),
            difference=_value(difference),
            candidate_interval=_interval(self.candidate),
            difference_interval=_interval(difference),
            least=least,
            most=most,
            confidence_level=self.level if math.isfinite(self.level) else None,
            p_value=difference.p_value if difference and math.isfinite(difference.p_value) else None,
            method=difference.method if difference else "",
            n=self.n,
            units=self.units,
            sampled=self.sampled,
            minimum_detectable=difference.minimum_detectable(self.level) if difference else None,
            finding=finding,
        )


def _value(estimate: Estimate | None) -> float | None:
    return estimate.value if estimate and math.isfinite(estimate.value) else None


def _interval(estimate: Estimate | None) -> Interval | None:
    return Interval(low=estimate.low, high=estimate.high) if estimate and estimate.bounded else None
