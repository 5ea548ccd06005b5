"""The same profile, counted by Apache Spark: the aggregation runs where the data is, and only its sums come back.

Bins are chosen by Spark's approximate percentiles and counts of categories, or given by a profile that is there; in the
same bins Spark counts what polars counts, to the last row. The session's time zone must be UTC, as moments are counted.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import polars as pl
from pyspark.sql import functions as F  # noqa: N812 (Spark's own convention)
from pyspark.sql import types as T  # noqa: N812

from mlgate.data.profile.counts import read_counts
from mlgate.data.profile.kinds import fits, kind_of
from mlgate.data.profile.profile import ORDERED, ColumnProfile, Profile
from mlgate.data.profile.shapes import FEW, IDENTIFIERS, LONGEST, QUANTILES, edges_at, told_apart
from mlgate.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pyspark.sql import Column, DataFrame, SparkSession

EXACTNESS = 10_000  # of the approximate percentiles: a rank is right to one in so many
TYPES: dict[type[T.DataType], pl.DataType] = {
    T.ByteType: pl.Int8(),
    T.ShortType: pl.Int16(),
    T.IntegerType: pl.Int32(),
    T.LongType: pl.Int64(),
    T.FloatType: pl.Float32(),
    T.DoubleType: pl.Float64(),
    T.StringType: pl.String(),
    T.BooleanType: pl.Boolean(),
    T.DateType: pl.Date(),
    T.TimestampType: pl.Datetime("us", "UTC"),
    T.TimestampNTZType: pl.Datetime("us"),
    T.NullType: pl.Null(),
}


def profile(frame: DataFrame, *, like: Profile | None = None, ignore: Collection[str] = ()) -> Profile:
    """Profile a Spark frame, in bins of its own or in those of another profile.

    Raises DataError for a session in another time zone, and for columns that cannot be counted in the bins of `like`.
    """
    require_utc(frame.sparkSession)
    types = types_of(frame)
    if like is None:
        shapes = _shapes(frame, {name: dtype for name, dtype in types.items() if name not in set(ignore)})
    else:
        shapes = {name: column for name, column in like.columns.items() if name not in set(ignore)}
        for name, column in shapes.items():
            if name not in types or not fits(column.kind, types[name]):
                raise DataError(
                    f"column {name!r} is missing from the Spark frame, or of another type than in the profile",
                    hint="ignore the column, or make a profile in bins of its own",
                )
    rows, columns = count(frame, shapes)
    return Profile(rows=rows, columns=columns)


def named(name: str) -> Column:
    """Name a column, whatever stands in its name."""
    return F.col(f"`{name.replace('`', '``')}`")


def types_of(frame: DataFrame) -> dict[str, pl.DataType]:
    """Return the columns' types as polars names them; a type that has no bins is binary."""
    return {field.name: _type(field.dataType) for field in frame.schema.fields}


def count(frame: DataFrame, shapes: Mapping[str, ColumnProfile]) -> tuple[int, dict[str, ColumnProfile]]:
    """Return the number of rows, and the shapes with all rows counted in their bins, in one aggregation."""
    types = types_of(frame)
    asked = [expression for name, shape in shapes.items() for expression in _asked(name, types[name], shape)]
    named = [expression.alias(f"n{index}") for index, expression in enumerate([F.count(F.lit(1)), *asked])]
    rows, *numbers = frame.agg(*named).first() or [0]
    left: Iterator[Any] = iter(numbers)
    return int(rows), {name: _freed(read_counts(shape, int(rows), left), left) for name, shape in shapes.items()}


def _asked(name: str, dtype: pl.DataType, shape: ColumnProfile) -> Iterator[Column]:
    """Yield what `read_counts` reads, in its order; then for what is ordered the infinities on both sides."""
    raw = named(name)
    yield F.count_if(raw.isNull())
    if shape.kind == "other":
        return
    value = _value(raw, dtype, shape.kind)
    if shape.kind not in ORDERED:
        yield from (F.count_if(value == F.lit(category)) for category in shape.categories)
        yield from (F.count_if(value <= F.lit(split)) for split in shape.splits)
        return
    floating = shape.kind == "number" and dtype.is_float()
    yield F.count_if(F.isnan(raw)) if floating else F.lit(0)
    finite = F.when(~F.isnan(raw) & (F.abs(raw) != math.inf), value) if floating else value
    yield from (F.min(finite), F.max(finite))
    yield from (F.count_if(value <= F.lit(edge)) for edge in shape.edges)
    yield from (F.count_if(raw == F.lit(end)) if floating else F.lit(0) for end in (math.inf, -math.inf))


def _freed(column: ColumnProfile, numbers: Iterator[Any]) -> ColumnProfile:
    """Take the infinities, which come last, out of the outer bins."""
    if column.kind not in ORDERED:
        return column
    above, below = (int(next(numbers) or 0) for _ in range(2))
    counts = list(column.counts)
    counts[0] -= below
    counts[-1] -= above
    return column.model_copy(update={"counts": tuple(counts), "infinite": above + below})


def _value(raw: Column, dtype: pl.DataType, kind: str) -> Column:
    if kind == "number":
        return raw.cast("double")
    if kind == "time":
        days = F.datediff(raw, F.lit("1970-01-01").cast("date")).cast("long")
        return (days * 86_400_000_000 if dtype == pl.Date else F.unix_micros(raw.cast("timestamp"))).cast("double")
    if kind == "text":
        return F.char_length(raw).cast("double")
    return raw.cast("string")


def _shapes(frame: DataFrame, types: Mapping[str, pl.DataType]) -> dict[str, ColumnProfile]:
    shapes = {name: _unordered(frame, name, dtype) for name, dtype in types.items()}
    ordered = [name for name, shape in shapes.items() if shape.kind in ORDERED]
    levels = [step / QUANTILES for step in range(QUANTILES + 1)]
    marks: list[Column] = []
    for name in ordered:
        raw = named(name)
        value = _value(raw, types[name], shapes[name].kind)
        kept = F.when(~F.isnan(value) & (F.abs(value) != math.inf), value)
        marks.append(F.percentile_approx(kept, levels, EXACTNESS).alias(f"n{len(marks)}"))
    found = frame.agg(*marks).first() if marks else ()
    for name, values in zip(ordered, found or (), strict=True):
        shapes[name] = shapes[name].model_copy(update={"edges": edges_at(list(values or ()))})
    return shapes


def _unordered(frame: DataFrame, name: str, dtype: pl.DataType) -> ColumnProfile:
    """Choose the categories of a text, or find that it has too many to be told apart."""
    kind = kind_of(dtype)
    if kind == "boolean":
        return ColumnProfile(kind=kind, dtype=str(dtype), categories=("false", "true"))
    if kind != "category":
        return ColumnProfile(kind=kind, dtype=str(dtype))
    value = frame.select(named(name).alias("value")).filter("value is not null")
    counted = value.groupBy("value").count()
    rows, many, least = counted.agg(F.sum("count"), F.count(F.lit(1)), F.min("count")).first() or (0, 0, 0)
    if many > max(FEW, IDENTIFIERS * (rows or 0)):
        return ColumnProfile(kind="text", dtype=str(dtype))
    top = counted.orderBy(F.desc("count"), "value").limit(FEW + 1).collect()
    told = told_apart([row["value"] for row in top], [row["count"] for row in top], many=many, least=least or 0)
    return ColumnProfile(kind=kind, dtype=str(dtype), categories=tuple(one for one in told if len(one) <= LONGEST))


def _type(found: T.DataType) -> pl.DataType:
    if isinstance(found, T.DecimalType):
        return pl.Decimal(found.precision, found.scale)
    return next((dtype for kind, dtype in TYPES.items() if isinstance(found, kind)), pl.Binary())


def require_utc(session: SparkSession) -> None:
    """Raise DataError for a session in whose zone a moment would be another one."""
    zone = session.conf.get("spark.sql.session.timeZone")
    if zone not in {"UTC", "Etc/UTC", "GMT"}:
        raise DataError(
            f"the Spark session's time zone is {zone}, and moments are counted in UTC",
            hint="set spark.sql.session.timeZone to UTC",
        )
