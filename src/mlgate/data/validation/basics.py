"""What every model needs of its data, schema or not: enough rows, keys that identify, labels that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from mlgate.data.files.read import collect
from mlgate.data.validation.names import renamed
from mlgate.data.validation.rows import Judged, Rows, clamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlgate.config.data import Data
    from mlgate.records import Violation

KEY_RULES = {"key_null": "a key in every row", "key_duplicate": "each key on one row only"}


def basics(frame: pl.LazyFrame, *, file: str, data: Data, task: str) -> tuple[Violation, ...]:
    """Find what makes a file useless for training or judging a model of `task`."""
    rows = Rows.of(frame, file=file, key=data.key, limit=data.examples)
    found = amount(rows, data.min_rows)
    present = frame.collect_schema()
    for role, name in (("key", data.key), ("label", data.label)):
        found += absent_column(rows, name, present.names(), asked=f"data.{role} in mlgate.yaml")
    if rows.height:
        found += key_problems(rows)
        if data.label in present:
            found += _labels(rows, data.label, present[data.label], task)
    return tuple(found)


def amount(rows: Judged, least: int = 1) -> list[Violation]:
    """Find that there are no rows, or too few."""
    if rows.height == 0:
        return [rows.violation(None, "no_rows", "at least one row", 0)]
    if rows.height < least:
        expected = f"at least {least:,} rows (data.min_rows), not {rows.height:,}"
        return [rows.violation(None, "min_rows", expected, rows.height)]
    return []


def absent_column(rows: Judged, name: str, present: Sequence[str], *, asked: str) -> list[Violation]:
    """Find that a column is not there which `asked` names."""
    if name in present:
        return []
    expected = f"a column named {name!r} ({asked}){renamed(name, present)}"
    return [rows.violation(name, "column_missing", expected, rows.height)]


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
    for (rule, expected), bad in zip(KEY_RULES.items(), (absent, repeated), strict=True):
        count = _count(rows, bad)
        if count:
            found.append(rows.violation(rows.key, rule, expected, count, rows.where(bad, [rows.key])))
    return found


def _labels(rows: Rows, label: str, dtype: pl.DataType, task: str) -> list[Violation]:
    absent = _absent(label, dtype)
    found = []
    count = _count(rows, absent)
    if count:
        found.append(rows.violation(label, "label_null", "a label in every row", count, rows.where(absent, [label])))
    if dtype == pl.Null:
        return found
    if task in {"binary", "multiclass"}:
        return found + _classes(rows, label, absent, task)
    if not dtype.is_numeric():
        expected = f"a number for task {task}, not {str(dtype).lower()}"
        return [*found, rows.violation(label, "label_type", expected, rows.height, rows.where(~absent, [label]))]
    endless = pl.col(label).is_infinite() if dtype.is_float() else pl.lit(value=False)
    count = _count(rows, endless)
    if count:
        found.append(rows.violation(label, "label_infinite", "a finite label", count, rows.where(endless, [label])))
    return found


def _classes(rows: Rows, label: str, absent: pl.Expr, task: str) -> list[Violation]:
    present = rows.frame.filter(~absent).select(pl.col(label)).unique(maintain_order=True).head(4)
    classes = [clamp(value) for value in collect(present, rows.file).to_series().to_list()]
    if len(classes) == 1:
        least = "two classes" if task == "binary" else "at least two classes"
        expected = f"{least} for task {task}; every label is {classes[0]}"
        return [rows.violation(label, "one_class", expected, rows.height)]
    if len(classes) > 2 and task == "binary":
        shown = ", ".join(classes[:3]) + (", …" if len(classes) > 3 else "")
        return [rows.violation(label, "label_classes", f"two classes for task binary, not {shown}", rows.height)]
    return []


def _absent(column: str, dtype: pl.DataType) -> pl.Expr:
    value = pl.col(column)
    return value.is_null() | value.is_nan().fill_null(value=False) if dtype.is_float() else value.is_null()


def _count(rows: Rows, bad: pl.Expr) -> int:
    return int(collect(rows.frame.select(bad.sum()), rows.file).item() or 0)
