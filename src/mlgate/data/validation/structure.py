"""Which columns a file has, against which the schema names; and which of them are sound enough to check further."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from mlgate.data.files.members import has_types
from mlgate.data.files.read import collect
from mlgate.data.nearest import nearest_name
from mlgate.data.types import TEXT
from mlgate.data.validation.convert import as_type

if TYPE_CHECKING:
    from mlgate.data.schema.schema import Column, Schema
    from mlgate.data.validation.rows import Rows
    from mlgate.records import Violation


@dataclass(frozen=True)
class Structure:
    """What was found: `sound` maps a column's name to what it must hold and to how it is read."""

    violations: tuple[Violation, ...]
    sound: dict[str, tuple[Column, pl.Expr]]


def compare(rows: Rows, schema: Schema) -> Structure:
    """Compare names and types of the columns; a column that is missing or of a wrong type is not checked further."""
    present = rows.frame.collect_schema()
    matched, missing = _match(present.names(), schema)
    unexpected = [name for name in present.names() if name not in matched]
    found = [missing_column(rows, column.name, unexpected) for column in missing]
    if schema.strict:
        absent = [column.name for column in missing]
        found += [_unexpected(rows, name, absent) for name in unexpected]
    if schema.ordered:
        found += _disorder(rows, present.names(), matched)
    sound = {}
    for name, column in matched.items():
        read, violation = _typed(rows, name, present[name], column)
        if violation is None:
            sound[name] = (column, read)
        else:
            found.append(violation)
    return Structure(tuple(found), sound)


def _match(present: list[str], schema: Schema) -> tuple[dict[str, Column], list[Column]]:
    plain = {column.name for column in schema.columns if not column.regex}
    matched: dict[str, Column] = {}
    missing: list[Column] = []
    for column in schema.columns:
        names = _names(column, present, plain)
        # where two patterns match one column, the first that is written holds
        matched |= {name: column for name in names if name not in matched}
        if not names and column.required:
            missing.append(column)
    return matched, missing


def _names(column: Column, present: list[str], plain: set[str]) -> list[str]:
    if not column.regex:
        return [column.name] if column.name in present else []
    return [name for name in present if name not in plain and re.fullmatch(column.name, name)]


def missing_column(rows: Rows, name: str, unexpected: list[str]) -> Violation:
    """Say that a column is missing, and which of the unexpected ones it may have become."""
    close = nearest_name(name, unexpected)
    hint = f"; was it renamed to {close!r}?" if close else ""
    return rows.violation(name, "column_missing", f"a column named {name!r}{hint}", rows.height)


def _unexpected(rows: Rows, name: str, absent: list[str]) -> Violation:
    close = nearest_name(name, absent)
    hint = f"; should it be {close!r}, which is missing?" if close else ""
    return rows.violation(name, "column_unexpected", f"only columns that the schema names{hint}", rows.height)


def _disorder(rows: Rows, present: list[str], matched: dict[str, Column]) -> list[Violation]:
    stands = [name for name in present if name in matched]
    for found, expected in zip(stands, matched, strict=True):
        if found != expected:
            return [rows.violation(found, "column_order", f"{expected!r} at this place", rows.height)]
    return []


def _typed(rows: Rows, name: str, dtype: pl.DataType, column: Column) -> tuple[pl.Expr, Violation | None]:
    """Return how to read the column, and what is wrong with its type."""
    value = pl.col(name)
    plain = value.cast(pl.String) if dtype.base_type() in TEXT[1:] else value
    if column.type is None or column.type.accepts(dtype):
        # checks of text do not know dictionaries of text
        return (plain if column.type is None or column.type.target == pl.String else value), None
    read = as_type(name, dtype, column.type.target)
    bad = value.is_not_null() if read is None else value.is_not_null() & read.is_null()
    unreadable = int(collect(rows.frame.select(bad.sum()), rows.file).item() or 0)
    # CSV carries no types, and an empty column of it none that could be wrong
    if unreadable == 0 and read is not None and (column.coerce or not has_types(rows.file) or dtype == pl.Null):
        return read.alias(name), None
    expected = f"type {column.type.word}, not {str(dtype).lower()}"
    if unreadable:
        return value, rows.violation(name, "dtype", expected, unreadable, rows.where(bad, [name]))
    return value, rows.violation(name, "dtype", expected, rows.height, rows.where(pl.lit(value=True), [name]))
