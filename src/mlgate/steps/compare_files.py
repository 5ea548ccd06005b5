"""Compare two files of predictions by a policy: the gate alone, for teams with any stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate import __version__
from mlgate.data.read import read
from mlgate.evaluation.judged import Judged, judge
from mlgate.evaluation.labels import disagreement
from mlgate.evaluation.predictions import SCORE
from mlgate.evaluation.slices import columns_of
from mlgate.records import FilesComparison
from mlgate.verdict import Outcome, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from mlgate.config.policy import Policy


def compare_files(policy: Policy, candidate: Path, production: Path | None) -> FilesComparison:
    """Judge the candidate's predictions, against production's where they are given.

    Each file has the policy's key, label and score columns, the candidate's also those of the slices. Raises DataError
    for a file that cannot be read.
    """
    ours = _read(policy, candidate, columns_of(policy.gate))
    theirs = _read(policy, production, []) if production else None
    judged = judge(
        ours,
        _scores(policy, ours),
        None if theirs is None else _scores(policy, theirs),
        data=policy.data,
        evaluate=policy.evaluate,
        gate=policy.gate,
    )
    if theirs is not None and judged.verdict.outcome is not Outcome.ERROR:
        differs = disagreement(ours, theirs, policy.data)
        judged = judged if differs is None else Judged(verdict=Verdict.of([differs], empty=differs.sentence))
    return FilesComparison(
        mlgate=__version__,
        candidate=str(candidate),
        production=str(production) if production else None,
        rows=ours.height,
        confidence_level=policy.gate.confidence_level,
        verdict=judged.verdict,
        results=judged.results,
        slices=judged.slices,
        flips=judged.flips,
    )


def _read(policy: Policy, path: Path, more: list[str]) -> pl.DataFrame:
    columns = policy.data
    return read(path, [columns.key, columns.label, columns.score, *more])


def _scores(policy: Policy, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(policy.data.key, frame.get_column(policy.data.score).alias(SCORE))
