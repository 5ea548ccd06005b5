"""How each column of a Spark frame is read, as the type that the schema says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from mlgate.data.profile.spark import named
from mlgate.data.validation.spark.convert import as_type
from mlgate.data.validation.spark.types import UNSIGNED, accepts, through_spark

if TYPE_CHECKING:
    from pyspark.sql import Column as SparkColumn

    from mlgate.data.schema.schema import Column


@dataclass(frozen=True, eq=False, kw_only=True)
class Value:
    """One column as it is read: the values and their type.

    Where the column is of another type than the schema says, `unreadable` are the rows whose values are not of it, and
    the column is judged further only where it is `usable` and no row is unreadable.
    """

    read: SparkColumn
    dtype: pl.DataType
    unreadable: SparkColumn | None = None
    usable: bool = True


def value_of(name: str, dtype: pl.DataType, column: Column, *, typed: bool) -> Value:
    """Say how the column `name`, of type `dtype` in Spark, is read for what the schema says of it."""
    raw = named(name)
    if column.type is None or accepts(column.type, dtype):
        return Value(read=raw, dtype=dtype)
    target = through_spark(column.type.target)
    read = None if target is None else as_type(raw, dtype, column.type.target)
    if target is None or read is None:
        return Value(read=raw, dtype=dtype, unreadable=raw.isNotNull(), usable=False)
    # CSV carries no types, Spark no unsigned ones, and an empty column none that could be wrong
    usable = column.coerce or not typed or UNSIGNED.get(column.type.target) == dtype or dtype == pl.Null
    return Value(read=read, dtype=target, unreadable=raw.isNotNull() & read.isNull(), usable=usable)
