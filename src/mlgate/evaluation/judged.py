"""Everything that is decided on paired rows: rules, slices, flips, and the verdict over all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation import gate as whole
from mlgate.evaluation.beside import Beside
from mlgate.evaluation.flips import flips
from mlgate.evaluation.hints import hints
from mlgate.evaluation.holdout import exhausted, predictions_digest, rows_digest
from mlgate.evaluation.keys import read_keys
from mlgate.evaluation.pairing import pair
from mlgate.evaluation.slices import judge_slices
from mlgate.verdict import Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import polars as pl

    from mlgate.config.data import RowColumns
    from mlgate.config.model import Evaluate, Gate
    from mlgate.evaluation.paired import Paired
    from mlgate.records import Flips, Hint, HoldoutUse, MetricResult, SliceResult


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The verdict, and what it rests on; nothing but the verdict where the rows could not be judged.

    `paired` are the rows that were judged: what else is to be shown of them is made where it is wanted.
    """

    verdict: Verdict
    results: tuple[MetricResult, ...] = ()
    slices: tuple[SliceResult, ...] = ()
    flips: Flips | None = None
    hints: tuple[Hint, ...] = ()
    holdout: HoldoutUse | None = None
    paired: Paired | None = None


def judge(  # noqa: PLR0913 (each is a part of the question)
    held_out: pl.DataFrame,
    candidate: pl.DataFrame,
    production: pl.DataFrame | None,
    *,
    data: RowColumns,
    evaluate: Evaluate,
    gate: Gate,
    beside: Beside | None = None,
    slices_before: Iterable[SliceResult] = (),
    ledger: Callable[[str, str], HoldoutUse] | None = None,
) -> Judged:
    """Pair the rows and answer every rule; the frames are those of `pair`, `held_out` with the slices' columns too.

    `slices_before` names slices that earlier held-out rows had. `ledger` is told what is asked about which rows, by
    digests, and answers which use of them this is. Raises ConfigError for a condition of a slice that
    cannot be applied.
    """
    paired = pair(held_out, candidate, production, data=data, evaluate=evaluate)
    if isinstance(paired, Finding):
        return Judged(verdict=Verdict.of([paired], empty=paired.sentence))
    use = ledger(rows_digest(paired), predictions_digest(paired)) if ledger else None
    worn_out = exhausted(gate.holdout, use) if gate.holdout and use else None
    if use is not None:
        gate = gate.model_copy(update={"confidence_level": use.confidence_level})
    there = replace(beside or Beside(), columns=_in_order(held_out, data))
    results = whole.judge(paired, gate, there)
    slices = judge_slices(paired, there, gate, before=slices_before)
    answers: list[MetricResult | Finding] = [*results, *(result for part in slices for result in part.results)]
    if worn_out is not None:
        answers.append(worn_out)
    return Judged(
        verdict=whole.verdict(answers, gate),
        results=results,
        slices=slices,
        flips=flips(paired, level=gate.confidence_level, show_rows=gate.show_rows),
        hints=_hints(paired, there, data, gate),
        holdout=use,
        paired=paired,
    )


def _hints(paired: Paired, beside: Beside, data: RowColumns, gate: Gate) -> tuple[Hint, ...]:
    if not gate.hints:
        return ()
    with np.errstate(all="ignore"):
        return hints(paired, beside, data, level=gate.confidence_level)


def _in_order(held_out: pl.DataFrame, data: RowColumns) -> pl.DataFrame:
    """Put the rows in the order of their keys, which is that of the pairs."""
    key = read_keys(held_out, data.key, rule="held-out rows")
    order = held_out.get_column(data.key) if isinstance(key, Finding) else key
    return held_out[order.arg_sort()]
