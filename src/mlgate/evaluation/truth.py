"""The held-out rows: their keys, labels and what else is true of them, checked before anything is judged on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from mlgate.evaluation.classes import as_classes
from mlgate.evaluation.keys import error, read_keys
from mlgate.evaluation.wording import count, listed, plural
from mlgate.verdict import Finding, Outcome

if TYPE_CHECKING:
    from mlgate.config.data import RowColumns
    from mlgate.config.model import Evaluate

RULE = "held-out rows"


def read_truth(held_out: pl.DataFrame, *, data: RowColumns, evaluate: Evaluate) -> pl.DataFrame | Finding:
    """Return columns `key` and `label`, with `weight`, `unit` and `query` where asked, sorted by key; else the finding.

    A label is Boolean (binary), the class's name (multiclass) or Float64; units and queries are numbered from 0.
    Sorting makes sums of floats, and so verdicts, independent of the order in which rows were stored.
    """
    keys = read_keys(held_out, data.key, rule=RULE)
    if isinstance(keys, Finding):
        return keys
    label = _whole(held_out, keys, data.label, "label")
    if isinstance(label, Finding):
        return label
    columns: list[pl.Series | Finding] = [_labels(keys, label, data.label, evaluate.task)]
    if data.weight is not None:
        columns.append(_weights(held_out, keys, data.weight))
    for name, column in (("unit", data.cluster), ("query", data.query)):
        if column is not None:
            columns.append(_groups(held_out, keys, column, name))
    read: list[pl.Series] = []
    for column_read in columns:
        if isinstance(column_read, Finding):
            return column_read
        read.append(column_read)
    return pl.DataFrame([keys, *read]).sort("key")


def check_size(truth: pl.DataFrame, *, data: RowColumns, evaluate: Evaluate) -> Finding | None:
    """Return a finding where the rows are too few to judge on, or hold one class only.

    Where rows come in clusters or answer queries, these are counted, as they are what was sampled.
    """
    column, noun = ("unit", "cluster") if data.cluster else ("query", "query") if data.query else ("key", "row")
    size = truth.get_column(column).n_unique()
    if size < evaluate.min_rows:
        return Finding(
            rule=RULE,
            outcome=Outcome.INCONCLUSIVE,
            reason="too_few_rows",
            sentence=f"{count(size, noun)}, and the gate judges from {count(evaluate.min_rows)} "
            f"(evaluate.min_rows); hold out more {plural(noun)}",
        )
    classes = truth.get_column("label").unique()
    if evaluate.task in {"binary", "multiclass"} and len(classes) == 1:
        kind = {True: "positive", False: "negative"}.get(classes.item(), "of one class")
        wanted = "both classes" if evaluate.task == "binary" else "every class"
        return error(
            RULE,
            "one_class",
            f"all {count(truth.height, 'label')} are {kind}; hold out rows of {wanted}",
        )
    return None


def _whole(held_out: pl.DataFrame, keys: pl.Series, column: str, what: str) -> pl.Series | Finding:
    """Return a column that has a value on every row."""
    if column not in held_out.columns:
        there = listed(held_out.columns, held_out.width)
        return error(RULE, "missing_column", f"no {what} column {column!r}; the columns are {there}")
    values = held_out.get_column(column)
    absent = values.is_null()
    if values.dtype.is_float():
        absent = absent | values.is_nan().fill_null(value=False)
    if not absent.any():
        return values
    reason = "labels_null" if what == "label" else f"{what}_null"
    mend = f"remove these rows or give them their {what}"
    return error(RULE, reason, f"{_named(keys, absent)} without a value in {what} column {column!r}; {mend}")


def _labels(keys: pl.Series, label: pl.Series, column: str, task: str) -> pl.Series | Finding:
    read: pl.Series | Finding | None
    if task == "binary":
        read = _two_classes(label, column)
    elif task == "multiclass":
        read = as_classes(label)
    else:
        read = _numbers(keys, label, column, "label", task)
    if read is None:
        return error(RULE, "labels_not_classes", f"label column {column!r} holds {label.dtype}; a class is a name")
    if isinstance(read, Finding):
        return read
    if task == "ranking" and bool((read < 0).any()):
        return error(
            RULE, "labels_negative", f"{_named(keys, read < 0)} with a label below 0; a relevance is 0 or more"
        )
    return read.alias("label")


def _weights(held_out: pl.DataFrame, keys: pl.Series, column: str) -> pl.Series | Finding:
    values = _whole(held_out, keys, column, "weight")
    if isinstance(values, Finding):
        return values
    weights = _numbers(keys, values, column, "weight", "weights")
    if isinstance(weights, Finding):
        return weights
    bad = ~(weights > 0)
    if bad.any():
        return error(RULE, "weights_not_positive", f"{_named(keys, bad)} with a weight of 0 or less; remove such rows")
    return weights.alias("weight")


def _groups(held_out: pl.DataFrame, keys: pl.Series, column: str, name: str) -> pl.Series | Finding:
    values = _whole(held_out, keys, column, "cluster" if name == "unit" else name)
    if isinstance(values, Finding):
        return values
    if values.dtype.is_nested() or values.dtype == pl.Object:
        return error(RULE, "group_type", f"column {column!r} holds {values.dtype}; a group is a number or a text")
    return (values.rank("dense").cast(pl.Int64) - 1).alias(name)


def _two_classes(label: pl.Series, column: str) -> pl.Series | Finding:
    if label.dtype == pl.Boolean:
        return label
    if label.dtype.is_numeric():
        values = label.cast(pl.Float64, strict=False)
        if bool(values.is_in([0.0, 1.0]).fill_null(value=False).all()):
            return values == 1.0
    if label.dtype.is_nested() or label.dtype == pl.Object:
        found = str(label.dtype)
    else:
        distinct = label.unique(maintain_order=True)
        found = listed(distinct.head(3).to_list(), len(distinct))
    return error(
        RULE,
        "labels_not_binary",
        f"label column {column!r} holds {found}; a binary label is true or false, or 1 or 0",
    )


def _numbers(keys: pl.Series, values: pl.Series, column: str, what: str, task: str) -> pl.Series | Finding:
    if not values.dtype.is_numeric():
        return error(
            RULE, f"{what}s_not_numeric", f"{what} column {column!r} holds {values.dtype}; {task} needs numbers"
        )
    numbers = values.cast(pl.Float64, strict=False)
    wild = ~numbers.is_finite().fill_null(value=False)
    if wild.any():
        return error(
            RULE,
            "not_finite",
            f"{_named(keys, wild)} with an infinite value in {what} column {column!r}; remove or mend these rows",
        )
    return numbers


def _named(keys: pl.Series, mask: pl.Series) -> str:
    total = int(mask.sum())
    return f"{count(total, 'row')} (key {listed(keys.filter(mask).head(3).to_list(), total)})"
