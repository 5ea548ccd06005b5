"""What the renderers have in common: which facts of the records are shown, in which order; no markup."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlgate.evaluation import wording
from mlgate.promotion.policy import in_words
from mlgate.report import makings
from mlgate.report.case import Case, headline
from mlgate.report.numbers import MISSING, count, share
from mlgate.verdict import Outcome

if TYPE_CHECKING:
    from mlgate.records import (
        ComparisonRecord,
        Hint,
        Interval,
        MetricResult,
        ValidationRecord,
        Violation,
    )
    from mlgate.report.report import Context, ModelReport, Report
    from mlgate.verdict import Finding


MOST_SLICES = 1000


def happened(model: ModelReport, context: Context) -> str:
    """Say in a few words what happened to the model: the verdict's headline, or what came of a merge."""
    said = headline(model.case, model.verdict.outcome, trusted=context.trusted)
    if model.verdict.passed and makings.uncommitted(model.records):
        return f"{said}, but not be promoted: it was made from what no commit holds"
    if not context.merged:
        return said
    promotion = model.records.promotion
    if promotion is None or model.case not in {Case.PROMOTED, Case.STAGED}:
        return f"merged, but not promoted: {said}"
    name = f"{promotion.alias} version {promotion.to_version}"
    return f"merged; {name} has it already" if promotion.status == "already" else f"merged and promoted as {name}"


def caveat(context: Context) -> str:
    """Say what a reader must know of the whole report before anything else in it; mostly nothing."""
    if context.closed:
        return "Closed without merging: nothing was promoted."
    if context.trusted:
        return ""
    return (
        "This is what the pull request's own run claims: it had no secrets, and nobody checked it. "
        "It promotes nothing; a merge trains and compares again."
    )


def without_production(context: Context) -> str:
    """Say why only the rules about the candidate alone were judged."""
    return "no production version yet" if context.trusted else "production was not at hand"


def level(comparison: ComparisonRecord) -> float:
    """Return the level of the rules' intervals, which is above the gate's where held-out rows are used again."""
    levels = [one.confidence_level for one in comparison.results if one.confidence_level is not None]
    return min(levels, default=comparison.confidence_level)


def arrow(result: MetricResult) -> str:
    """Say which direction of the metric is better."""
    return "↑" if result.higher_is_better else "↓"


def rule_of(result: MetricResult) -> str:
    """Name the rule without the metric, which stands beside it: `non_inferiority (margin 0.005)`."""
    return result.finding.rule.removeprefix(result.metric).strip()


def findings(model: ModelReport) -> tuple[Finding, ...]:
    """List every finding: of the comparison, worst first, then those of the data that do not simply hold."""
    validation = model.records.validation
    of_data = validation.findings if validation is not None else ()
    data = [finding for finding in of_data if finding.outcome is not Outcome.PASS or not finding.judged]
    data.sort(key=lambda finding: -finding.outcome.severity)
    return tuple(result.finding for result in model.results) + tuple(data)


def rate(rows: int, of: int, interval: Interval) -> str:
    """Write a share of rows with its interval, in per cent, as finely as that supports: `4.9% [4.0%, 5.9%]`."""
    return f"{share(rows / of, interval)} [{share(interval.low, interval)}, {share(interval.high, interval)}]"


def worse(hint: Hint) -> str:
    """Write by how much the candidate's loss is larger on a slice to look at."""
    return f"+{wording.short(-hint.gain)}"


def size(result: MetricResult) -> str:
    """Write how much a rule looked at: its rows, and the clusters or queries that they come in."""
    if result.units is None or result.sampled == "row":
        return f"{result.n:,}"
    return f"{result.n:,} in {count(result.units, result.sampled)}"


def smallest(result: MetricResult) -> str:
    """Write the smallest difference that these rows would show in four cases of five."""
    return wording.short(result.minimum_detectable) if result.minimum_detectable else MISSING


@dataclass(frozen=True, kw_only=True)
class SliceAnswers:
    """Every slice's answers counted, and the first thousand listed: judged, worst and larger ones first."""

    judged: int
    refused: int
    total: int
    first: tuple[tuple[str, MetricResult], ...]


def slices(comparison: ComparisonRecord | None) -> SliceAnswers:
    """Look through the answers of all slices once."""
    found = [(part.name, result) for part in (comparison.slices if comparison else ()) for result in part.results]
    judged = [result.finding.outcome for _, result in found if result.finding.judged]
    return SliceAnswers(
        judged=len(judged),
        refused=sum(outcome is not Outcome.PASS for outcome in judged),
        total=len(found),
        first=tuple(heapq.nsmallest(MOST_SLICES, found, key=worst_first)),
    )


def slice_rule(name: str, result: MetricResult) -> str:
    """Name a slice's rule without the slice."""
    return result.finding.rule.removesuffix(f" on {name}")


def worst_first(answer: tuple[str, MetricResult]) -> tuple[bool, int, int]:
    """Sort a slice's answer: judged ones first, then the worst, then the largest slice."""
    finding = answer[1].finding
    return (not finding.judged, -finding.outcome.severity, -answer[1].n)


def author(report: Report) -> str:
    """Name what brought a change of the policy."""
    return "this pull request" if report.context.pull_request else "this change"


def policy_lines(comparison: ComparisonRecord | None) -> tuple[str, ...]:
    """Say in lines what changed in the policy, what either policy says, and who approved the change."""
    policy = comparison.policy if comparison is not None else None
    if policy is None:
        return ()
    if policy.own is None or policy.verdict is None:
        return (f"policy: that of the base is not known: {policy.unknown}",)
    lines = [f"policy: {in_words(one)} ({one.direction})" for one in policy.differences]
    says = f"policy: its own says {policy.own.outcome}, the base's {policy.verdict.outcome}"
    by = f"by the label {policy.label}"
    if policy.approved:
        return (*lines, f"{says}; approved {by} on {policy.approved}")
    return (*lines, says if policy.holds else f"{says}; to be approved {by}")


def broken(validation: ValidationRecord) -> str:
    """Count the rules of the data that stop the pipeline, and those that are broken and do not."""
    judging = sum(violation.judges for violation in validation.violations)
    tolerated = len(validation.violations) - judging
    return count(judging, "broken rule") + (f", {count(tolerated, 'warning')}" if tolerated else "")


def broken_rows(violation: Violation) -> str:
    """Write how many rows break a rule: `1,204 of 163,210`; of a column that is missing none can be counted."""
    return MISSING if violation.rule == "column_missing" else f"{violation.count:,} of {violation.of:,}"


def shift_decides(validation: ValidationRecord) -> bool:
    """Whether the data was refused because it moved."""
    return any(
        finding.judged and finding.outcome is not Outcome.PASS and finding.rule.startswith("shift")
        for finding in validation.findings
    )


def taken(violation: Violation) -> str:
    """Say how strictly a broken rule is taken, where it is not a plain error."""
    if violation.severity == "warn":
        return "a warning"
    return f"{100 * violation.max_failures:.3g}% of the rows may" if violation.max_failures else ""
