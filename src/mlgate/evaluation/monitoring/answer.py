"""One rule's answer in one window: by what was measured, else by what the scores promise, else left open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlgate.evaluation.monitoring.decide import decide, finite, interval, meaning, written
from mlgate.evaluation.monitoring.expected import expect
from mlgate.evaluation.monitoring.reading import fault_of
from mlgate.evaluation.monitoring.reference import by_rule, measured
from mlgate.evaluation.titles import what
from mlgate.records import WindowResult
from mlgate.verdict import Finding, Outcome

if TYPE_CHECKING:
    from mlgate.evaluation.monitoring.decide import By, Question
    from mlgate.evaluation.monitoring.expected import Expected
    from mlgate.evaluation.monitoring.reading import Asked
    from mlgate.evaluation.monitoring.reference import Reference
    from mlgate.evaluation.paired import Codes, Paired, Scores


UNDEFINED = "on most of the labels drawn it is undefined"


@dataclass(frozen=True, kw_only=True, eq=False)
class Seen:
    """What is known of a window's rows: judged ones, and the rows with the labels that their scores promise."""

    judged: Paired | None = None
    promising: Paired | None = None
    promised: Scores | None = None
    labels: tuple[Codes, ...] = ()

    def expected(self, question: Question) -> Expected | None:
        """Return what the scores promise of a rule's metric, if they promise anything."""
        if self.promised is None:
            return None
        return expect(by_rule(self.promised, question.rule), self.labels, question.rule)


def answer(question: Question, seen: Seen, reference: Reference, asked: Asked) -> tuple[WindowResult, list[Finding]]:
    """Return the numbers of a rule in a window, and what they mean."""
    rule, level, known = question.rule, question.level, reference.values[question.rule.name]
    looked_at = seen.judged or seen.promising
    fault = fault_of(looked_at, rule) if looked_at is not None else ""
    expected = None if fault else seen.expected(question)
    promised = None if expected is None else written(expected.estimate(level, rule), expected.rows)
    by: By | None = None
    found, moved = None, None
    if fault or (expected is None and seen.judged is None and seen.promised is not None):
        finding = _fault(question, fault)
        told = [finding]
    elif seen.judged is not None:
        by = "measured"
        rows = seen.judged.n
        estimate = measured(seen.judged.ours, rule, level, asked)
        found = written(estimate, rows)
        finding, moved = decide(question, estimate, known, rows, "measured")
        told = [finding, *meaning(question, estimate, expected, rows)]
    elif expected is not None:
        by = "expected"
        finding, moved = decide(question, expected.estimate(level, rule), known, expected.rows, "expected")
        told = [finding]
    else:
        finding = _open(question, asked)
        told = [finding]
    return WindowResult(
        rule=rule.name,
        metric=rule.measured,
        higher_is_better=what(rule).higher_is_better,
        measured=found,
        expected=promised,
        by=by,
        difference=None if moved is None else finite(moved.value),
        difference_interval=None if moved is None else interval(moved),
        finding=finding,
    ), told


def unanswered(question: Question, why: Finding) -> tuple[WindowResult, list[Finding]]:
    """Return a result of rows that could not be read; why is told once for the window, not for each rule."""
    about, rule = what(question.rule), question.rule
    finding = why.model_copy(update={"rule": question.name, "judged": False})
    result = WindowResult(
        rule=rule.name, metric=rule.measured, higher_is_better=about.higher_is_better, finding=finding
    )
    return result, []


def _fault(question: Question, fault: str) -> Finding:
    sentence = fault or f"what the scores promise of {what(question.rule).title} has no value: {UNDEFINED}"
    return Finding(rule=question.name, outcome=Outcome.ERROR, reason="unfit", sentence=sentence)


def _open(question: Question, asked: Asked) -> Finding:
    why = "" if asked.promises else "; what scores promise is known of classes only, row by row"
    sentence = f"fewer than {asked.evaluate.min_rows} rows with a label (evaluate.min_rows){why}"
    return Finding(
        rule=question.name, outcome=Outcome.INCONCLUSIVE, reason="no_labels", sentence=sentence, judged=False
    )
