"""One rule in one window: whether the model does worse than on the reference, or than its bound."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mlgate.evaluation.estimate import Estimate
from mlgate.evaluation.rules import decide_bound
from mlgate.evaluation.titles import what
from mlgate.evaluation.wording import count, decimals, number, signed
from mlgate.records import Interval, Measured
from mlgate.verdict import Finding, Outcome

if TYPE_CHECKING:
    from mlgate.config.rule import Rule
    from mlgate.evaluation.monitoring.expected import Expected

SAID = {
    "regressed": "worse than on the reference",
    "no_regression_shown": "not shown to be worse than on the reference",
    "within_bounds": "as asked",
    "not_shown": "not shown to be as asked",
    "below_bound": "below its bound",
    "above_bound": "above its bound",
}


By = Literal["measured", "expected"]


@dataclass(frozen=True, kw_only=True)
class Question:
    """A rule in a window, and the level of its interval."""

    rule: Rule
    window: str
    level: float

    @property
    def name(self) -> str:
        """What the finding is about: `roc_auc non_inferiority (margin 0.01) in 2013-07-01`."""
        return f"{self.rule.name} in {self.window}"


def asked_of(rule: Rule) -> str:
    """Write what a rule asks of a window: `AUC: worse than on the reference by more than 0.02?`."""
    title = what(rule).title
    if rule.test is None:
        ends = (("below", rule.lower_bound), ("above", rule.upper_bound))
        bounds = " or ".join(f"{word} {end:g}" for word, end in ends if end is not None)
        return f"{title}: {bounds}?"
    by = f" by more than {rule.relative_margin:.3g} of it" if rule.relative_margin else ""
    by = by or (f" by more than {rule.margin:g}" if rule.margin else "")
    return f"{title}: worse than on the reference{by}?"


def apart(later: Estimate, reference: Estimate, *, higher_is_better: bool) -> Estimate:
    """Return later minus reference, of independent rows, turned so that positive is better.

    The interval is put together from the two (MOVER; Zou and Donner 2008, Statist. Med. 27:1693-1702), whatever
    their shapes.
    """
    value = later.value - reference.value
    low = value - math.hypot(later.value - later.low, reference.high - reference.value)
    high = value + math.hypot(later.high - later.value, reference.value - reference.low)
    return (
        Estimate(value=value, low=low, high=high) if higher_is_better else Estimate(value=-value, low=-high, high=-low)
    )


def decide(question: Question, later: Estimate, reference: Estimate, rows: int, by: By) -> tuple[Finding, Estimate]:
    """Decide a rule on a window's estimate; return the finding, and the oriented difference from the reference.

    An alarm needs proof: a rule with a `test` fails where the window is shown to be worse by more than its margin, one
    with bounds where it is shown to be beyond them. What is not shown either way does not judge.
    """
    rule, about = question.rule, what(question.rule)
    moved = apart(later, reference, higher_is_better=about.higher_is_better)
    if rule.test is None:
        outcome, reason = decide_bound(rule.model_copy(update={"judge": "interval"}), later)
    else:
        margin = rule.relative_margin * abs(reference.value) if rule.relative_margin else rule.margin
        worse = not moved.high >= -margin
        outcome, reason = (Outcome.FAIL, "regressed") if worse else (Outcome.PASS, "no_regression_shown")
    if not later.bounded:
        outcome, reason = Outcome.ERROR, "undefined"
    how = "" if by == "measured" else "expected "
    places = decimals(later.low, later.high)
    shown = f"{number(later.value, places)} [{number(later.low, places)}, {number(later.high, places)}]"
    gone = f", {signed(moved.value, places)} beside {number(reference.value, places)}" if rule.test else ""
    size = f"{count(rows, 'row')}" + ("" if by == "measured" else " without labels")
    sentence = f"{how}{about.title} {shown} on {size}{gone}: {SAID.get(reason, 'it has no value')}"
    judged = outcome is not Outcome.INCONCLUSIVE
    return Finding(rule=question.name, outcome=outcome, reason=reason, sentence=sentence, judged=judged), moved


def meaning(question: Question, measured: Estimate, expected: Expected | None, rows: int) -> tuple[Finding, ...]:
    """Tell that labels and scores no longer go together as on the reference; nothing where chance explains it."""
    if expected is None:
        return ()
    promised = expected.estimate(question.level, question.rule)
    if promised.low <= measured.value <= promised.high or not promised.bounded:
        return ()
    about = what(question.rule)
    places = decimals(promised.low, promised.high)
    sentence = (
        f"the scores promise {about.title} {number(promised.value, places)} "
        f"[{number(promised.low, places)}, {number(promised.high, places)}], and {number(measured.value, places)} was "
        f"measured on {count(rows, 'row')}: what the scores mean has changed (concept drift)"
    )
    finding = Finding(
        rule=f"meaning of scores, {question.name}",
        outcome=Outcome.FAIL,
        reason="concept_drift",
        sentence=sentence,
        judged=False,
    )
    return (finding,)


def written(estimate: Estimate, rows: int) -> Measured:
    """Write an estimate down."""
    return Measured(value=finite(estimate.value), interval=interval(estimate), rows=rows)


def interval(estimate: Estimate) -> Interval | None:
    """Write an interval down, where there is one."""
    return Interval(low=estimate.low, high=estimate.high) if estimate.bounded else None


def finite(value: float) -> float | None:
    """Write a number down, where it is one."""
    return value if math.isfinite(value) else None
