"""One model's predictions, laid beside the held-out rows by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from mlgate.evaluation.keys import error, meet, read_keys
from mlgate.evaluation.wording import count, listed
from mlgate.verdict import Finding

if TYPE_CHECKING:
    from mlgate.config.model import RowColumns
    from mlgate.evaluation.paired import Floats

SCORE = "score"


def align(predictions: pl.DataFrame, truth: pl.DataFrame, *, data: RowColumns, model: str) -> Floats | Finding:
    """Return the model's scores (n,) float64 in the order of `truth`; else the finding that says why not.

    `model` is `candidate` or `production`; `predictions` has the key column and a column `score`.
    """
    rule = f"{model} predictions"
    keys = read_keys(predictions, data.key, rule=rule)
    if isinstance(keys, Finding):
        return keys
    scores = _scores(predictions, keys, rule)
    if isinstance(scores, Finding):
        return scores
    matched = meet(keys, truth.get_column("key"))
    if matched is None:
        return error(
            rule,
            "key_types_differ",
            f"key column {data.key!r} is {keys.dtype} here and {truth.schema['key']} in the held-out rows; "
            "let predict keep the key as it is",
        )
    return _beside(truth, pl.DataFrame([matched, scores]), rule)


def _scores(predictions: pl.DataFrame, keys: pl.Series, rule: str) -> pl.Series | Finding:
    if SCORE not in predictions.columns:
        return error(rule, "missing_column", f"no column {SCORE!r}; let predict return one score a row")
    scores = predictions.get_column(SCORE)
    if not (scores.dtype.is_numeric() or scores.dtype in {pl.Boolean, pl.Null}):
        return error(rule, "not_numeric", f"the scores are {scores.dtype}; let predict return one number a row")
    scores = scores.cast(pl.Float64, strict=False)
    wild = ~scores.is_finite().fill_null(value=False)
    if not wild.any():
        return scores
    total = int(wild.sum())
    found = listed(scores.filter(wild).unique().to_list(), 0)
    return error(
        rule,
        "not_finite",
        f"{count(total)} of {count(len(scores), 'score')} not finite ({found}), "
        f"key {listed(keys.filter(wild).head(3).to_list(), total)}; look at what the model does with these rows",
    )


def _beside(truth: pl.DataFrame, scored: pl.DataFrame, rule: str) -> Floats | Finding:
    joined = truth.join(scored, on="key", how="left", maintain_order="left")
    lost = joined.filter(pl.col(SCORE).is_null()).get_column("key")
    extra = scored.join(truth, on="key", how="anti", maintain_order="left").get_column("key")
    problems = [
        f"{count(len(keys), noun)} {fault} (key {listed(keys.head(3).to_list(), len(keys))})"
        for keys, noun, fault in ((lost, "held-out row", "without a score"), (extra, "score", "of no held-out row"))
        if len(keys)
    ]
    if problems:
        sizes = f"{count(scored.height, 'score')} for {count(truth.height, 'held-out row')}"
        return error(
            rule,
            "missing_rows" if len(lost) else "extra_rows",
            f"{sizes}: {' and '.join(problems)}; let predict return exactly one score for each row it is given",
        )
    return joined.get_column(SCORE).to_numpy()
