"""Whether a column's values can be read as another type, value by value, as `validation.convert` does for polars."""

from __future__ import annotations

import polars as pl
from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812 (Spark's own convention)

from mlgate.data.validation.spark.types import in_spark

BITS = {f"{sign}Int{bits}": (sign, bits) for bits in (8, 16, 32, 64) for sign in ("", "U")}
SPACE = r"(?U)^\s+|\s+$"
WHOLE = {"": r"^[+-]?[0-9]{1,38}$", "U": r"^\+?[0-9]{1,38}$"}
NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
DAY = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
MOMENT = rf"^{DAY}([ T][0-9]{{1,2}}:[0-9]{{1,2}}(:[0-9]{{1,2}}(\.[0-9]{{1,9}})?)?)?$"


def as_type(raw: Column, source: pl.DataType, target: pl.DataType) -> Column | None:
    """Return a column read as `target`, null where a value cannot be; None where no value of its type can.

    Texts are read by the usual forms: numbers, ISO dates and times, true, false, 1 and 0.
    """
    if source == pl.Null:
        return F.lit(None).cast(in_spark(target))
    if source == pl.String:
        return _from_text(F.regexp_replace(raw, SPACE, ""), target)
    if source.is_numeric() or source == pl.Boolean:
        return _from_number(raw, source, target)
    if source.is_temporal() and (target == pl.String or target.base_type() in {pl.Date, pl.Datetime}):
        return raw.cast(in_spark(target))
    return None


def _from_text(text: Column, target: pl.DataType) -> Column | None:
    if target == pl.Boolean:
        small = F.lower(text)
        return F.when(small.isin("true", "1"), F.lit(True)).when(small.isin("false", "0"), F.lit(False))  # noqa: FBT003
    if target == pl.Date:
        return F.when(text.rlike(f"^{DAY}$"), text).try_cast("date")
    if isinstance(target, pl.Datetime):
        plain = F.regexp_replace(text, r"(Z|[+-]00:?00)$", "")
        return F.when(plain.rlike(MOMENT), plain).try_cast("timestamp_ntz")
    if target.is_integer():
        whole = F.when(text.rlike(WHOLE[BITS[str(target)][0]]), text).try_cast("decimal(38,0)")
        return _within(whole, target, whole=True)
    if target.is_float():
        small = F.regexp_replace(F.lower(text), r"^\+", "")
        named = F.when(small.isin("inf", "infinity"), F.lit("Infinity"))
        named = named.when(small.isin("-inf", "-infinity"), F.lit("-Infinity")).when(small.isin("nan", "-nan"), "NaN")
        return F.coalesce(named, F.when(text.rlike(NUMBER), text)).try_cast("double").cast(in_spark(target))
    return text.try_cast(in_spark(target)) if target.is_decimal() else None


def _from_number(raw: Column, source: pl.DataType, target: pl.DataType) -> Column | None:
    if target == pl.Boolean:
        number = raw.cast("double")
        return F.when((number == 0.0) | (number == 1.0), number == 1.0)
    if target.is_integer():
        if source == pl.Boolean:
            return raw.cast(in_spark(target))
        return _within(raw, target, whole=not (source.is_float() or source.is_decimal()))
    if target.is_float() or target == pl.String:
        return raw.cast(in_spark(target))
    return raw.try_cast(in_spark(target)) if target.is_decimal() else None


def _within(number: Column, target: pl.DataType, *, whole: bool) -> Column:
    """Return the numbers that a type of whole numbers has; 2.5 is none of them, though a cast makes it 2."""
    sign, bits = BITS[str(target)]
    low, beyond = (0, 2**bits) if sign else (-(2 ** (bits - 1)), 2 ** (bits - 1))
    least, above = (F.lit(str(limit)).cast("decimal(38,0)") for limit in (low, beyond))
    inside = (number >= least) & (number < above)
    if not whole:
        inside &= F.rint(number.cast("double")) == number.cast("double")
    return F.when(inside, number.try_cast(in_spark(target)))
