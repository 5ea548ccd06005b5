"""A model's answers read from a frame: with the labels where they are known, without them where they are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from mlgate.config.metrics import known
from mlgate.errors import ConfigError
from mlgate.evaluation.classes import codes, matrix, probability_columns
from mlgate.evaluation.gather import unfit
from mlgate.evaluation.keys import read_keys
from mlgate.evaluation.paired import Paired
from mlgate.evaluation.pairing import pair
from mlgate.evaluation.predictions import SCORE, align
from mlgate.verdict import Finding

if TYPE_CHECKING:
    from mlgate.config.data import RowColumns
    from mlgate.config.model import Evaluate, Gate
    from mlgate.config.rule import Rule


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked, of which rows."""

    data: RowColumns
    evaluate: Evaluate
    gate: Gate

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that the rows of one model can answer; raises ConfigError where there is none."""
        found = tuple(rule for rule in self.gate.rules if known(rule.metric).of == "rows" and not rule.between)
        if not found:
            raise ConfigError("no rule of the policy is about the rows of one model", hint="add one, such as roc_auc")
        return found

    @property
    def promises(self) -> bool:
        """Whether scores say how likely a label is, each row for itself."""
        return self.evaluate.task in {"binary", "multiclass"} and self.data.cluster is None


def with_labels(frame: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    """Return the rows whose label is known."""
    label = frame.get_column(asked.data.label)
    known_label = label.is_not_null() & ~label.is_nan().fill_null(value=False) if label.dtype.is_float() else (
        label.is_not_null()
    )  # fmt: skip
    return frame.filter(known_label)


def judged_rows(frame: pl.DataFrame, asked: Asked) -> Paired | Finding:
    """Return the answers and labels of rows that all have one, or the finding that says why they cannot be judged."""
    return pair(frame.drop(_answers(frame)), _predictions(frame, asked), None, data=asked.data, evaluate=asked.evaluate)


def unlabelled_rows(frame: pl.DataFrame, asked: Asked, classes: tuple[str, ...]) -> Paired | Finding | None:
    """Return the answers of rows whose labels are not looked at (zeros stand in); None for classes never seen."""
    keys = read_keys(frame, asked.data.key, rule="rows")
    if isinstance(keys, Finding):
        return keys
    columns = [keys.alias("key")]
    if asked.data.weight is not None:
        columns.append(frame.get_column(asked.data.weight).cast(pl.Float64).alias("weight"))
    truth = pl.DataFrame(columns).sort("key")
    found = align(_predictions(frame, asked), truth, data=asked.data, task=asked.evaluate.task, model="candidate")
    if isinstance(found, Finding):
        return found
    if not {*probability_columns(found)} <= set(classes) or not _known(found, classes):
        return None
    answers = found.get_column(SCORE)
    return Paired(
        keys=truth.get_column("key").to_numpy(),
        production=None,
        label=np.zeros(found.height, dtype=np.intp if classes else np.bool_),
        candidate=codes(answers, classes) if classes else answers.to_numpy(),
        threshold=asked.evaluate.threshold,
        candidate_probabilities=matrix(found, classes) if classes else None,
        classes=classes,
        weight=truth.get_column("weight").to_numpy() if "weight" in truth.columns else None,
    )


def fault_of(rows: Paired, rule: Rule) -> str:
    """Say why a rule cannot be asked of such answers, or nothing."""
    found = unfit(rows, rule)
    return found[1].replace("candidate scores", "scores").replace("candidate score", "score") if found else ""


def _known(found: pl.DataFrame, classes: tuple[str, ...]) -> bool:
    return not classes or bool(found.get_column(SCORE).is_in(list(classes)).all())


def _predictions(frame: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    return frame.select(asked.data.key, *_answers(frame))


def _answers(frame: pl.DataFrame) -> list[str]:
    return [name for name in frame.columns if name == SCORE or name in probability_columns(frame).values()]
