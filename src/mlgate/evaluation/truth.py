"""The held-out rows: their keys and labels, checked before anything is judged on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from mlgate.evaluation.keys import error, read_keys
from mlgate.evaluation.wording import count, listed
from mlgate.verdict import Finding, Outcome

if TYPE_CHECKING:
    from mlgate.config.model import Evaluate, RowColumns

RULE = "held-out rows"


def read_truth(held_out: pl.DataFrame, *, data: RowColumns, evaluate: Evaluate) -> pl.DataFrame | Finding:
    """Return columns `key` and `label` (Boolean or Float64), sorted by key; else the finding that says why not.

    Sorting makes sums of floats, and so verdicts, independent of the order in which rows were stored.
    """
    keys = read_keys(held_out, data.key, rule=RULE)
    if isinstance(keys, Finding):
        return keys
    if data.label not in held_out.columns:
        return error(
            RULE,
            "missing_column",
            f"no label column {data.label!r}; the columns are {listed(held_out.columns, held_out.width)}",
        )
    label = held_out.get_column(data.label)
    absent = label.is_null()
    if label.dtype.is_float():
        absent = absent | label.is_nan().fill_null(value=False)
    if absent.any():
        return error(
            RULE,
            "labels_null",
            f"{_named(keys, absent)} without a value in label column {data.label!r}; "
            "remove these rows or give them their label",
        )
    read = _classes(label, data.label) if evaluate.task == "binary" else _numbers(keys, label, data.label)
    return read if isinstance(read, Finding) else pl.DataFrame([keys, read.alias("label")]).sort("key")


def check_size(truth: pl.DataFrame, *, evaluate: Evaluate) -> Finding | None:
    """Return a finding where the rows are too few to judge on, or hold one class only."""
    if truth.height < evaluate.min_rows:
        return Finding(
            rule=RULE,
            outcome=Outcome.INCONCLUSIVE,
            reason="too_few_rows",
            sentence=f"{count(truth.height, 'row')}, and the gate judges from {count(evaluate.min_rows)} "
            "(evaluate.min_rows); hold out more rows",
        )
    classes = truth.get_column("label").unique()
    if evaluate.task == "binary" and len(classes) == 1:
        kind = "positive" if classes.item() else "negative"
        return error(
            RULE,
            "one_class",
            f"all {count(truth.height, 'label')} are {kind}; hold out rows of both classes",
        )
    return None


def _classes(label: pl.Series, column: str) -> pl.Series | Finding:
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


def _numbers(keys: pl.Series, label: pl.Series, column: str) -> pl.Series | Finding:
    if not label.dtype.is_numeric():
        return error(
            RULE, "labels_not_numeric", f"label column {column!r} holds {label.dtype}; regression needs numbers"
        )
    values = label.cast(pl.Float64, strict=False)
    wild = ~values.is_finite().fill_null(value=False)
    if wild.any():
        return error(
            RULE,
            "not_finite",
            f"{_named(keys, wild)} with an infinite value in label column {column!r}; remove or mend these rows",
        )
    return values


def _named(keys: pl.Series, mask: pl.Series) -> str:
    total = int(mask.sum())
    return f"{count(total, 'row')} (key {listed(keys.filter(mask).head(3).to_list(), total)})"
