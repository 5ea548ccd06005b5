"""Slices: the same rules on every part of the held-out rows.

That a rule holds on all slices needs no correction for their number: to pass by luck, it would have to be lucky on
every one (an intersection-union test; Berger 1982, Technometrics 24:295-300). An alarm is the other way round: one
slice that seems to have regressed is enough, so chance has as many tries as there are slices, and its intervals are
made wider (corrections.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.evaluation.corrections import levels
from mlgate.evaluation.gate import answer, unmeasured
from mlgate.evaluation.parts import Part, columns_of_condition, parts, where
from mlgate.evaluation.wording import count
from mlgate.records import MetricResult, SliceResult
from mlgate.verdict import Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mlgate.config.gate import Gate, Slices
    from mlgate.config.rule import Rule
    from mlgate.evaluation.beside import Beside
    from mlgate.evaluation.paired import Paired

SMALL_SHOWN = 50
WORDS = {"bonferroni": "Bonferroni", "holm": "Holm", "fdr_bh": "Benjamini-Hochberg"}


def judge_slices(
    paired: Paired, beside: Beside, gate: Gate, *, before: Iterable[SliceResult] = ()
) -> tuple[SliceResult, ...]:
    """Answer the slices' rules, the largest slice of each `by` first.

    Every slice of `min_rows` is judged; of the smaller ones, which are not unless the gate says so, the 50 largest are
    kept. A slice that is expected, or was judged `before`, and has no row is missing. Raises ConfigError for a
    condition that cannot be applied.
    """
    found: list[SliceResult] = []
    for slices in gate.slices:
        known = {part.name for part in before if part.of == _parting(slices)}
        found += _answers(paired, beside, slices, gate, known)
    return tuple(found)


def columns_of(gate: Gate) -> list[str]:
    """List the columns of the held-out data that slices and gaps are by; raises ConfigError for a wrong condition."""
    names = [column for rule in gate.every_rule for column in rule.between]
    for slices in gate.slices:
        names += slices.by
        names += [column for condition in slices.where.values() for column in columns_of_condition(condition)]
    return list(dict.fromkeys(names))


def _answers(paired: Paired, beside: Beside, slices: Slices, gate: Gate, before: set[str]) -> list[SliceResult]:
    if beside.columns is None:
        raise ValueError("slices need the columns that they are by")
    found = where(beside.columns, slices.where) if slices.where else parts(beside.columns, slices.by, slices.bins)
    rows = {part.name: paired.only(part.rows) for part in found if part.n}
    big = {name for name, part in rows.items() if part.units >= slices.min_rows or slices.on_small == "judge"}
    large = [part for part in found if part.name in big]
    answers: dict[str, list[MetricResult]] = {part.name: [] for part in large}
    for rule in slices.rules:
        for name, result in _answer_all(rule, slices, gate, _measure(rule, rows, beside, large, gate)).items():
            answers[name].append(result)
    done = [
        SliceResult(name=part.name, of=_parting(slices), n=part.n, results=tuple(answers[part.name])) for part in large
    ]
    small = [part for part in found if part.n and part.name not in big]
    done += [_too_small(part, rows[part.name], slices) for part in small[:SMALL_SHOWN]]
    return done + [_missing(name, slices) for name in _absent(slices, rows.keys(), before)]


def _measure(
    rule: Rule, rows: dict[str, Paired], beside: Beside, large: list[Part], gate: Gate
) -> dict[str, Callable[[float], MetricResult]]:
    """Return, for each slice, how the rule is answered there at a level."""

    def on(part: Part) -> Callable[[float], MetricResult]:
        there = beside.only(part.rows) if rule.between else beside
        return lambda level: answer(rows[part.name], rule, gate, there, level=level)

    return {part.name: on(part) for part in large}


def _answer_all(
    rule: Rule, slices: Slices, gate: Gate, at: dict[str, Callable[[float], MetricResult]]
) -> dict[str, MetricResult]:
    alarm = rule.test == "no_regression"
    how = (slices.correction or "holm") if alarm else "none"
    found = levels(at, how, gate.confidence_level)
    return {name: _named(result, name, how, len(at)) for name, result in found.items()}


def _named(result: MetricResult, name: str, how: str, tries: int) -> MetricResult:
    corrected = f" (interval corrected for {count(tries, 'slice')}, {WORDS[how]})" if how in WORDS and tries > 1 else ""
    finding = result.finding.model_copy(
        update={
            "rule": f"{result.finding.rule} on {name}",
            "sentence": f"{result.finding.sentence}{corrected if result.finding.judged else ''}",
        }
    )
    return result.model_copy(update={"finding": finding})


def _parting(slices: Slices) -> str:
    """Say how rows are parted, so that the same words mean the same parts."""
    if slices.where:
        return "where"
    cut = "".join(f"; {column} at {', '.join(f'{edge:g}' for edge in at)}" for column, at in slices.bins.items())
    return f"by {', '.join(slices.by)}{cut}"


def _absent(slices: Slices, there: Iterable[str], before: set[str]) -> list[str]:
    """List the slices that should be there and have no row, each once."""
    wanted = [*slices.expect, *slices.where, *sorted(before)]
    return [name for name in dict.fromkeys(wanted) if name not in set(there)]


def _missing(name: str, slices: Slices) -> SliceResult:
    fails = slices.on_missing == "fail"
    outcome = Outcome.FAIL if fails else Outcome.INCONCLUSIVE
    sentence = "no held-out row is in this slice, which was expected or judged before; mend the held-out data"
    results = (
        _without(rule, name, 0, outcome=outcome, reason="missing_slice", sentence=sentence, judged=fails)
        for rule in slices.rules
    )
    return SliceResult(name=name, of=_parting(slices), n=0, results=tuple(results))


def _too_small(part: Part, rows: Paired, slices: Slices) -> SliceResult:
    refused = slices.on_small == "fail"
    outcome = Outcome.FAIL if refused else Outcome.INCONCLUSIVE
    sentence = f"{count(rows.units, rows.sampled)}, and slices are judged from {count(slices.min_rows)} (min_rows)"
    results = (
        _without(rule, part.name, part.n, outcome=outcome, reason="small_slice", sentence=sentence, judged=refused)
        for rule in slices.rules
    )
    return SliceResult(name=part.name, of=_parting(slices), n=part.n, results=tuple(results))


def _without(  # noqa: PLR0913 (a finding has as many parts)
    rule: Rule, name: str, n: int, *, outcome: Outcome, reason: str, sentence: str, judged: bool
) -> MetricResult:
    finding = Finding(rule=f"{rule.name} on {name}", outcome=outcome, reason=reason, sentence=sentence, judged=judged)
    return unmeasured(rule, n, finding)
