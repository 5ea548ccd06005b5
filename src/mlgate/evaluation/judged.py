"""Everything that is decided on paired rows: rules, slices, flips, and the verdict over all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlgate.evaluation import gate as whole
from mlgate.evaluation.pairing import pair
from mlgate.evaluation.slices import judge_slices
from mlgate.verdict import Finding, Verdict

if TYPE_CHECKING:
    import polars as pl

    from mlgate.config.model import Evaluate, Gate, RowColumns
    from mlgate.records import Flips, MetricResult, SliceResult


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The verdict, and what it rests on; nothing but the verdict where the rows could not be judged."""

    verdict: Verdict
    results: tuple[MetricResult, ...] = ()
    slices: tuple[SliceResult, ...] = ()
    flips: Flips | None = None


def judge(  # noqa: PLR0913 (each is a part of the question)
    held_out: pl.DataFrame,
    candidate: pl.DataFrame,
    production: pl.DataFrame | None,
    *,
    data: RowColumns,
    evaluate: Evaluate,
    gate: Gate,
) -> Judged:
    """Pair the rows and answer every rule; the frames are those of `pair`, `held_out` with the slices' columns too."""
    paired = pair(held_out, candidate, production, data=data, evaluate=evaluate)
    if isinstance(paired, Finding):
        return Judged(verdict=Verdict.of([paired], empty=paired.sentence))
    results = whole.judge(paired, gate)
    slices = judge_slices(paired, held_out, data.key, gate)
    answers = (*results, *(result for part in slices for result in part.results))
    return Judged(verdict=whole.verdict(answers, gate), results=results, slices=slices, flips=whole.flips(paired))
