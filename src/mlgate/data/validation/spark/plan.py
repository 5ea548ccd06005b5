"""What Spark counts for each column, settled before any of its jobs starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
from pyspark.sql import functions as F  # noqa: N812 (Spark's own convention)

from mlgate.data.profile.spark import named, types_of
from mlgate.data.schema.schema import NULLABLE
from mlgate.data.validation.names import match
from mlgate.data.validation.spark.conditions import holds, other_values
from mlgate.data.validation.spark.refusals import refuse
from mlgate.data.validation.spark.values import value_of

if TYPE_CHECKING:
    from pyspark.sql import Column as SparkColumn
    from pyspark.sql import DataFrame

    from mlgate.data.schema.schema import Check, Column, Schema
    from mlgate.data.validation.spark.values import Value


@dataclass(frozen=True, eq=False, kw_only=True)
class Rule:
    """One rule of a column: the number of rows that break it, and which they are; None where it is all or none."""

    column: str
    name: str
    expected: str
    count: SparkColumn
    bad: SparkColumn | None
    warns: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class Reading:
    """One column: the rule of its type where that is not the schema's, and the rules of a column of the right type."""

    typed: Rule | None
    usable: bool
    unique: bool
    nulls: tuple[Rule, ...]
    checks: tuple[Rule, ...]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All that is counted of the column."""
        return (*((self.typed,) if self.typed else ()), *self.nulls, *self.checks)


def plan(frame: DataFrame, schema: Schema, *, file: str, typed: bool) -> dict[str, Reading]:
    """Plan what is counted, by column; raises ConfigError that names every rule which only polars can judge."""
    types = types_of(frame)
    words = words_of(frame)
    matched, _ = match(list(types), schema)
    found = {name: (column, value_of(name, types[name], column, typed=typed)) for name, column in matched.items()}
    refuse(schema, found, words, file=file, typed=typed)
    return {name: _reading(name, types[name], words[name], *asked) for name, asked in found.items()}


def words_of(frame: DataFrame) -> dict[str, str]:
    """Name the columns' types: as polars does, or as Spark does where polars has none like it."""
    own = {field.name: field.dataType.simpleString() for field in frame.schema.fields}
    return {
        name: own[name] if dtype == pl.Binary and own[name] != "binary" else str(dtype).lower()
        for name, dtype in types_of(frame).items()
    }


def _reading(name: str, dtype: pl.DataType, word: str, column: Column, value: Value) -> Reading:
    typed = None
    if value.unreadable is not None and column.type is not None:
        typed = of_rows(name, "dtype", f"type {column.type.word}, not {word}", value.unreadable)
    absent = is_absent(name, dtype)
    return Reading(
        typed=typed,
        usable=value.usable,
        unique=column.unique,
        nulls=() if column.nullable else (of_rows(name, *NULLABLE, absent),),
        checks=tuple(_checked(name, check, value) for check in column.checks) if value.usable else (),
    )


def of_rows(column: str, name: str, expected: str, bad: SparkColumn, *, warns: bool = False) -> Rule:
    """Make a rule that each row keeps or breaks for itself."""
    return Rule(column=column, name=name, expected=expected, count=F.count_if(bad), bad=bad, warns=warns)


def is_absent(name: str, dtype: pl.DataType) -> SparkColumn:
    """Say whether a row has no value in a column: null, or NaN."""
    raw = named(name)
    return raw.isNull() | F.isnan(raw) if dtype.is_float() else raw.isNull()


def _checked(name: str, check: Check, value: Value) -> Rule:
    arguments = check.arguments or {}
    if check.kind == "unique_values_eq":
        other = other_values(list(arguments["values"]), value.read, value.dtype)
        every = F.when(other, F.greatest(F.count(F.lit(1)), F.lit(1))).otherwise(F.lit(0))
        return Rule(column=name, name=check.name, expected=check.expected, count=every, bad=None, warns=check.warns)
    good = F.coalesce(holds(check.kind or check.name, arguments, value.read, value.dtype), F.lit(check.skips_nulls))
    return of_rows(name, check.name, check.expected, ~good, warns=check.warns)
