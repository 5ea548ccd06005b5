"""Judge a file against its schema: every failure is found, counted in full, and shown by its first rows."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

import polars as pl

from mlgate.config.data import EXAMPLES
from mlgate.data.files.read import collect
from mlgate.data.schema.schema import NULLABLE, unique_rule
from mlgate.data.validation.allowances import allow
from mlgate.data.validation.rows import Rows
from mlgate.data.validation.structure import compare

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlgate.data.schema.schema import Check, Column, Schema
    from mlgate.records import Violation

Sound = dict[str, "tuple[Column, pl.Expr]"]


def violations(  # noqa: PLR0913 (what is known of a file)
    frame: pl.LazyFrame, schema: Schema, *, file: str, key: str | None, limit: int = EXAMPLES, typed: bool | None = None
) -> tuple[Violation, ...]:
    """Find every broken rule of `schema` in `frame`, with at most `limit` example rows each.

    A column that is missing or of a wrong type says only that; all other columns are judged all the same.
    Raises DataError where the file's bytes turn out to be damaged.
    """
    rows = Rows.of(frame, file=file, key=key, limit=limit, typed=typed)
    structure = compare(rows, schema)
    found = list(structure.violations)
    found += _nulls(rows, structure.sound)
    found += _repeated(rows, schema, structure.sound)
    found += _checked(rows, schema, structure.sound)
    return allow(found, schema.allowances)


def _nulls(rows: Rows, sound: Sound) -> list[Violation]:
    types = rows.frame.collect_schema()
    absent = {
        name: pl.col(name).is_null() | pl.col(name).is_nan() if types[name].is_float() else pl.col(name).is_null()
        for name, (column, _) in sound.items()
        if not column.nullable
    }
    if not absent:
        return []
    counts = collect(rows.frame.select(bad.sum().alias(name) for name, bad in absent.items()), rows.file)
    return [
        rows.violation(name, *NULLABLE, count, rows.where(absent[name], [name]))
        for name, count in counts.row(0, named=True).items()
        if count
    ]


def _repeated(rows: Rows, schema: Schema, sound: Sound) -> list[Violation]:
    found: list[Violation] = []
    for group in unique_groups(schema, {name: column.unique for name, (column, _) in sound.items()}):
        bad = pl.struct(group).is_duplicated()
        count = collect(rows.frame.select(bad.sum()), rows.file).item()
        if count:
            column = group[0] if len(group) == 1 else None
            found.append(rows.violation(column, *unique_rule(group), count, rows.where(bad, group)))
    return found


def unique_groups(schema: Schema, sound: Mapping[str, bool]) -> list[tuple[str, ...]]:
    """List the columns, alone or together, that no two rows may have alike; `sound` says which ones alone."""
    alone = [(name,) for name, unique in sound.items() if unique]
    together = [group for group in schema.unique if all(name in sound for name in group)]
    return list(dict.fromkeys([*alone, *together]))


def _checked(rows: Rows, schema: Schema, sound: Sound) -> list[Violation]:
    read = rows.frame.with_columns(value.alias(name) for name, (_, value) in sound.items())
    asked: list[tuple[str | None, Check]] = [
        (name, check) for name, (column, _) in sound.items() for check in column.checks
    ]
    # a check of whole rows may read any column: it runs where all of them are as the schema says
    whole = all(column.name in sound or not column.required or column.regex for column in schema.columns)
    if whole:
        asked += [(None, check) for check in schema.checks]
    found: list[Violation] = []
    for column, check in asked:
        violation = _check(rows, read, column, check)
        if violation is not None:
            found.append(violation.model_copy(update={"severity": "warn"}) if check.warns else violation)
    if not whole:
        why = "not asked, since columns are missing or of another type"
        found += [rows.violation(None, one.name, f"{one.expected}; {why}", rows.height) for one in schema.checks]
    return found


def _check(rows: Rows, read: pl.LazyFrame, column: str | None, check: Check) -> Violation | None:
    shown = read.collect_schema().names()[:5] if column is None else [column]
    try:
        with redirect_stdout(sys.stderr):  # what it prints is no part of mlgate's own output
            broken = check(read, column, limit=rows.limit)
        if broken.answers not in {1, rows.height}:
            raise ValueError(f"it gave {broken.answers:,} answers for {rows.height:,} rows")  # noqa: TRY301 (as its own)
    # a check may be the user's own code, and may raise anything, and end anything
    except (Exception, SystemExit, pl.exceptions.PanicException) as error:  # noqa: BLE001
        message = (str(error).strip() or "no message").splitlines()[0][:200]
        expected = f"{check.expected.rstrip('.')}; but the check itself failed: {type(error).__name__}: {message}"
        return rows.violation(column, check.name, expected, max(rows.height, 1))
    if not broken.count:
        return None
    if broken.answers != rows.height:  # one answer for the whole column
        return rows.violation(column, check.name, check.expected, rows.height)
    return rows.violation(column, check.name, check.expected, broken.count, rows.at(broken.first, shown))
