"""What a rule's decision reads like to somebody who is no statistician."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from mlgate.evaluation.wording import count, decimals, number, plural, rounded, short, signed

if TYPE_CHECKING:
    from mlgate.config.rule import Rule
    from mlgate.evaluation.estimate import Difference, Estimate
    from mlgate.evaluation.evidence import Evidence

NO_PRODUCTION = "not judged: nothing is in production yet"


def comparison_sentence(rule: Rule, evidence: Evidence, difference: Difference, reason: str) -> str:
    """Write `AUC +0.004 [-0.003, +0.011], n = 1,000: not shown to be better than production; these rows ...`.

    For metrics of which less is better the word gain says that a plus is good. What is not shown ends with what it
    would take to know more: `these rows can show a difference of 0.010, about 4,000 could show 0.005`.
    """
    margin = evidence.margin(rule)
    ends = (difference.low, difference.high) if difference.bounded else (difference.value, difference.value)
    edges = evidence.edges(rule)
    places = decimals(*ends, *([difference.value] if rule.test == "point" else []), apart_from=edges)
    value = signed(difference.value, places)
    if difference.bounded:
        value += f" [{signed(difference.low, places)}, {signed(difference.high, places)}]"
    title = evidence.what.title if evidence.what.higher_is_better else f"{evidence.what.title} gain"
    sentence = f"{title} {value}, {size(evidence)}: {_said(rule, difference, reason, margin)}"
    detectable = difference.minimum_detectable(evidence.level)
    if reason in {"not_shown", "no_regression_shown"} and detectable:
        noun = plural(evidence.sampled)
        sentence += f"; {to_know_more(evidence.units, detectable, rule.min_effect or margin, noun)}"
    return sentence


def size(evidence: Evidence) -> str:
    """Write how much was looked at: `n = 1,000`, or `n = 1,000 in 80 clusters`."""
    if evidence.sampled == "row":
        return f"n = {count(evidence.n)}"
    return f"n = {count(evidence.n)} in {count(evidence.units, evidence.sampled)}"


def wide_sentence(rule: Rule, evidence: Evidence, estimate: Estimate) -> str:
    """Write `accuracy +0.03 [+0.01, +0.05], n = 1,000: known to +/- 0.02, and asked for is +/- 0.01; about ...`."""
    half, asked = (estimate.high - estimate.low) / 2, rule.tolerance or math.nan
    places = decimals(estimate.low, estimate.high)
    write = signed if rule.test else number
    value = f"{write(estimate.value, places)} [{write(estimate.low, places)}, {write(estimate.high, places)}]"
    noun = plural(evidence.sampled)
    enough = f"about {rounded(evidence.units * (half / asked) ** 2)} {noun} would do"
    known = f"known to +/- {short(half)}, and asked for is +/- {asked:g}"
    return f"{evidence.what.title} {value}, {size(evidence)}: {known}; {enough}"


def to_know_more(n: int, detectable: float, asked: float, noun: str = "rows") -> str:
    """Say which difference n rows can show, and how many could show what was `asked` for, or else half of it.

    The detectable difference shrinks with the root of the rows (Cohen 1988, section 2.4).
    """
    target = asked if 0 < asked < detectable else detectable / 2
    rows = rounded(n * (detectable / target) ** 2)
    return f"these {noun} can show a difference of {short(detectable)}, about {rows} could show {short(target)}"


def bound_sentence(rule: Rule, evidence: Evidence, estimate: Estimate, reason: str) -> str:
    """Write `accuracy 0.871 [0.848, 0.891], n = 1,000: not shown to be at least 0.85`."""
    asked = " and ".join(
        f"{words} {bound:g}"
        for words, bound in (("at least", rule.lower_bound), ("at most", rule.upper_bound))
        if bound is not None
    )
    bounds = evidence.edges(rule)
    if rule.judge == "interval":
        places = decimals(estimate.low, estimate.high, apart_from=bounds)
    else:
        ends = (estimate.low, estimate.high) if estimate.bounded else (estimate.value, estimate.value)
        places = decimals(*ends, estimate.value, apart_from=bounds)
    shown = number(estimate.value, places)
    if estimate.bounded and estimate.low < estimate.high:
        shown += f" [{number(estimate.low, places)}, {number(estimate.high, places)}]"
    said = {
        "within_bounds": f"{asked}, as asked",
        "below_bound": f"below {bounds[0]:g}",
        "above_bound": f"above {bounds[-1]:g}",
    }.get(reason, f"not shown to be {asked}")
    if reason == "not_shown" and estimate.bounded:
        said += _to_tell(evidence, estimate, bounds)
    alone = " (by the estimate alone)" if rule.judge == "point" else ""
    return f"{evidence.what.title} {shown}, {size(evidence)}: {said}{alone}"


def _said(rule: Rule, difference: Difference, reason: str, margin: float) -> str:
    by = f" by more than {rule.min_effect:g}" if rule.min_effect else ""
    size = short(margin) if rule.relative_margin else f"{margin:g}"
    beyond = f" by at least the margin of {size}" if margin else ""
    within = f" (margin {size})" if margin else ""
    if difference.identical:
        so = f"not better{by}" if reason == "not_better" else "not worse"
        return f"no different from production on any row, so {so}"
    if rule.test == "point":
        so = "not below production" if reason == "not_below" else "below production"
        return f"{so}{within} by the estimate alone; chance is not looked at"
    if reason == "not_shown" and rule.test == "non_inferiority":
        return f"not shown to be no worse than production{within}"
    if reason == "not_shown" and rule.test == "equivalence":
        return f"not shown to be equivalent to production{within}"
    if reason == "not_better" and difference.high < 0:
        return "worse than production"
    return {
        "better": f"better than production{by}",
        "not_better": f"not better than production{by}",
        "not_shown": f"not shown to be better than production{by}",
        "not_worse": f"not worse than production{within}",
        "equivalent": f"equivalent to production{within}",
        "different": f"{'better' if difference.low > 0 else 'worse'} than production{beyond}, so not equivalent",
        "regressed": f"worse than production{beyond}",
        "no_regression_shown": f"no regression shown{within}, which does not show that it is as good",
    }[reason]


def _to_tell(evidence: Evidence, estimate: Estimate, bounds: tuple[float, ...]) -> str:
    """Say how many rows would put the interval on one side of the nearest bound, if the estimate stayed as it is."""
    away = min(abs(estimate.value - bound) for bound in bounds)
    half = (estimate.high - estimate.low) / 2
    if not away > half / 1000:
        return "; the estimate is at the bound itself, and hardly any number of rows would tell"
    noun = plural(evidence.sampled)
    return f"; about {rounded(evidence.units * (half / away) ** 2)} {noun} would tell"
