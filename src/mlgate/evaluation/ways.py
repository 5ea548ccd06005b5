"""A way to measure: one model's value with its interval, the difference of two, and what each row contributes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlgate.evaluation import confusion, linear

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.evaluation.estimate import Difference, Estimate
    from mlgate.evaluation.linear import Terms
    from mlgate.evaluation.paired import Codes, Scores

    Contributions = Callable[..., tuple[Terms, Codes | None]]


@dataclass(frozen=True, kw_only=True)
class Exact:
    """A method for rows that were sampled one by one and count the same.

    `estimate(scores, level, **keys)` measures one model, `compare(ours, theirs, level, seed, **keys)` answers ours
    minus theirs; `of_two` says whether only a binary task has it; `takes` are a rule's keys, or `seed`, that
    `estimate` takes.
    """

    estimate: Callable[..., Estimate]
    compare: Callable[..., Difference]
    takes: tuple[str, ...] = ()
    of_two: bool = True


@dataclass(frozen=True, kw_only=True)
class General:
    """A method for all rows, whatever they weigh and however they were sampled.

    `contributions(scores, **keys)` answers the value, the contributions to its error and the units of these.
    """

    estimate: Callable[..., Estimate]
    compare: Callable[..., Difference]
    contributions: Contributions


def by_terms(terms: Callable[..., Terms], method: str, *, as_share: bool = False) -> General:
    """Measure by the contributions of the rows."""

    def estimate(scores: Scores, level: float, **keys: object) -> Estimate:
        return linear.estimate(terms(scores, **keys), scores, level, as_share=as_share)

    def compare(ours: Scores, theirs: Scores, level: float, **keys: object) -> Difference:
        mine, other = terms(ours, **keys), terms(theirs, **keys)
        if as_share:
            return linear.compare_shares(mine, other, ours, level, method=method)
        return linear.compare(mine, other, ours.unit, level, method=method)

    def contributions(scores: Scores, **keys: object) -> tuple[Terms, Codes | None]:
        return terms(scores, **keys), scores.unit

    return General(estimate=estimate, compare=compare, contributions=contributions)


def by_cells(formula: confusion.Formula) -> General:
    """Measure by the confusion matrix."""

    def estimate(scores: Scores, level: float, **keys: object) -> Estimate:
        return confusion.estimate(scores, level, formula=formula, **keys)

    def compare(ours: Scores, theirs: Scores, level: float, **keys: object) -> Difference:
        return confusion.compare(ours, theirs, level, formula=formula, **keys)

    def contributions(scores: Scores, **keys: object) -> tuple[Terms, Codes | None]:
        return confusion.padded(scores, formula=formula, **keys)

    return General(estimate=estimate, compare=compare, contributions=contributions)
