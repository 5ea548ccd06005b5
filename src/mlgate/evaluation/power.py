"""How many rows a policy needs, before anything is trained.

A rule passes when an interval is on its side. With a standard error of s/sqrt(n) and a true distance from what it must
not reach, n = ((z_{1-alpha/2} + z_power) s / distance)^2 rows let it pass with that power (Cohen 1988, section 2.4). Of
a share of rows s^2 is the share on which the two models differ in being right (Connor 1987, Biometrics 43:207-211); of
any other metric it is read off an earlier comparison, the pilot.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy.special import ndtr, ndtri

from mlgate.evaluation.estimate import POWER, quantile
from mlgate.evaluation.hoeffding import labels
from mlgate.evaluation.holdout import level as level_of_use
from mlgate.evaluation.wording import count, plural, rounded, short
from mlgate.records import Plan, PlannedRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlgate.config.gate import Gate
    from mlgate.config.rule import Rule
    from mlgate.records import MetricResult

AMONG = {"accuracy": "", "top_k_accuracy": "", "recall": "positive ", "specificity": "negative "}
ANY_NUMBER = {
    "point": "it looks at the estimate alone, and passes an equally good model half of the time",
    "no_regression": "an alarm is not rung by few rows",
}
PAIRS = {"negative_flip_rate": 0.5, "disagreement": 1.0}


@dataclass(frozen=True, kw_only=True)
class Assumed:
    """What is thought to be true: the share of rows that exactly one model gets right, and by how much one is better.

    `pilot` are results of an earlier comparison by such rules; `rows` how many rows there are, where that is known.
    """

    disagreement: float = 0.1
    effect: float = 0.01
    pilot: Sequence[MetricResult] = ()
    rows: int | None = None


@dataclass(frozen=True, kw_only=True)
class _Size:
    """The spread of one unit, the distance to be shown, how the latter came about, and what the units are.

    `units` is how many of them there are for each held-out row: fewer where only some rows count, or several make one.
    """

    spread: float
    distance: float
    basis: str
    noun: str = "rows"
    units: float = 1.0


def plan(gate: Gate, assumed: Assumed) -> Plan:
    """Say of every rule how many rows it needs, or why that cannot be said."""
    level = level_of_use(gate.holdout, gate.confidence_level) if gate.holdout else gate.confidence_level
    planned = [_planned(rule, level, assumed, where="") for rule in gate.rules]
    for slices in gate.slices:
        where = " in the smallest slice"
        planned += [_planned(rule, level, assumed, where=where) for rule in slices.rules]
    return Plan(
        confidence_level=level,
        power=POWER,
        rows=assumed.rows,
        rules=tuple(planned),
        labels_of_ease_ml=labels(gate),
    )


def rows_needed(spread: float, distance: float, level: float, *, both_sides: bool = False) -> float:
    """Return how many rows show a distance in four cases of five; of an equivalence both sides have to be shown."""
    power = 1 - (1 - POWER) / 2 if both_sides else POWER
    return ((quantile(level) + float(ndtri(power))) * spread / distance) ** 2


def power_of(spread: float, distance: float, level: float, rows: float, *, both_sides: bool = False) -> float:
    """Return with which probability so many rows show a distance."""
    one_side = float(ndtr(distance * math.sqrt(rows) / spread - quantile(level)))
    return max(2 * one_side - 1, 0.0) if both_sides else one_side


def _planned(rule: Rule, level: float, assumed: Assumed, *, where: str) -> PlannedRule:
    size = _size(rule, assumed, of_slices=bool(where))
    if isinstance(size, str):
        unknown = not size.startswith("any number")
        return PlannedRule(rule=rule.name, needed=None, power=None, sentence=size, open=unknown)
    if not size.spread > 0:
        return PlannedRule(rule=rule.name, needed=None, power=None, sentence=f"any number {size.basis}")
    if not size.distance > 0:
        sentence = f"no number of rows would do {size.basis}"
        return PlannedRule(rule=rule.name, needed=None, power=None, sentence=sentence, open=True)
    both = rule.test == "equivalence"
    needed = math.ceil(rows_needed(size.spread, size.distance, level, both_sides=both))
    if rule.tolerance:
        needed = max(needed, math.ceil((quantile(level) * size.spread / rule.tolerance) ** 2))
    rows = math.ceil(needed / size.units)
    in_all = f" ({rounded(rows)} rows in all)" if size.units < 1 else ""
    sentence = f"about {rounded(needed)} {size.noun}{where}{in_all}, {size.basis}"
    power = None
    if assumed.rows is not None:
        units = assumed.rows * size.units
        power = power_of(size.spread, size.distance, level, units, both_sides=both)
        detectable = (quantile(level) + float(ndtri(POWER))) * size.spread / math.sqrt(units)
        sentence += (
            f"; with {count(assumed.rows)} it passes in {power:.0%} of cases, and {short(detectable)} can be shown"
        )
    return PlannedRule(rule=rule.name, needed=rows, power=power, sentence=sentence)


def _before(rule: Rule, pilot: Sequence[MetricResult], *, of_slices: bool) -> MetricResult | None:
    """Find a rule in the pilot; of slices that of the smallest one that was judged."""
    if not of_slices:
        return next((one for one in pilot if one.finding.rule == rule.name), None)
    found = [one for one in pilot if one.finding.rule.startswith(f"{rule.name} on ") and one.confidence_level]
    return min(found, key=lambda one: one.units or one.n, default=None)


def _size(rule: Rule, assumed: Assumed, *, of_slices: bool) -> _Size | str:
    """Say what is known of a rule before it is asked, or why nothing is."""
    if rule.test in ANY_NUMBER:
        return f"any number: {ANY_NUMBER[rule.test]}"
    before = _before(rule, assumed.pilot, of_slices=of_slices)
    if before is not None:
        return _from_pilot(rule, before, assumed)
    if assumed.pilot or of_slices:
        why = "the pilot has no such rule" if assumed.pilot else "how large the slices are, a --pilot says"
        return f"not known: {why}"
    return _assumed(rule, assumed)


def _assumed(rule: Rule, assumed: Assumed) -> _Size | str:
    """Say what can be said of shares without a pilot."""
    if rule.test and rule.metric in AMONG and not rule.between and not rule.relative_margin:
        spread = math.sqrt(assumed.disagreement)
        distance, basis = _distance(rule, assumed, rule.margin)
        rows = f"{AMONG[rule.metric]}rows"
        return _Size(
            spread=spread,
            distance=distance,
            basis=f"where exactly one model is right on {assumed.disagreement:.1%} of them {basis}",
            noun=rows,
        )
    if rule.metric in PAIRS and rule.upper_bound is not None:
        share = assumed.disagreement * PAIRS[rule.metric]
        spread = math.sqrt(share * (1 - share))
        return _Size(spread=spread, distance=rule.upper_bound - share, basis=f"where it is {share:.1%}")
    return "not known beforehand: give --pilot with an earlier `mlgate compare --json` of this rule"


def _from_pilot(rule: Rule, before: MetricResult, assumed: Assumed) -> _Size | str:
    units, level = before.units or before.n, before.confidence_level
    noun, share = plural(before.sampled), units / max(one.n for one in assumed.pilot)
    if level is None:
        return "not known: the pilot did not measure this rule"
    if rule.test:
        if before.minimum_detectable is None or before.production is None:
            return "not known: the pilot's models do not differ"
        se = before.minimum_detectable / (quantile(level) + float(ndtri(POWER)))
        margin = rule.relative_margin * abs(before.production) if rule.relative_margin else rule.margin
        distance, basis = _distance(rule, assumed, margin)
        basis = f"as noisy as the pilot was on {count(before.n)} {basis}"
        return _Size(spread=se * math.sqrt(units), distance=distance, basis=basis, noun=noun, units=share)
    if before.candidate is None or before.candidate_interval is None:
        return "not known: the pilot has no interval"
    half = (before.candidate_interval.high - before.candidate_interval.low) / 2
    away = [
        before.candidate - rule.lower_bound if rule.lower_bound is not None else math.inf,
        rule.upper_bound - before.candidate if rule.upper_bound is not None else math.inf,
    ]
    basis = f"where it is {short(before.candidate)}, as in the pilot"
    spread = half / quantile(level) * math.sqrt(units)
    return _Size(spread=spread, distance=min(away), basis=basis, noun=noun, units=share)


def _distance(rule: Rule, assumed: Assumed, margin: float) -> tuple[float, str]:
    if rule.test == "superiority":
        return assumed.effect - rule.min_effect, f"and the candidate is better by {assumed.effect:g}"
    return margin, "and the candidate is as good"
