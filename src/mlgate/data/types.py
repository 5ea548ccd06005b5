"""The types of columns: one name each, whatever the engine calls them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = (pl.String, pl.Categorical, pl.Enum)


@dataclass(frozen=True)
class Type:
    """A type that a column may be declared as: `target` is what its values are read as."""

    word: str
    target: pl.DataType
    accepts: Callable[[pl.DataType], bool]


def find_type(word: str) -> Type | None:
    """Return the type that a word of pandas, polars or plain Python stands for, or None."""
    plain = word.strip().lower().removeprefix("pl.").removeprefix("polars.")
    plain = _PARAMETERS.sub("", plain)
    return _BY_WORD.get(plain)


def words() -> list[str]:
    """List every word that names a type."""
    return sorted(_BY_WORD)


def _exactly(target: pl.DataType) -> Type:
    return Type(str(target).lower(), target, lambda dtype: dtype == target)


def _any_of(word: str, target: pl.DataType, *classes: type[pl.DataType]) -> Type:
    return Type(word, target, lambda dtype: dtype.base_type() in classes)


_PARAMETERS = re.compile(r"[\[(].*[\])]$")
_INTEGERS = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64, pl.Int128, pl.UInt128)
_NUMBERS = {str(dtype()).lower(): _exactly(dtype()) for dtype in (*_INTEGERS, pl.Float16, pl.Float32, pl.Float64)}
# the unit and the zone of a time, and whether text is kept as a dictionary, are the engine's business
_STRING = _any_of("string", pl.String(), *TEXT)
_CATEGORY = _any_of("category", pl.String(), *TEXT)
_BOOL = _any_of("bool", pl.Boolean(), pl.Boolean)
_DATETIME = _any_of("datetime", pl.Datetime("us"), pl.Datetime)
_DATE = _any_of("date", pl.Date(), pl.Date)
_TIME = _any_of("time", pl.Time(), pl.Time)
_DURATION = _any_of("duration", pl.Duration("us"), pl.Duration)
_BY_WORD: dict[str, Type] = {
    **_NUMBERS,
    "int": _NUMBERS["int64"],
    "integer": _NUMBERS["int64"],
    "float": _NUMBERS["float64"],
    "double": _NUMBERS["float64"],
    **dict.fromkeys(("string", "str", "utf8", "object", "text"), _STRING),
    **dict.fromkeys(("category", "categorical", "enum"), _CATEGORY),
    **dict.fromkeys(("bool", "boolean"), _BOOL),
    **dict.fromkeys(("datetime", "datetime64", "timestamp"), _DATETIME),
    "date": _DATE,
    "time": _TIME,
    **dict.fromkeys(("duration", "timedelta", "timedelta64"), _DURATION),
}
