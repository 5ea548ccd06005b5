"""Slices: the same rules on every part of the held-out rows.

That a rule holds on all slices needs no correction for their number: to pass by luck, it would have to be lucky on
every one (an intersection-union test; Berger 1982, Technometrics 24:295-300). An alarm is the other way round: one
slice that seems to have regressed is enough, so chance has as many tries as there are slices, and each gets its
share of 1 - level (Bonferroni).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from mlgate.evaluation import gate as whole
from mlgate.evaluation.evidence import unmeasured
from mlgate.evaluation.keys import read_keys
from mlgate.evaluation.wording import count, shown
from mlgate.records import MetricResult, SliceResult
from mlgate.verdict import Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlgate.config.model import Gate, Slices
    from mlgate.evaluation.paired import Paired

SMALL_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Part:
    """A slice: its name, and which of the rows in the order of their keys are in it, (k,) int."""

    name: str
    rows: npt.NDArray[np.intp]

    @property
    def n(self) -> int:
        """How many rows there are."""
        return len(self.rows)


def judge_slices(paired: Paired, held_out: pl.DataFrame, key: str, gate: Gate) -> tuple[SliceResult, ...]:
    """Answer the slices' rules, the largest slice of each `by` first.

    `held_out` has the columns that the slices are by, and the key that rows were paired by. Every slice of
    `min_rows` is judged; of the smaller ones, which are not, the 50 largest are kept.
    """
    found: list[SliceResult] = []
    for slices in gate.slices:
        parts = _parts(held_out, key, slices.by)
        large = [part for part in parts if part.n >= slices.min_rows]
        found += [_judged(paired.only(part.rows), part, slices, gate, len(large)) for part in large]
        found += [_too_small(part, slices) for part in parts[len(large) :][:SMALL_SHOWN]]
    return tuple(found)


def columns_of(gate: Gate) -> list[str]:
    """List the columns that the slices are by."""
    return list(dict.fromkeys(column for slices in gate.slices for column in slices.by))


def _parts(held_out: pl.DataFrame, key: str, by: Sequence[str]) -> list[Part]:
    """Split the rows by each combination of values, most rows first."""
    keys = read_keys(held_out, key, rule="held-out rows")
    if isinstance(keys, Finding):  # rows that were paired have sound keys
        return []
    names = [f"by {column}" for column in by]
    ordered = pl.DataFrame([keys]).hstack(held_out.select(pl.col(by).name.prefix("by "))).sort("key")
    groups = ordered.select(names).with_row_index("row").group_by(names, maintain_order=True).agg("row")
    parts = [
        Part(
            name=", ".join(f"{column}={shown(value)}" for column, value in zip(by, values, strict=True)),
            rows=groups.get_column("row")[index].to_numpy().astype(np.intp),
        )
        for index, values in enumerate(groups.select(names).iter_rows())
    ]
    return sorted(parts, key=lambda part: (-part.n, part.name))


def _judged(paired: Paired, part: Part, slices: Slices, gate: Gate, large: int) -> SliceResult:
    results = []
    for rule in slices.rules:
        tries = large if rule.test == "no_regression" else 1
        level = 1 - (1 - gate.confidence_level) / tries
        (result,) = whole.judge(paired, gate.model_copy(update={"rules": (rule,), "confidence_level": level}))
        results.append(_named(result, part.name, tries))
    return SliceResult(name=part.name, n=part.n, results=tuple(results))


def _named(result: MetricResult, name: str, tries: int) -> MetricResult:
    corrected = f" (interval corrected for {count(tries, 'slice')})" if tries > 1 and result.finding.judged else ""
    finding = result.finding.model_copy(
        update={"rule": f"{result.finding.rule} on {name}", "sentence": f"{result.finding.sentence}{corrected}"}
    )
    return result.model_copy(update={"finding": finding})


def _too_small(part: Part, slices: Slices) -> SliceResult:
    sentence = f"{count(part.n, 'row')}, and slices are judged from {count(slices.min_rows)} (min_rows)"
    results = tuple(
        unmeasured(
            rule,
            part.n,
            Finding(
                rule=f"{rule.name} on {part.name}",
                outcome=Outcome.INCONCLUSIVE,
                reason="small_slice",
                sentence=sentence,
                judged=False,
            ),
        )
        for rule in slices.rules
    )
    return SliceResult(name=part.name, n=part.n, results=results)
