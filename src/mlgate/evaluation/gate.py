"""The gate: paired predictions and a policy in, one result a rule and a verdict out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.beside import Beside
from mlgate.evaluation.evidence import Evidence
from mlgate.evaluation.gather import gather
from mlgate.evaluation.rules import decide_bound, decide_test, too_wide
from mlgate.evaluation.sentences import NO_PRODUCTION, bound_sentence, comparison_sentence, wide_sentence
from mlgate.evaluation.titles import what
from mlgate.records import MetricResult
from mlgate.verdict import Finding, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mlgate.config.gate import Gate
    from mlgate.config.rule import Rule
    from mlgate.evaluation.paired import Paired

NOTHING_JUDGED = (
    "nothing was judged: every rule compares with production, and nothing is in production yet; "
    "a first model needs at least one rule with lower_bound or upper_bound"
)


def judge(paired: Paired, gate: Gate, beside: Beside | None = None) -> tuple[MetricResult, ...]:
    """Answer each rule, in order, by intervals at `gate.confidence_level`."""
    there = beside or Beside()
    return tuple(answer(paired, rule, gate, there, level=gate.confidence_level) for rule in gate.rules)


def answer(paired: Paired, rule: Rule, gate: Gate, beside: Beside, *, level: float) -> MetricResult:
    """Answer one rule by an interval at `level`."""
    # what overflows or divides by zero is undefined, and named so; NumPy need not warn of it
    with np.errstate(all="ignore"):
        evidence = gather(paired, rule, beside, level=level, seed=gate.seed)
    return evidence.result(rule, _finding(rule, evidence))


def unmeasured(rule: Rule, n: int, finding: Finding) -> MetricResult:
    """Write down a rule that was not measured on these n rows, and why."""
    return Evidence(what=what(rule), n=n, units=n, level=math.nan).result(rule, finding)


def verdict(answers: Iterable[MetricResult | Finding], gate: Gate) -> Verdict:
    """Let the worst answer decide.

    Under `on_inconclusive: pass` or `warn`, rules that the data cannot decide do not block; this pardons rules of the
    gate only, so that neither too few rows nor a gate without a rule to judge by ever passes.
    """
    findings = [one.finding if isinstance(one, MetricResult) else one for one in answers]
    strict = Verdict.of(findings, empty=NOTHING_JUDGED)
    open_ones = [finding for finding in findings if finding.judged and finding.outcome is Outcome.INCONCLUSIVE]
    names = {rule.name for rule in gate.every_rule}
    pardoned = (
        gate.on_inconclusive != "fail"
        and strict.outcome is Outcome.INCONCLUSIVE
        and bool(open_ones)
        and all(_without_slice(finding.rule, names) for finding in open_ones)
    )
    if not pardoned:
        return _in_parts(strict, findings, names) if strict.passed else strict
    judged = sum(finding.judged for finding in findings)
    verb = "is" if len(open_ones) == 1 else "are"
    return Verdict(
        outcome=Outcome.PASS,
        decided_by=f"on_inconclusive: {gate.on_inconclusive}",
        sentence=f"{len(open_ones)} of {judged} rules {verb} inconclusive and let through: {open_ones[0].sentence}",
    )


def _in_parts(verdict: Verdict, findings: Sequence[Finding], names: set[str]) -> Verdict:
    """Count rules on all rows and rules on slices apart, as they stand apart in the report."""
    judged = [finding for finding in findings if finding.judged]
    whole = sum(finding.rule in names for finding in judged)
    if whole == len(judged) or not whole:
        return verdict
    rules = {1: "the one rule holds", 2: "both rules hold"}.get(whole, f"all {whole} rules hold")
    return verdict.model_copy(update={"sentence": f"{rules}, and {len(judged) - whole:,} more on slices"})


def _without_slice(name: str, rules: set[str]) -> bool:
    """Whether a finding's name is that of one of the rules, or of one on a slice."""
    return name in rules or any(name.startswith(f"{rule} on ") for rule in rules)


def _finding(rule: Rule, evidence: Evidence) -> Finding:
    if evidence.fault:
        reason, sentence = evidence.fault
        return Finding(rule=rule.name, outcome=Outcome.ERROR, reason=reason, sentence=sentence)
    if evidence.waits:
        outcome, reason, sentence = Outcome.INCONCLUSIVE, "no_production", NO_PRODUCTION
        return Finding(rule=rule.name, outcome=outcome, reason=reason, sentence=sentence, judged=False)
    deciding = evidence.difference or evidence.candidate
    if evidence.difference is not None:
        outcome, reason = decide_test(rule, evidence.difference, evidence.margin(rule))
        sentence = comparison_sentence(rule, evidence, evidence.difference, reason)
    elif evidence.candidate is not None and not rule.test:
        outcome, reason = decide_bound(rule, evidence.candidate)
        sentence = bound_sentence(rule, evidence, evidence.candidate, reason)
    else:
        outcome, reason, sentence = Outcome.ERROR, "undefined", f"{evidence.what.title} was not measured"
    if deciding is not None and outcome is Outcome.PASS and too_wide(rule, deciding):
        outcome, reason = Outcome.INCONCLUSIVE, "too_wide"
        sentence = wide_sentence(rule, evidence, deciding)
    return Finding(rule=rule.name, outcome=outcome, reason=reason, sentence=sentence)


__all__ = ["answer", "judge", "unmeasured", "verdict"]
