"""Which types Spark has for those of a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from pyspark.sql import types as T  # noqa: N812 (Spark's own convention)

from mlgate.data.profile.spark import TYPES

if TYPE_CHECKING:
    from mlgate.data.types import Type

SAME: dict[pl.DataType, T.DataType] = {dtype: kind() for kind, dtype in TYPES.items()} | {pl.Binary(): T.BinaryType()}
# Spark has no unsigned numbers: it reads them as the next larger ones
UNSIGNED: dict[pl.DataType, pl.DataType] = {
    pl.UInt8(): pl.Int16(),
    pl.UInt16(): pl.Int32(),
    pl.UInt32(): pl.Int64(),
    pl.UInt64(): pl.Decimal(20, 0),
}


def through_spark(target: pl.DataType) -> pl.DataType | None:
    """Return the type as which Spark reads values of a type of polars; None where it has none."""
    if target in UNSIGNED:
        return UNSIGNED[target]
    if isinstance(target, pl.Datetime):
        return pl.Datetime("us", "UTC" if target.time_zone else None)
    if isinstance(target, pl.Decimal) or target in SAME:
        return target
    return pl.String() if target.base_type() == pl.Categorical else None


def in_spark(target: pl.DataType) -> T.DataType:
    """Return Spark's own type for a type that it has."""
    found = through_spark(target)
    if isinstance(found, pl.Decimal):
        return T.DecimalType(found.precision or 38, found.scale)
    if found is None:
        raise KeyError(target)
    return SAME[found]


def accepts(asked: Type, dtype: pl.DataType) -> bool:
    """Whether a column that Spark reads as `dtype` is of the asked type, but for the range of unsigned numbers."""
    return asked.accepts(dtype) or (asked.target not in UNSIGNED and through_spark(asked.target) == dtype)
