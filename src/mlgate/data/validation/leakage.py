"""Leakage: what the held-out rows share with the training's, and columns that give the label away."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from mlgate.config.data import EXAMPLES
from mlgate.data.files.read import collect
from mlgate.data.profile.kinds import kind_of, read_values
from mlgate.data.profile.profile import ORDERED
from mlgate.data.profile.profiling import take_sample
from mlgate.data.profile.shapes import shapes_of
from mlgate.data.validation.rows import Rows

if TYPE_CHECKING:
    from mlgate.records import Violation

TELLING = 0.98  # ROC AUC, or share of the variance, from which one column is thought to hold the label
FEWEST = 100  # rows


def shared_keys(train: pl.LazyFrame, held_out: pl.LazyFrame, key: str, limit: int = EXAMPLES) -> tuple[Violation, ...]:
    """Find held-out rows whose key was trained on: a score on them says nothing about new rows."""
    types = [frame.collect_schema().get(key) for frame in (train, held_out)]
    if any(dtype is None or dtype.is_nested() or dtype in {pl.Object, pl.Binary, pl.Null} for dtype in types):
        return ()  # `basics` says what is wrong with such a key
    numbers = all(dtype is not None and dtype.is_numeric() for dtype in types)
    common = pl.col(key) if types[0] == types[1] else pl.col(key).cast(pl.Float64 if numbers else pl.String)
    rows = Rows.of(held_out, file="held-out data", key=key, limit=limit)
    seen = train.select(common.alias("seen")).drop_nulls().unique()
    indexed = held_out.select(common.alias("seen")).with_row_index("row")
    shared = collect(indexed.join(seen, on="seen", how="semi").select("row").sort("row"), rows.file).to_series()
    if shared.is_empty():
        return ()
    expected = "a key that the training data does not have (leakage)"
    examples = rows.at(shared.head(limit).to_list(), [key])
    return (rows.violation(key, "leakage", expected, len(shared), examples),)


def shared_content(
    train: pl.LazyFrame, held_out: pl.LazyFrame, key: str, limit: int = EXAMPLES
) -> tuple[Violation, ...]:
    """Find held-out rows that stand in the training data word for word, under another key; a warning.

    Rows are compared by all columns that both files have but the key. Where rows say little, as with a few categories,
    equal ones are no wonder, and a person decides.
    """
    theirs = train.collect_schema()
    shared = [name for name, dtype in held_out.collect_schema().items() if name != key and theirs.get(name) == dtype]
    if not shared or any(held_out.collect_schema()[name] == pl.Object for name in shared):
        return ()
    rows = Rows.of(held_out, file="held-out data", key=key, limit=limit)
    content = pl.struct(shared).hash(seed=1).alias("content")
    seen = train.select(content).unique()
    same = held_out.select(content).with_row_index("row").join(seen, on="content", how="semi").select("row").sort("row")
    found = collect(same, rows.file).to_series()
    if found.is_empty():
        return ()
    examples = rows.at(found.head(limit).to_list(), shared[:5])
    expected = f"a row that the training data does not have (same values in all {len(shared)} shared columns)"
    return (rows.violation(None, "leakage_content", expected, len(found), examples, severity="warn"),)


def telling_columns(train: pl.LazyFrame, *, key: str, label: str, task: str) -> tuple[Violation, ...]:
    """Find columns that predict the label alone, as one made after the event would; a warning.

    On a sample: the label's mean in each bin of the column ranks the rows (ROC AUC, several classes: of the most
    frequent one), or explains the variance (R2), in every second row after it was learned from the others.
    """
    height = int(collect(train.select(pl.len()), "training data").item())
    types = train.collect_schema()
    if height < FEWEST or label not in types:
        return ()
    sample = take_sample(train, height).filter(pl.col(label).is_not_null())
    truth = _truth(sample[label], task)
    if truth is None or truth.n_unique() < 2:
        return ()
    rows = Rows.of(train, file="training data", key=key, limit=0)
    found = []
    for name in types:
        if name in {key, label}:
            continue
        power = _power(sample[name], truth, task)
        if task == "regression" and types[name].is_numeric():
            power = max(power or 0.0, _correlation(sample[name], truth))
        if power is not None and power >= TELLING:
            what = "ROC AUC" if task != "regression" else "R2"
            expected = f"a column that does not give the label away; alone it predicts it with {what} {power:.3f}"
            found.append(rows.violation(name, "telling_column", expected, rows.height, severity="warn"))
    return tuple(found)


def _truth(label: pl.Series, task: str) -> pl.Series | None:
    """Return the label as numbers: itself, or whether it is the most frequent class."""
    if task in {"regression", "ranking"}:
        return label.cast(pl.Float64) if label.dtype.is_numeric() else None
    if kind_of(label.dtype) == "other" or label.is_empty():
        return None
    frequent = label.value_counts(sort=True)[0, 0]
    found: pl.Series = (label == frequent).cast(pl.Float64)
    return found


def _power(values: pl.Series, truth: pl.Series, task: str) -> float | None:
    shape = shapes_of(values.alias("x").to_frame())["x"]
    if shape.kind == "other":
        return None
    value = read_values("x", values.dtype, shape.kind)
    if shape.kind in ORDERED:
        marks = list(shape.edges)
        binned = pl.lit(0) + sum((value > edge).cast(pl.Int32).fill_null(0) for edge in marks) if marks else pl.lit(0)
        binned = pl.when(value.is_null()).then(-1).otherwise(binned)
    else:
        binned = value.cast(pl.String)
    frame = values.alias("x").to_frame().select(binned.alias("bin")).with_columns(truth=truth).with_row_index("row")
    learned = frame.filter(pl.col("row") % 2 == 0).group_by("bin").agg(pl.col("truth").mean().alias("score"))
    judged = frame.filter(pl.col("row") % 2 == 1).join(learned, on="bin", how="left", nulls_equal=True)
    judged = judged.with_columns(pl.col("score").fill_null(truth.mean()))
    return _explained(judged) if task in {"regression", "ranking"} else _area(judged)


def _correlation(values: pl.Series, truth: pl.Series) -> float:
    pairs = pl.DataFrame({"x": values.cast(pl.Float64), "y": truth}).filter(pl.all_horizontal(pl.all().is_finite()))
    found = pairs.select(pl.corr("x", "y")).item() if pairs.height > 1 else None
    return float(found) ** 2 if found is not None and math.isfinite(found) else 0.0


def _explained(judged: pl.DataFrame) -> float | None:
    spread = judged["truth"].var()
    if not isinstance(spread, float) or not spread > 0:
        return None
    missed = (judged["truth"] - judged["score"]).pow(2).mean()
    return 1 - missed / spread if isinstance(missed, float) else None


def _area(judged: pl.DataFrame) -> float | None:
    """Return the ROC AUC by the ranks of Mann and Whitney."""
    positives = float(judged["truth"].sum())
    negatives = judged.height - positives
    if not positives or not negatives:
        return None
    ranks = judged["score"].rank("average")
    theirs = float(ranks.filter(judged["truth"] == 1).sum())
    return (theirs - positives * (positives + 1) / 2) / (positives * negatives)
