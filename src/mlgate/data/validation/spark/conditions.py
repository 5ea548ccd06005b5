"""Each built-in check as a condition on a Spark column, with the meaning that it has in polars."""

from __future__ import annotations

import operator
import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
from pyspark.sql import functions as F  # noqa: N812 (Spark's own convention)

from mlgate.data.schema.checks import CHECKS
from mlgate.data.validation.spark.patterns import to_java
from mlgate.data.validation.spark.types import in_spark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyspark.sql import Column

COMPARISONS = {
    "equal_to": operator.eq,
    "not_equal_to": operator.ne,
    "greater_than": operator.gt,
    "greater_than_or_equal_to": operator.ge,
    "less_than": operator.lt,
    "less_than_or_equal_to": operator.le,
}
LISTS = frozenset({"isin", "notin", "unique_values_eq"})
DIGITS = 38  # of Spark's largest whole number


def refusal(name: str, arguments: Mapping[str, Any], dtype: pl.DataType) -> str | None:
    """Say why a check cannot be asked of values of a type; None where it can."""
    signature = CHECKS[name]
    if "pattern" in arguments and to_java(_text(arguments["pattern"])) is None:
        return f"the pattern {_text(arguments['pattern'])[:80]!r} may mean something else in Java"
    if dtype == pl.Null:
        return None
    if signature.text_only:
        return None if dtype == pl.String else "it reads text"
    for value in _values(name, arguments):
        if not _comparable(value, dtype, listed=name in LISTS):
            return f"{str(value)[:80]!r} is no value of such a column"
    return None


def holds(name: str, arguments: Mapping[str, Any], value: Column, dtype: pl.DataType) -> Column:
    """Return the condition for a good value of a type, null where it says nothing: of a null."""
    if dtype == pl.Null:
        return F.lit(None).cast("boolean")
    if CHECKS[name].text_only:
        return _of_text(name, arguments, value)
    if name in LISTS:
        found = among(value, list(next(iter(arguments.values()))), dtype)
        return ~found if name == "notin" else found
    if name in COMPARISONS:
        (limit,) = arguments.values()
        compared: Column = COMPARISONS[name](value, _literal(limit, dtype))
        return compared
    low, high = (_literal(arguments[key], dtype) for key in ("min_value", "max_value"))
    above = value >= low if arguments.get("include_min", True) else value > low
    below = value <= high if arguments.get("include_max", True) else value < high
    return above & below


def other_values(values: list[Any], value: Column, dtype: pl.DataType) -> Column:
    """Return, over all rows, whether a column's values are others than these: one too many, or one that is missing."""
    if dtype == pl.Null or not values:
        return F.lit(bool(values)) if dtype == pl.Null else F.count(value) > 0
    found = F.count_if(~among(value, values, dtype)) > 0
    for one in values:
        found |= F.count_if(among(value, [one], dtype)) == 0
    return found


def among(value: Column, values: list[Any], dtype: pl.DataType) -> Column:
    """Return whether a value is one of several; as polars does, a short float is looked for among long ones."""
    if not values:
        return F.when(value.isNotNull(), F.lit(False))  # noqa: FBT003 (a literal)
    if not dtype.is_float():
        return value.isin([_literal(one, dtype) for one in values])
    # adding nothing makes the two zeros one: Spark looks many values up by their bits
    return (value.cast("double") + F.lit(0.0)).isin([F.lit(float(one) + 0.0) for one in values])


def _of_text(name: str, arguments: Mapping[str, Any], value: Column) -> Column:
    if name == "str_startswith":
        return value.startswith(F.lit(arguments["string"]))
    if name == "str_endswith":
        return value.endswith(F.lit(arguments["string"]))
    if name == "str_length":
        return _of_length(arguments, F.char_length(value))
    pattern = _text(arguments["pattern"])
    # pandera matches at the start by writing ^ before the pattern, whatever follows
    if name == "str_matches" and not pattern.startswith("^"):
        pattern = f"^{pattern}"
    return value.rlike(to_java(pattern) or pattern)


def _of_length(arguments: Mapping[str, Any], length: Column) -> Column:
    if arguments.get("exact_value") is not None:
        return length == F.lit(arguments["exact_value"])
    low, high = arguments.get("min_value"), arguments.get("max_value")
    at_least = length >= F.lit(0 if low is None else low)
    return at_least if high is None else at_least & (length <= F.lit(high))


def _values(name: str, arguments: Mapping[str, Any]) -> Iterator[object]:
    for key, kind in CHECKS[name].required.items():
        if kind in {"value", "values"}:
            yield from arguments[key] if kind == "values" else [arguments[key]]


def _comparable(value: object, dtype: pl.DataType, *, listed: bool) -> bool:
    if dtype.is_numeric():
        if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
            return False
        inexact = listed and dtype.is_decimal() and isinstance(value, float)
        return not inexact and not (isinstance(value, int) and len(str(abs(value))) > DIGITS)
    if dtype.is_temporal():
        if type(value) is date:
            return dtype == pl.Date or not listed
        if not isinstance(value, datetime) or (dtype == pl.Date and listed):
            return False
        return bool(getattr(dtype, "time_zone", None)) == (value.tzinfo is not None)
    return isinstance(value, str) if dtype == pl.String else dtype == pl.Boolean and isinstance(value, bool)


def _literal(value: Any, dtype: pl.DataType) -> Column:  # noqa: ANN401 (whatever a schema compares with)
    """Write a value so that Spark compares it with a column of a type as polars does."""
    if isinstance(value, datetime):  # as text: pyspark would read a moment without a zone as one of this machine's
        return F.lit(value.isoformat(sep=" ")).cast("timestamp" if value.tzinfo else "timestamp_ntz")
    if isinstance(value, date):
        return F.lit(value.isoformat()).cast("date")
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**63:
        return F.lit(str(value)).cast(f"decimal({DIGITS},0)")
    return F.lit(value).cast(in_spark(dtype)) if dtype.is_float() and value is not None else F.lit(value)


def _text(pattern: str | re.Pattern[str]) -> str:
    return pattern.pattern if isinstance(pattern, re.Pattern) else pattern
