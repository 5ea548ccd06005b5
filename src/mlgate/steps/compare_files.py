"""Compare two files of predictions by a policy: the gate alone, for teams with any stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate import __version__
from mlgate.data.read import read
from mlgate.evaluation import gate
from mlgate.evaluation.labels import disagreement
from mlgate.evaluation.pairing import pair
from mlgate.evaluation.predictions import SCORE
from mlgate.records import FilesComparison
from mlgate.verdict import Finding, Outcome, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from mlgate.config.policy import Policy
    from mlgate.evaluation.paired import Paired
    from mlgate.records import MetricResult


def compare_files(policy: Policy, candidate: Path, production: Path | None) -> FilesComparison:
    """Judge the candidate's predictions, against production's where they are given.

    Each file has the policy's key, label and score columns. Raises DataError for a file that cannot be read.
    """
    ours, theirs = _read(policy, candidate), _read(policy, production) if production else None
    paired = _pair(policy, ours, theirs)
    results: tuple[MetricResult, ...]
    if isinstance(paired, Finding):
        results, flips, verdict = (), None, Verdict.of([paired], empty=paired.sentence)
    else:
        results, flips = gate.judge(paired, policy.gate), gate.flips(paired)
        verdict = gate.verdict(results, policy.gate)
    return FilesComparison(
        mlgate=__version__,
        candidate=str(candidate),
        production=str(production) if production else None,
        rows=ours.height,
        confidence_level=policy.gate.confidence_level,
        verdict=verdict,
        results=results,
        flips=flips,
    )


def _read(policy: Policy, path: Path) -> pl.DataFrame:
    columns = policy.data
    return read(path, [columns.key, columns.label, columns.score])


def _pair(policy: Policy, ours: pl.DataFrame, theirs: pl.DataFrame | None) -> Paired | Finding:
    production = None if theirs is None else _scores(policy, theirs)
    paired = pair(ours, _scores(policy, ours), production, data=policy.data, evaluate=policy.evaluate)
    broken = isinstance(paired, Finding) and paired.outcome is Outcome.ERROR
    if theirs is None or broken:
        return paired
    return disagreement(ours, theirs, policy.data) or paired


def _scores(policy: Policy, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(policy.data.key, frame.get_column(policy.data.score).alias(SCORE))
