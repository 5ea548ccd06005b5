"""How values of any type are read so that they can be binned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from mlgate.data.types import TEXT

if TYPE_CHECKING:
    from mlgate.data.profile.profile import Kind


def kind_of(dtype: pl.DataType) -> Kind:
    """Say how values of a polars type are binned; of `other` types only nulls are counted."""
    if dtype == pl.Boolean:
        return "boolean"
    if dtype.is_numeric():
        return "number"
    if dtype.is_temporal():
        return "time"
    return "category" if dtype.base_type() in TEXT else "other"


def fits(kind: Kind, dtype: pl.DataType) -> bool:
    """Whether a column of a type can be counted in the bins of a kind; text is binned by category or by its length."""
    found = kind_of(dtype)
    return found == kind or (kind == "text" and found == "category")


def read_values(name: str, dtype: pl.DataType, kind: Kind) -> pl.Expr:
    """Return a column of numbers as they are, of times as microseconds, of texts as lengths, of categories as text."""
    value = pl.col(name)
    if kind == "number":
        return value.cast(pl.Float64) if dtype.is_decimal() or dtype == pl.Int128 else value
    if kind == "time":
        base = dtype.base_type()
        if base in {pl.Date, pl.Datetime}:
            return value.dt.epoch("us")
        return (value.cast(pl.Duration("us")) if base == pl.Duration else value).to_physical()
    if kind == "text":
        return value.cast(pl.String).str.len_chars()
    return value.cast(pl.String)
