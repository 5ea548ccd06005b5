"""Whether a column's values can be read as another type, value by value."""

from __future__ import annotations

import polars as pl

from mlgate.data.types import TEXT

_TRUTH = {"true": True, "false": False, "1": True, "0": False}


def as_type(column: str, source: pl.DataType, target: pl.DataType) -> pl.Expr | None:
    """Return `column` read as `target`, null where a value cannot be; None where no value of its type can."""
    value = pl.col(column)
    if source == pl.Null:
        return value.cast(target)
    if source.base_type() in TEXT:
        return _from_text(value.cast(pl.String).str.strip_chars(), target)
    if source.is_numeric() or source == pl.Boolean:
        return _from_number(value, source, target)
    if source.is_temporal():
        if target == pl.String:
            return value.cast(pl.String)
        moments = {pl.Date, pl.Datetime}
        return value.cast(target, strict=False) if {source.base_type(), target.base_type()} <= moments else None
    return None


def as_moment(column: str) -> pl.Expr:
    """Return a column of text read as dates or times, null where a value is none."""
    return _moment(pl.col(column).str.strip_chars())


def _moment(value: pl.Expr) -> pl.Expr:
    # explicit formats: polars would infer one from the first value, and fail where it cannot
    formats = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")
    text = value.str.replace(r"(Z|[+-]00:?00)$", "")
    moments = [text.str.to_datetime(form, strict=False, time_unit="us") for form in formats]
    return pl.coalesce(*moments, text.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us")))


def _from_text(value: pl.Expr, target: pl.DataType) -> pl.Expr | None:
    if target == pl.String:
        return value
    if target == pl.Boolean:
        return value.str.to_lowercase().replace_strict(_TRUTH, default=None, return_dtype=pl.Boolean)
    if target == pl.Date:
        return value.str.to_date("%Y-%m-%d", strict=False)
    if isinstance(target, pl.Datetime):
        return _moment(value)
    if target == pl.Time:
        return value.str.to_time("%H:%M:%S%.f", strict=False)
    return value.cast(target, strict=False) if target.is_numeric() else None


def _from_number(value: pl.Expr, source: pl.DataType, target: pl.DataType) -> pl.Expr | None:
    if target == pl.String:
        return value.cast(pl.String)
    if target == pl.Boolean:
        return pl.when(value.cast(pl.Float64).is_in([0.0, 1.0])).then(value.cast(pl.Float64) == 1)
    if not target.is_numeric():
        return None
    converted = value.cast(target, strict=False)
    if target.is_integer() and (source.is_float() or source.is_decimal()):
        # 2.5 is no integer, though a cast makes it 2
        return pl.when(converted.cast(pl.Float64) == value.cast(pl.Float64)).then(converted)
    return converted
