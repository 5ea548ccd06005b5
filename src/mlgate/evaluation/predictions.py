"""One model's predictions, laid beside the held-out rows by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from mlgate.evaluation.classes import as_classes, probability_columns
from mlgate.evaluation.keys import error, meet, read_keys
from mlgate.evaluation.wording import count, listed
from mlgate.verdict import Finding

if TYPE_CHECKING:
    from mlgate.config.data import RowColumns

SCORE = "score"
SUM_TOLERANCE = 1e-3


def align(
    predictions: pl.DataFrame, truth: pl.DataFrame, *, data: RowColumns, task: str, model: str
) -> pl.DataFrame | Finding:
    """Return the model's answers in the order of `truth`; else the finding that says why not.

    `model` is `candidate` or `production`; `predictions` has the key column and a column `score`: a number, or the
    predicted class of several. Of several classes there may be columns `probability:CLASS`; then `score` may be left
    out, and the most probable class is meant. The answer has a column `score` and those of probabilities.
    """
    rule = f"{model} predictions"
    keys = read_keys(predictions, data.key, rule=rule)
    if isinstance(keys, Finding):
        return keys
    answers = _classes(predictions, keys, rule) if task == "multiclass" else _scores(predictions, keys, rule)
    if isinstance(answers, Finding):
        return answers
    matched = meet(keys, truth.get_column("key"))
    if matched is None:
        return error(
            rule,
            "key_types_differ",
            f"key column {data.key!r} is {keys.dtype} here and {truth.schema['key']} in the held-out rows; "
            "give both the same type",
        )
    return _beside(truth, answers.with_columns(matched.alias("key")), rule)


def _scores(predictions: pl.DataFrame, keys: pl.Series, rule: str) -> pl.DataFrame | Finding:
    if SCORE not in predictions.columns:
        return error(rule, "missing_column", f"no column {SCORE!r}; a prediction is one score a row")
    scores = predictions.get_column(SCORE)
    if not (scores.dtype.is_numeric() or scores.dtype in {pl.Boolean, pl.Null}):
        return error(rule, "not_numeric", f"the scores are {scores.dtype}; a score is a number")
    scores = scores.cast(pl.Float64, strict=False)
    wild = ~scores.is_finite().fill_null(value=False)
    if not wild.any():
        return scores.to_frame()
    total = int(wild.sum())
    found = ", ".join(sorted({"missing or NaN" if one is None else f"{one:g}" for one in scores.filter(wild)}))
    return error(
        rule,
        "not_finite",
        f"{count(total)} of {count(len(scores), 'score')} not finite ({found}), "
        f"key {listed(keys.filter(wild).head(3).to_list(), total)}; look at what the model does with these rows",
    )


def _classes(predictions: pl.DataFrame, keys: pl.Series, rule: str) -> pl.DataFrame | Finding:
    probabilities = _probabilities(predictions, keys, rule)
    if isinstance(probabilities, Finding):
        return probabilities
    if SCORE in predictions.columns:
        given = predictions.get_column(SCORE)
        names = as_classes(given)
        if names is None or given.null_count():
            return error(
                rule, "not_classes", f"column {SCORE!r} holds {given.dtype}; a prediction is a class on each row"
            )
    elif probabilities.width:
        best = pl.concat_list(probabilities.columns).list.arg_max()
        names = pl.Series(list(probability_columns(probabilities))).gather(probabilities.select(best).to_series())
    else:
        return error(rule, "missing_column", f"no column {SCORE!r}; a prediction is the name of a class")
    return probabilities.with_columns(names.alias(SCORE)) if probabilities.width else names.alias(SCORE).to_frame()


def _probabilities(predictions: pl.DataFrame, keys: pl.Series, rule: str) -> pl.DataFrame | Finding:
    columns = list(probability_columns(predictions).values())
    found = predictions.select(columns)
    if not columns:
        return found
    stray = next((name for name in columns if not found.schema[name].is_numeric()), None)
    if stray is not None:
        return error(rule, "not_numeric", f"column {stray!r} holds {found.schema[stray]}; a probability is a number")
    found = found.cast(pl.Float64)
    # written as the condition for being probabilities, so that NaN is none
    sound = pl.all_horizontal(pl.all().is_between(0, 1)) & ((pl.sum_horizontal(pl.all()) - 1).abs() < SUM_TOLERANCE)
    wrong = ~found.select(sound.fill_null(value=False)).to_series()
    if wrong.any():
        total = int(wrong.sum())
        where = f"{count(total, 'row')} (key {listed(keys.filter(wrong).head(3).to_list(), total)})"
        return error(rule, "not_probabilities", f"{where} whose classes' probabilities are no numbers that add up to 1")
    return found


def _beside(truth: pl.DataFrame, scored: pl.DataFrame, rule: str) -> pl.DataFrame | Finding:
    keys, ordered = truth.select("key"), scored.sort("key")
    if ordered.height == keys.height and ordered.get_column("key").equals(keys.get_column("key")):
        return ordered.drop("key")
    joined = keys.join(scored, on="key", how="left", maintain_order="left")
    lost = joined.filter(pl.col(SCORE).is_null()).get_column("key")
    extra = scored.join(keys, on="key", how="anti", maintain_order="left").get_column("key")
    problems = [
        f"{count(len(found), noun)} {fault} (key {listed(found.head(3).to_list(), len(found))})"
        for found, noun, fault in ((lost, "held-out row", "without a score"), (extra, "score", "of no held-out row"))
        if len(found)
    ]
    if problems:
        sizes = f"{count(scored.height, 'score')} for {count(truth.height, 'held-out row')}"
        return error(
            rule,
            "missing_rows" if len(lost) else "extra_rows",
            f"{sizes}: {' and '.join(problems)}; each held-out row needs exactly one score",
        )
    return joined.drop("key")
