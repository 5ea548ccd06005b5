"""Corrections for many alarms: at which level each slice's interval is made, so that few ring by chance.

Each method is written as a level for all intervals that is asked for again until the alarms agree with it; what is
shown is then what decides. With m slices and r alarms, each is made with the error alpha/m (Bonferroni), alpha/(m - r)
(Holm 1979, Scand. J. Statist. 6:65-70: an alarm that rang needs no more of the error), or alpha r/m (Benjamini and
Hochberg 1995, J. Royal Statist. Soc. B 57:289-300; as intervals Benjamini and Yekutieli 2005, JASA 100:71-81).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mlgate.records import MetricResult

    Answers = Mapping[str, Callable[[float], MetricResult]]


def levels(at: Answers, how: str, level: float) -> dict[str, MetricResult]:
    """Answer every slice, each by an interval at the level that the correction leaves it; `at` answers at a level."""
    count = len(at)
    if how == "none" or count < 2:
        return {name: answer(level) for name, answer in at.items()}
    if how == "fdr_bh":
        return _step_up(at, 1 - level)
    answers = {name: answer(1 - (1 - level) / count) for name, answer in at.items()}
    return _step_down(at, answers, 1 - level) if how == "holm" else answers


def _step_down(at: Answers, answers: dict[str, MetricResult], error: float) -> dict[str, MetricResult]:
    """Share what the alarms that rang do not need any more among the others, until no other rings."""
    rang: set[str] = set()
    while True:
        new = {name for name in answers if name not in rang and _rings(answers[name])}
        rang |= new
        quiet = [name for name in at if name not in rang]
        if not new or not quiet:
            return answers
        answers = {**answers, **{name: at[name](1 - error / len(quiet)) for name in quiet}}


def _step_up(at: Answers, error: float) -> dict[str, MetricResult]:
    """Start with an error for all of them, and lower it until as many ring as it was made for."""
    ringing = len(at)
    while True:
        answers = {name: answer(1 - error * max(ringing, 1) / len(at)) for name, answer in at.items()}
        rang = sum(_rings(answer) for answer in answers.values())
        if rang >= ringing or ringing <= 1:
            return answers
        ringing = rang


def _rings(answer: MetricResult) -> bool:
    return answer.finding.judged and answer.finding.outcome is Outcome.FAIL
