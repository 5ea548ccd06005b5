"""Which of two rules asks for more: whether whatever passes the one is sure to pass the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mlgate.config.rule import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlgate.config.rule import Rule
    from mlgate.records import Direction

NEAR, ESTIMATE, FAR = 2, 1, 0
ALIKE = ("metric", "between", "gap", "method", *PARAMETERS)


@dataclass(frozen=True, kw_only=True)
class Demand:
    """One end of an interval, or the estimate, must be at least `least` minus `share` of production's value.

    For `upward` demands the interval's lower end is the near one, which is harder to bring over a bar than the
    estimate, and that harder than the far one; for others all is mirrored.
    """

    of: Literal["difference", "candidate", "width"]
    upward: bool = True
    end: int = NEAR
    least: float
    share: float = 0.0

    def covers(self, other: Demand) -> bool:
        """Whether meeting this is meeting the other."""
        same = (self.of, self.upward) == (other.of, other.upward)
        return same and self.end >= other.end and self.least >= other.least and self.share <= other.share


def demands(rule: Rule) -> tuple[Demand, ...]:
    """Take a rule apart, as `evaluation/rules.py` decides it."""
    found = []
    if rule.test is not None:
        end = {"no_regression": FAR, "point": ESTIMATE}.get(rule.test, NEAR)
        least = rule.min_effect if rule.test == "superiority" else -rule.margin
        found.append(Demand(of="difference", end=end, least=least, share=rule.relative_margin))
        if rule.test == "equivalence":
            found.append(Demand(of="difference", upward=False, least=-rule.margin, share=rule.relative_margin))
    end = ESTIMATE if rule.judge == "point" else NEAR
    if rule.lower_bound is not None:
        found.append(Demand(of="candidate", end=end, least=rule.lower_bound))
    if rule.upper_bound is not None:
        found.append(Demand(of="candidate", upward=False, end=end, least=-rule.upper_bound))
    if rule.tolerance is not None:
        found.append(Demand(of="width", least=-rule.tolerance))
    return tuple(found)


def covers(one: Rule, other: Rule) -> bool:
    """Whether every candidate that passes `one` passes `other`, at the same confidence level."""
    if any(getattr(one, key) != getattr(other, key) for key in ALIKE):
        return False
    asked = demands(one)
    return all(any(mine.covers(theirs) for mine in asked) for theirs in demands(other))


def change(base: Rule, now: Rule) -> Direction | None:
    """Say in which direction a rule moved; None where it asks for the same."""
    easier, harder = covers(base, now), covers(now, base)
    if easier and harder:
        return None
    return "looser" if easier else "stricter" if harder else "other"


def of_wider_intervals(rules: Iterable[Rule]) -> Direction | None:
    """Say what wider intervals do to rules: proofs get harder, alarms ring less, estimates stay."""
    ends = {demand.end for rule in rules for demand in demands(rule)} - {ESTIMATE}
    if len(ends) == 2:
        return "other"
    if not ends:
        return None
    return "stricter" if NEAR in ends else "looser"
