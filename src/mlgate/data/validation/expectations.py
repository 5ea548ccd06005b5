"""What a file is asked beyond its schema: balance, freshness, size, columns that say something, and references."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl

from mlgate.config.address import shown
from mlgate.data.files.read import collect
from mlgate.data.profile.kinds import kind_of
from mlgate.data.validation.convert import as_moment

if TYPE_CHECKING:
    from mlgate.config.data import Freshness, Reference
    from mlgate.data.validation.rows import Rows
    from mlgate.records import Violation


def balance(rows: Rows, label: str, least: float) -> list[Violation]:
    """Find a class that has less than its share `least` of the rows."""
    counted = rows.frame.filter(pl.col(label).is_not_null()).group_by(label).len("count").sort("count").head(1)
    rarest = collect(counted, rows.file)
    if rarest.is_empty() or rarest["count"][0] >= least * rows.height:
        return []
    share = 100 * rarest["count"][0] / rows.height
    expected = f"at least {100 * least:.3g}% of the rows in every class; {rarest[label][0]!s:.80} has {share:.3g}%"
    return [rows.violation(label, "class_share", expected, rows.height)]


def constants(rows: Rows, ignore: set[str]) -> list[Violation]:
    """Find columns that hold one value in every row, or none: they teach nothing; a warning."""
    types = rows.frame.collect_schema()
    names = [name for name, dtype in types.items() if name not in ignore and _is_plain(dtype)]
    if rows.height < 2 or not names:
        return []
    found = collect(rows.frame.select(_one_value(name).alias(str(n)) for n, name in enumerate(names)), rows.file).row(0)
    return [
        rows.violation(name, "constant", "more than one value", rows.height, severity="warn")
        for name, constant in zip(names, found, strict=True)
        if constant
    ]


def _is_plain(dtype: pl.DataType) -> bool:
    return kind_of(dtype) != "other"


def _one_value(name: str) -> pl.Expr:
    value, nulls = pl.col(name), pl.col(name).null_count()
    return pl.when(nulls == 0).then(value.min().eq_missing(value.max())).otherwise(nulls == pl.len())


def freshness(rows: Rows, asked: Freshness, now: datetime) -> list[Violation]:
    """Find that the newest row is older than it may be, or lies in the future."""
    types = rows.frame.collect_schema()
    if asked.column not in types:
        return [rows.violation(asked.column, "column_missing", f"a column named {asked.column!r}", rows.height)]
    value = pl.col(asked.column)
    if types[asked.column] == pl.String:
        value = as_moment(asked.column)
    elif not isinstance(types[asked.column], (pl.Date, pl.Datetime)):
        return [rows.violation(asked.column, "fresh", "a date or a time", rows.height)]
    newest = collect(rows.frame.select(value.max()), rows.file).item()
    if newest is None:
        return [rows.violation(asked.column, "fresh", "a date or a time in some row", rows.height)]
    moment = newest if isinstance(newest, datetime) else datetime(newest.year, newest.month, newest.day)  # noqa: DTZ001
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    age = now - moment
    if age <= timedelta(hours=asked.max_age_hours) and age >= -timedelta(days=1):
        return []
    expected = f"a newest row not older than {asked.max_age_hours:g} hours; it is of {moment:%Y-%m-%d %H:%M} UTC"
    return [rows.violation(asked.column, "fresh", expected, rows.height)]


def size(rows: Rows, before: int, change: float) -> list[Violation]:
    """Find that there are more or fewer rows than `before`, by more than the share `change`."""
    if not before or abs(rows.height - before) <= change * before:
        return []
    expected = f"{before:,} rows give or take {100 * change:.3g}%, as production had; there are {rows.height:,}"
    return [rows.violation(None, "row_count", expected, rows.height)]


def references(rows: Rows, asked: Reference, known: pl.LazyFrame) -> list[Violation]:
    """Find values of a column that another file does not have; nulls refer to nothing."""
    types, theirs = rows.frame.collect_schema(), known.collect_schema()
    for name, there, what in ((asked.column, types, "here"), (asked.to, theirs, f"in {shown(asked.file)}")):
        if name not in there:
            return [rows.violation(name, "column_missing", f"a column named {name!r} {what}", rows.height)]
    common = _common_type(types[asked.column], theirs[asked.to])
    if common is None:
        return [
            rows.violation(asked.column, "reference", f"the type of {asked.to} in {shown(asked.file)}", rows.height)
        ]
    ours, other = (pl.col(name).cast(common) for name in (asked.column, asked.to))
    values = known.select(other.alias("known")).unique()
    indexed = rows.frame.select(ours.alias("known")).with_row_index("row").filter(pl.col("known").is_not_null())
    lost = collect(indexed.join(values, on="known", how="anti").select("row").sort("row"), rows.file).to_series()
    if lost.is_empty():
        return []
    expected = f"a value that stands in {shown(asked.file)}, column {asked.to}"
    examples = rows.at(lost.head(rows.limit).to_list(), [asked.column])
    return [rows.violation(asked.column, "reference", expected, len(lost), examples)]


def _common_type(ours: pl.DataType, theirs: pl.DataType) -> pl.DataType | None:
    """Return the type that values of two types can be compared as; None where they cannot."""
    kinds = {kind_of(ours), kind_of(theirs)}
    if ours == theirs:
        return None if kinds == {"other"} else ours
    if kinds == {"number"}:
        return pl.Float64()
    return pl.String() if kinds <= {"number", "category"} else None
