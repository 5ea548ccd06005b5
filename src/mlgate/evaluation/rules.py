"""The decision: an interval against a rule. Every PASS is written as the condition for passing, so NaN never passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.verdict import Outcome

if TYPE_CHECKING:
    from mlgate.config.model import Rule
    from mlgate.evaluation.estimate import Difference, Estimate

    Decision = tuple[Outcome, str]

FAULT: Decision = (Outcome.ERROR, "not_finite")


def decide_test(rule: Rule, difference: Difference) -> Decision:
    """Decide a comparison with production by the oriented difference's interval."""
    if not difference.bounded:
        return FAULT
    return {"superiority": _superiority, "non_inferiority": _non_inferiority, "no_regression": _no_regression}[
        rule.test or "superiority"
    ](rule, difference)


def _superiority(rule: Rule, difference: Difference) -> Decision:
    """Pass when the candidate is shown to be better by more than `min_effect`."""
    if difference.low > rule.min_effect:
        return Outcome.PASS, "better"
    return (Outcome.FAIL, "not_better") if difference.high <= rule.min_effect else (Outcome.INCONCLUSIVE, "not_shown")


def _non_inferiority(rule: Rule, difference: Difference) -> Decision:
    """Pass when the candidate is shown not to be worse by `margin` or more.

    Models that differ on no row have the interval [0, 0], which no interval rule with margin 0 would call either
    way: what is the same is not worse, so they pass.
    """
    if difference.identical:
        return Outcome.PASS, "identical"
    if difference.low > -rule.margin:
        return Outcome.PASS, "not_worse"
    return (Outcome.FAIL, "regressed") if difference.high <= -rule.margin else (Outcome.INCONCLUSIVE, "not_shown")


def _no_regression(rule: Rule, difference: Difference) -> Decision:
    """Pass unless the candidate is shown to be worse by more than `margin`: an alarm, no proof of quality."""
    if difference.identical:
        return Outcome.PASS, "identical"
    passes = difference.high >= -rule.margin
    return (Outcome.PASS, "no_regression_shown") if passes else (Outcome.FAIL, "regressed")


def decide_bound(rule: Rule, estimate: Estimate) -> Decision:
    """Decide a bound on the candidate alone, by its whole interval or by the estimate, as `rule.judge` says."""
    point = rule.judge == "point"
    low, high = (estimate.value, estimate.value) if point else (estimate.low, estimate.high)
    least = float("-inf") if rule.lower_bound is None else rule.lower_bound
    most = float("inf") if rule.upper_bound is None else rule.upper_bound
    if least <= low and high <= most:
        return Outcome.PASS, "within_bounds"
    if high < least:
        return Outcome.FAIL, "below_bound"
    if low > most:
        return Outcome.FAIL, "above_bound"
    return (Outcome.INCONCLUSIVE, "not_shown") if low <= high else FAULT
