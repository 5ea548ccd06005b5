"""Compare two files of predictions by a policy: the gate alone, for teams with any stack."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from mlgate import __version__
from mlgate.data.files.read import read, scan
from mlgate.errors import DataError
from mlgate.evaluation.beside import Beside
from mlgate.evaluation.classes import PROBABILITY
from mlgate.evaluation.judged import Judged, judge
from mlgate.evaluation.labels import differing, disagreement
from mlgate.evaluation.predictions import SCORE
from mlgate.evaluation.slices import columns_of
from mlgate.records import FilesComparison
from mlgate.steps.elsewhere import UsersPython
from mlgate.steps.held_out import read_held_out
from mlgate.verdict import Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import polars as pl

    from mlgate.config.policy import Policy, PredictionColumns


def compare_files(
    policy: Policy, candidate: Path, production: Path | None, *, folder: Path, environment: Mapping[str, str]
) -> FilesComparison:
    """Judge the candidate's predictions, against production's where they are given.

    Each file has the policy's key, label and score columns, the candidate's also those of the slices. Metrics of the
    user's own are run in `folder`. Raises DataError for a file that cannot be read, ConfigError for a condition of a
    slice that cannot be applied.
    """
    ours = read_held_out(candidate, policy.data, policy.gate, more=tuple(answer_columns(policy.data, candidate)))
    theirs = (
        None if production is None else read(production, [*_rows(policy), *answer_columns(policy.data, production)])
    )
    left_out = _not_about_rows(policy, ours, candidate, production)
    judged = judge(
        ours.drop(left_out),
        _scores(policy, ours, candidate),
        None if theirs is None or production is None else _scores(policy, theirs, production),
        data=policy.data,
        evaluate=policy.evaluate,
        gate=policy.gate,
        beside=Beside(
            elsewhere=UsersPython(
                configured=policy.python or sys.executable, folder=folder, environment=environment, key="python"
            )
        ),
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
        hints=judged.hints,
    )


def _not_about_rows(policy: Policy, ours: pl.DataFrame, candidate: Path, production: Path | None) -> list[str]:
    """List the candidate's columns that say nothing of a row: its answers, and what production's file lacks or denies.

    Raises DataError where the two files differ in a column that the policy uses.
    """
    named = {*policy.data.about_rows, *columns_of(policy.gate)}
    answers = set(answer_columns(policy.data, candidate))
    others = [name for name in ours.columns if name not in named | answers]
    if production is None:
        return [name for name in answers if name not in named]
    known = _also_there(production, policy.data.key, [*named, *others])
    apart = differing(ours, known, policy.data.key, ours.columns)
    used = sorted(set(apart) & (named - {policy.data.label} - answers))
    if used:
        raise DataError(
            f"{candidate} and {production} differ in column {used[0]!r}, which says what a row is",
            hint="both files are of the same rows: write the column from one source, or into the candidate's file only",
        )
    # what one model's file says of its own, such as other scores, is nothing to look for slices in
    own = [name for name in others if name in apart or name not in known.columns]
    return [name for name in answers if name not in named] + own


def _also_there(path: Path, key: str, columns: list[str]) -> pl.DataFrame:
    """Read those of the columns that a file has, with its key."""
    present = scan(path).collect_schema().names()
    return read(path, [key, *(name for name in dict.fromkeys(columns) if name in present and name != key)])


def _rows(policy: Policy) -> list[str]:
    return [policy.data.key, policy.data.label]


def answer_columns(data: PredictionColumns, path: Path) -> dict[str, str]:
    """Return the columns of predictions in a file, and what the gate calls them.

    Where there are probabilities of classes, the column of the predicted class may be missing.
    """
    if data.probabilities is None:
        return {data.score: SCORE}
    before, _, after = data.probabilities.partition("{class}")
    pattern = re.compile(f"{re.escape(before)}(.+){re.escape(after)}")
    names = scan(path).collect_schema().names()
    matches = {name: pattern.fullmatch(name) for name in names if name not in (*data.about_rows, data.score)}
    found = {name: PROBABILITY + match[1] for name, match in matches.items() if match}
    return {**({data.score: SCORE} if data.score in names or not found else {}), **found}


def _scores(policy: Policy, frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    names = answer_columns(policy.data, path)
    answers = [frame.get_column(name).alias(known) for name, known in names.items()]
    return frame.select(policy.data.key, *answers)
