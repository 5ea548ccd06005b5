"""Checks that Python answers value by value: asked of a batch of rows at a time, whatever the file's size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.data.schema.schema import Failures

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

ROWS = 50_000  # of a batch


def judge_batches(frame: pl.LazyFrame, judge: Callable[[pl.DataFrame], pl.Series], *, limit: int) -> Failures:
    """Count the rows for which `judge` does not hold, and place the first `limit`; no more than a batch is held."""
    found = Failures()
    for batch in frame.collect_batches(chunk_size=ROWS, maintain_order=True, engine="streaming"):
        found = found.then(Failures.of(judge(batch), limit=limit), limit=limit)
    return found


def by_row(name: str) -> str:
    """Say what a person should know of such a check."""
    return f"{name} runs row by row in Python (element_wise); a check on whole columns is faster"
