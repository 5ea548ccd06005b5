"""The decision: an interval against a rule. Every PASS is written as the condition for passing, so NaN never passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.verdict import Outcome

if TYPE_CHECKING:
    from mlgate.config.rule import Rule
    from mlgate.evaluation.estimate import Difference, Estimate

    Decision = tuple[Outcome, str]

FAULT: Decision = (Outcome.ERROR, "not_finite")


def decide_test(rule: Rule, difference: Difference, margin: float) -> Decision:
    """Decide a comparison with production by the oriented difference's interval; `margin` in the metric's units."""
    if rule.test == "point":
        return _point(difference, margin)
    if not difference.bounded:
        return FAULT
    if rule.test == "superiority":
        return _superiority(difference, rule.min_effect)
    if difference.identical:
        return Outcome.PASS, "identical"
    return {"non_inferiority": _non_inferiority, "equivalence": _equivalence, "no_regression": _no_regression}[
        rule.test or "non_inferiority"
    ](difference, margin)


def _superiority(difference: Difference, min_effect: float) -> Decision:
    """Pass when the candidate is shown to be better by more than `min_effect`."""
    if difference.low > min_effect:
        return Outcome.PASS, "better"
    return (Outcome.FAIL, "not_better") if difference.high <= min_effect else (Outcome.INCONCLUSIVE, "not_shown")


def _non_inferiority(difference: Difference, margin: float) -> Decision:
    """Pass when the candidate is shown not to be worse by `margin` or more.

    Models that differ on no row have the interval [0, 0], which no interval rule with margin 0 would call either
    way: what is the same is not worse, so they pass before this is asked.
    """
    if difference.low > -margin:
        return Outcome.PASS, "not_worse"
    return (Outcome.FAIL, "regressed") if difference.high <= -margin else (Outcome.INCONCLUSIVE, "not_shown")


def _equivalence(difference: Difference, margin: float) -> Decision:
    """Pass when the candidate is shown to be neither worse nor better by `margin` or more.

    Two one-sided tests (Schuirmann 1987, J. Pharmacokinet. Biopharm. 15:657-680), each at half of 1 - level.
    """
    if difference.low > -margin and difference.high < margin:
        return Outcome.PASS, "equivalent"
    apart = difference.high <= -margin or difference.low >= margin
    return (Outcome.FAIL, "different") if apart else (Outcome.INCONCLUSIVE, "not_shown")


def _no_regression(difference: Difference, margin: float) -> Decision:
    """Pass unless the candidate is shown to be worse by more than `margin`: an alarm, no proof of quality."""
    passes = difference.high >= -margin
    return (Outcome.PASS, "no_regression_shown") if passes else (Outcome.FAIL, "regressed")


def _point(difference: Difference, margin: float) -> Decision:
    """Pass when the estimate alone is not below `-margin`, whatever its interval: chance is not looked at."""
    if difference.value >= -margin:
        return Outcome.PASS, "not_below"
    return (Outcome.FAIL, "below") if difference.value < -margin else FAULT


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


def too_wide(rule: Rule, estimate: Estimate) -> bool:
    """Whether the interval is wider than the rule's tolerance lets an answer be."""
    return rule.tolerance is not None and not estimate.high - estimate.low <= 2 * rule.tolerance
