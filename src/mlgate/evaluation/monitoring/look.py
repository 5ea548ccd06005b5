"""One window: whether predictions moved, and what every rule says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.config.data import Shift
from mlgate.data.drift.shifts import measure
from mlgate.evaluation.monitoring.answer import Seen, answer, unanswered
from mlgate.evaluation.monitoring.decide import Question
from mlgate.evaluation.monitoring.expected import draw_labels
from mlgate.evaluation.monitoring.reading import judged_rows, unlabelled_rows, with_labels
from mlgate.evaluation.monitoring.reference import placed
from mlgate.evaluation.predictions import SCORE
from mlgate.records import Window
from mlgate.verdict import Finding, Outcome

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from mlgate.evaluation.monitoring.reading import Asked
    from mlgate.evaluation.monitoring.reference import Reference
    from mlgate.evaluation.monitoring.windows import Rows
    from mlgate.records import ColumnShift


def look(  # noqa: PLR0913 (what a window is held against)
    rows: Rows, reference: Reference, asked: Asked, *, level: float, tries: int, generator: np.random.Generator
) -> tuple[Window, list[Finding]]:
    """Answer every rule in one window, at `level`; `tries` is how many windows are looked at."""
    labelled = with_labels(rows.frame, asked)
    (moved,) = measure(reference.predictions, rows.frame.select(SCORE).lazy(), Shift(), tries=tries)
    told = [_drifted(rows.name, moved)] if moved.shifted else []
    seen = _see(rows, labelled, reference, asked, generator)
    if isinstance(seen, Finding):
        told.append(seen)
    results = []
    for rule in asked.rules:
        question = Question(rule=rule, window=rows.name, level=level)
        result, more = (
            unanswered(question, seen) if isinstance(seen, Finding) else answer(question, seen, reference, asked)
        )
        results.append(result)
        told += more
    window = Window(
        name=rows.name, rows=rows.frame.height, labelled=labelled.height, predictions=moved, results=tuple(results)
    )
    return window, told


def _see(
    rows: Rows, labelled: pl.DataFrame, reference: Reference, asked: Asked, generator: np.random.Generator
) -> Seen | Finding:
    """Read the window: its labelled rows where there are enough, else all of them; a finding where they are broken."""
    judged = judged_rows(labelled, asked) if labelled.height >= asked.evaluate.min_rows else None
    if isinstance(judged, Finding):
        return placed(judged, rows.name)
    if judged is None and rows.frame.height < asked.evaluate.min_rows:
        return Seen()
    known = judged is not None and judged.classes == reference.classes
    found = judged if known else unlabelled_rows(rows.frame, asked, reference.classes)
    if isinstance(found, Finding):
        return placed(found, rows.name)
    if found is None or not reference.calibrations:
        return Seen(judged=judged)
    promised, labels = draw_labels(found.ours, reference.calibrations, generator)
    return Seen(judged=judged, promising=found, promised=promised, labels=labels)


def _drifted(window: str, moved: ColumnShift) -> Finding:
    how = "not to be measured" if moved.debiased is None else f"{moved.size} shift, debiased PSI {moved.debiased:.3f}"
    sentence = f"the predictions moved from the reference's, {how}"
    return Finding(
        rule=f"predictions in {window}",
        outcome=Outcome.FAIL,
        reason="prediction_drift",
        sentence=f"{sentence}; {moved.note}" if moved.note else sentence,
        judged=False,
    )
