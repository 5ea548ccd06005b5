"""Which columns a file has, against which the schema names; told by their names alone, for any engine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mlgate.data.nearest import nearest_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlgate.data.schema.schema import Column, Schema
    from mlgate.data.validation.rows import Judged
    from mlgate.records import Violation


def misnamed(rows: Judged, present: Sequence[str], schema: Schema) -> list[Violation]:
    """Find columns that are missing, and where the schema says so those that it does not name, or not in this place."""
    matched, missing = match(present, schema)
    unexpected = [name for name in present if name not in matched]
    found = [missing_column(rows, column.name, unexpected) for column in missing]
    if schema.strict:
        absent = [column.name for column in missing]
        found += [_unexpected(rows, name, absent) for name in unexpected]
    if schema.ordered:
        found += _disorder(rows, present, matched)
    return found


def match(present: Sequence[str], schema: Schema) -> tuple[dict[str, Column], list[Column]]:
    """Return what the schema says of each column that is present, and the columns that should be."""
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


def _names(column: Column, present: Sequence[str], plain: set[str]) -> list[str]:
    if not column.regex:
        return [column.name] if column.name in present else []
    return [name for name in present if name not in plain and re.fullmatch(column.name, name)]


def missing_column(rows: Judged, name: str, unexpected: Sequence[str]) -> Violation:
    """Say that a column is missing, and which of the unexpected ones it may have become."""
    return rows.violation(name, "column_missing", f"a column named {name!r}{renamed(name, unexpected)}", rows.height)


def renamed(name: str, others: Sequence[str]) -> str:
    """Ask whether a missing column is another that is there; nothing where none is close."""
    close = nearest_name(name, others)
    return f"; was it renamed to {close!r}?" if close else ""


def _unexpected(rows: Judged, name: str, absent: list[str]) -> Violation:
    close = nearest_name(name, absent)
    hint = f"; should it be {close!r}, which is missing?" if close else ""
    return rows.violation(name, "column_unexpected", f"only columns that the schema names{hint}", rows.height)


def _disorder(rows: Judged, present: Sequence[str], matched: dict[str, Column]) -> list[Violation]:
    stands = [name for name in present if name in matched]
    for found, expected in zip(stands, matched, strict=True):
        if found != expected:
            return [rows.violation(found, "column_order", f"{expected!r} at this place", rows.height)]
    return []
