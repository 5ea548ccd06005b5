"""Which columns a file has, of which types; and which of them are sound enough to check further."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from mlgate.data.files.read import collect
from mlgate.data.types import TEXT
from mlgate.data.validation.convert import as_type
from mlgate.data.validation.names import match, misnamed

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
    matched, _ = match(present.names(), schema)
    found = misnamed(rows, present.names(), schema)
    sound = {}
    for name, column in matched.items():
        read, violation = _typed(rows, name, present[name], column)
        if violation is None:
            sound[name] = (column, read)
        else:
            found.append(violation)
    return Structure(tuple(found), sound)


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
    if unreadable == 0 and read is not None and (column.coerce or not rows.typed or dtype == pl.Null):
        return read.alias(name), None
    expected = f"type {column.type.word}, not {str(dtype).lower()}"
    if unreadable:
        return value, rows.violation(name, "dtype", expected, unreadable, rows.where(bad, [name]))
    return value, rows.violation(name, "dtype", expected, rows.height, rows.where(pl.lit(value=True), [name]))
