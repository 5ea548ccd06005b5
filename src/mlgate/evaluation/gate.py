"""The gate: paired predictions and a policy in, one result a rule and a verdict out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.decisions import discordant
from mlgate.evaluation.evidence import Evidence, gather
from mlgate.evaluation.rules import decide_bound, decide_test
from mlgate.evaluation.sentences import NO_PRODUCTION, bound_sentence, comparison_sentence
from mlgate.records import Flips, MetricResult
from mlgate.verdict import Finding, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlgate.config.model import Gate, Rule
    from mlgate.evaluation.paired import Paired

NOTHING_JUDGED = (
    "nothing was judged: every rule compares with production, and nothing is in production yet; "
    "a first model needs at least one rule with lower_bound or upper_bound"
)


def judge(paired: Paired, gate: Gate) -> tuple[MetricResult, ...]:
    """Answer each rule, in order, by intervals at `gate.confidence_level`."""
    # what overflows or divides by zero is undefined, and named so; NumPy need not warn of it
    with np.errstate(all="ignore"):
        return tuple(_answer(paired, rule, gate) for rule in gate.rules)


def verdict(answers: Iterable[MetricResult | Finding], gate: Gate) -> Verdict:
    """Let the worst answer decide.

    Under `on_inconclusive: pass`, rules that the data cannot decide do not block; this pardons rules of the gate
    only, so that neither too few rows nor a gate without a rule to judge by ever passes.
    """
    findings = [answer.finding if isinstance(answer, MetricResult) else answer for answer in answers]
    strict = Verdict.of(findings, empty=NOTHING_JUDGED)
    open_ones = [finding for finding in findings if finding.judged and finding.outcome is Outcome.INCONCLUSIVE]
    names = {rule.name for rule in (*gate.rules, *(rule for slices in gate.slices for rule in slices.rules))}
    pardoned = (
        gate.on_inconclusive == "pass"
        and strict.outcome is Outcome.INCONCLUSIVE
        and bool(open_ones)
        and all(finding.rule.partition(" on ")[0] in names for finding in open_ones)
    )
    if not pardoned:
        return strict
    judged = sum(finding.judged for finding in findings)
    verb = "is" if len(open_ones) == 1 else "are"
    return Verdict(
        outcome=Outcome.PASS,
        decided_by="on_inconclusive: pass",
        sentence=f"{len(open_ones)} of {judged} rules {verb} inconclusive and let through: {open_ones[0].sentence}",
    )


def flips(paired: Paired) -> Flips | None:
    """Count the rows that exactly one of the two models predicts right; None without production or classes.

    `broken` over n is the negative flip rate (Yan et al. 2021, arXiv 2011.09161).
    """
    if paired.theirs is None or not paired.binary:
        return None
    fixed, broken = discordant(paired.ours, paired.theirs)
    return Flips(fixed=fixed, broken=broken, n=paired.n)


def _answer(paired: Paired, rule: Rule, gate: Gate) -> MetricResult:
    evidence = gather(paired, rule, level=gate.confidence_level, seed=gate.seed)
    return evidence.result(_finding(rule, evidence))


def _finding(rule: Rule, evidence: Evidence) -> Finding:
    if evidence.fault:
        reason, sentence = evidence.fault
        return Finding(rule=rule.name, outcome=Outcome.ERROR, reason=reason, sentence=sentence)
    if evidence.waits:
        outcome, reason, sentence = Outcome.INCONCLUSIVE, "no_production", NO_PRODUCTION
        return Finding(rule=rule.name, outcome=outcome, reason=reason, sentence=sentence, judged=False)
    if evidence.difference is not None:
        outcome, reason = decide_test(rule, evidence.difference, evidence.margin(rule))
        sentence = comparison_sentence(rule, evidence, evidence.difference, reason)
    elif evidence.candidate is not None:
        outcome, reason = decide_bound(rule, evidence.candidate)
        sentence = bound_sentence(rule, evidence, evidence.candidate, reason)
    else:
        outcome, reason, sentence = Outcome.ERROR, "undefined", f"{evidence.metric.title} was not measured"
    return Finding(rule=rule.name, outcome=outcome, reason=reason, sentence=sentence)


__all__ = ["flips", "judge", "verdict"]
