"""What every model needs of its data, schema or not: enough rows, keys that identify, labels that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from mlgate.data.files.read import collect
from mlgate.data.nearest import nearest_name
from mlgate.data.validation.rows import Rows, clamp

if TYPE_CHECKING:
    from mlgate.config.data import Data
    from mlgate.records import Violation


def basics(frame: pl.LazyFrame, *, file: str, data: Data, task: str) -> tuple[Violation, ...]:
    """Find what makes a file useless for training or judging a model of `task` (`binary` or `regression`)."""
    rows = Rows.of(frame, file=file, key=data.key, limit=data.examples)
    found = _amount(rows, data)
    present = frame.collect_schema()
    for role, name in (("key", data.key), ("label", data.label)):
        if name not in present:
            close = nearest_name(name, present.names())
            hint = f"; was it renamed to {close!r}?" if close else ""
            expected = f"a column named {name!r} (data.{role} in mlgate.yaml){hint}"
            found.append(rows.violation(name, "column_missing", expected, rows.height))
    if rows.height:
        found += key_problems(rows)
        if data.label in present:
            found += _labels(rows, data.label, present[data.label], task)
    return tuple(found)


def key_problems(rows: Rows) -> list[Violation]:
    """Find rows without a key, and keys that more than one row has."""
    if rows.key is None:
        return []
    dtype = rows.frame.collect_schema()[rows.key]
    if dtype.is_nested() or dtype in {pl.Object, pl.Binary}:
        return [rows.violation(rows.key, "key_type", f"a number, a text or a moment, not {dtype}", rows.height)]
    absent = _absent(rows.key, dtype)
    repeated = pl.col(rows.key).is_duplicated() & ~absent
    found = []
    for rule, expected, bad in (
        ("key_null", "a key in every row", absent),
        ("key_duplicate", "each key on one row only", repeated),
    ):
        count = _count(rows, bad)
        if count:
            found.append(rows.violation(rows.key, rule, expected, count, rows.where(bad, [rows.key])))
    return found


def _amount(rows: Rows, data: Data) -> list[Violation]:
    if rows.height == 0:
        return [rows.violation(None, "no_rows", "at least one row", 0)]
    if rows.height < data.min_rows:
        expected = f"at least {data.min_rows:,} rows (data.min_rows), not {rows.height:,}"
        return [rows.violation(None, "min_rows", expected, rows.height)]
    return []


def _labels(rows: Rows, label: str, dtype: pl.DataType, task: str) -> list[Violation]:
    absent = _absent(label, dtype)
    found = []
    count = _count(rows, absent)
    if count:
        found.append(rows.violation(label, "label_null", "a label in every row", count, rows.where(absent, [label])))
    if dtype == pl.Null:
        return found
    if task == "binary":
        return found + _classes(rows, label, absent)
    if not dtype.is_numeric():
        expected = f"a number for task {task}, not {str(dtype).lower()}"
        return [*found, rows.violation(label, "label_type", expected, rows.height, rows.where(~absent, [label]))]
    endless = pl.col(label).is_infinite() if dtype.is_float() else pl.lit(value=False)
    count = _count(rows, endless)
    if count:
        found.append(rows.violation(label, "label_infinite", "a finite label", count, rows.where(endless, [label])))
    return found


def _classes(rows: Rows, label: str, absent: pl.Expr) -> list[Violation]:
    present = rows.frame.filter(~absent).select(pl.col(label)).unique(maintain_order=True).head(4)
    classes = [clamp(value) for value in collect(present, rows.file).to_series().to_list()]
    if len(classes) == 1:
        expected = f"two classes for task binary; every label is {classes[0]}"
        return [rows.violation(label, "one_class", expected, rows.height)]
    if len(classes) > 2:
        shown = ", ".join(classes[:3]) + (", …" if len(classes) > 3 else "")
        return [rows.violation(label, "label_classes", f"two classes for task binary, not {shown}", rows.height)]
    return []


def _absent(column: str, dtype: pl.DataType) -> pl.Expr:
    value = pl.col(column)
    return value.is_null() | value.is_nan().fill_null(value=False) if dtype.is_float() else value.is_null()


def _count(rows: Rows, bad: pl.Expr) -> int:
    return int(collect(rows.frame.select(bad.sum()), rows.file).item() or 0)
