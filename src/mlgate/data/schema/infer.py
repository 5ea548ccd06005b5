"""Draft a schema from data: what a person would write down first, to be corrected by one."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import polars as pl
import yaml

from mlgate.data.files.read import collect
from mlgate.data.profile.profile import distinct
from mlgate.data.profile.profiling import profile
from mlgate.data.types import TEXT

if TYPE_CHECKING:
    from mlgate.data.profile.profile import ColumnProfile

FEW = 20  # values that are listed, where each is seen OFTEN
OFTEN = 5
WHOLE = 50  # different whole numbers, up to which their range is taken as it is
HUGE, WIDEST = 1e300, 2**62  # of numbers, and of whole ones: beyond it no range is drafted
SLACK = 0.5  # of the range seen: how far beyond it a range reaches
IDENTIFIER = re.compile(r"(^|_)(id|key|uuid|guid)$", re.IGNORECASE)
HEAD = """\
# Drafted from {file} ({rows:,} rows) by `mlgate infer-schema`. A draft knows what was there, not what is right:
# correct the ranges and the lists of values, and delete what does not matter. docs/data.md names every check.
"""


def infer(frame: pl.LazyFrame, *, file: str) -> str:
    """Write a schema in YAML that the data satisfies, its columns in the order of their names.

    Ranges reach beyond what was seen, since the next extreme is only a matter of time; a number that never was
    negative stays so. Raises DataError where the file's bytes turn out to be damaged.
    """
    found, types = profile(frame), frame.collect_schema()
    unique = _identifiers(frame, found.columns, found.rows)
    lines = [HEAD.format(file=_one_line(file), rows=found.rows), "columns:\n"]
    for name in sorted(found.columns):
        column = found.columns[name]
        lines.append(f"  {_flow(name)}:{_comment(_seen(column, found.rows))}\n")
        lines += [f"    {line}\n" for line in _described(column, types[name], unique=name in unique)]
    lines.append("strict: true # a column that is not named here is an error\n")
    return "".join(lines)


def _identifiers(frame: pl.LazyFrame, columns: dict[str, ColumnProfile], rows: int) -> set[str]:
    """Find the columns that are called like identifiers and hold no value twice."""
    asked = [
        name
        for name, column in columns.items()
        if IDENTIFIER.search(name) and column.kind != "other" and not column.nulls and not column.nans
    ]
    if not asked or rows < OFTEN:
        return set()
    counts = collect(frame.select(pl.col(name).n_unique().alias(name) for name in asked), "the data")
    return {name for name in asked if counts[name].item() == rows}


def _described(column: ColumnProfile, dtype: pl.DataType, *, unique: bool) -> list[str]:
    word = _word(dtype)
    lines = [f"dtype: {word}"] if word else []
    if column.nulls or column.nans:
        lines.append(f"nullable: true # {_share(column.nulls + column.nans, column.rows)} missing")
    if unique:
        lines.append("unique: true")
    checks = {} if unique else _checks(column, dtype)
    if checks:
        lines.append("checks:")
        lines += [f"  {name}: {_flow(arguments)}" for name, arguments in checks.items()]
    return lines or ["{}"]


def _checks(column: ColumnProfile, dtype: pl.DataType) -> dict[str, Any]:
    if column.kind == "category":
        told = list(column.categories)
        listed = 0 < len(told) <= FEW and not column.others and min(column.counts[: len(told)]) >= OFTEN
        return {"isin": sorted(told)} if listed else {}
    if column.kind == "text" and column.maximum is not None and column.minimum is not None:
        if column.minimum == column.maximum:
            return {"str_length": {"exact_value": int(column.maximum)}}
        return {
            "str_length": {
                "min_value": 0 if column.minimum == 0 else 1,
                "max_value": int(_outwards(2 * column.maximum)),
            }
        }
    if column.kind == "number" and column.minimum is not None and column.maximum is not None:
        if column.infinite or column.nans:  # neither is within any range
            return {}
        low, high = _range(column, whole=dtype.is_integer())
        largest = WIDEST if dtype.is_integer() else HUGE
        return {"in_range": {"min_value": low, "max_value": high}} if low < high and max(high, -low) < largest else {}
    return {}


def _range(column: ColumnProfile, *, whole: bool) -> tuple[float, float]:
    low, high = column.minimum or 0.0, column.maximum or 0.0
    few = distinct(column)
    if whole and few is not None and few <= WHOLE and high - low < 10 * WHOLE:
        return int(low), int(high)
    room = SLACK * (high - low)
    wide = _outwards(low - room), _outwards(high + room)
    if low >= 0:
        wide = 0.0, wide[1]
        if high <= 1 and not whole:
            wide = 0.0, 1.0
    return (int(wide[0]), int(wide[1])) if whole and math.isfinite(wide[1] - wide[0]) else wide


def _outwards(value: float) -> float:
    """Round away from 0 to two digits that count."""
    if not value or not abs(value) < HUGE:
        return value
    step = 10.0 ** (math.floor(math.log10(abs(value))) - 1)
    if not step:  # the value is among the smallest that there are
        return value
    rounded = math.copysign(math.ceil(abs(value) / step) * step, value)
    return float(f"{rounded:.12g}")


def _seen(column: ColumnProfile, rows: int) -> str:
    """Say what was there, for a person to judge the draft by."""
    if not rows or column.rows == column.nulls:
        return "no values"
    values = distinct(column)
    said = [f"{'about ' if values >= 256 else ''}{values:,} different" if values else ""]
    if column.kind == "number" and column.minimum is not None:
        said.append(f"from {column.minimum:.6g} to {column.maximum:.6g}")
    if column.kind == "text" and column.minimum is not None and column.maximum is not None:
        said.append(f"{column.minimum:g} to {column.maximum:g} characters")
    return ", ".join(filter(None, said))


def _word(dtype: pl.DataType) -> str:
    """Name a type so that every engine knows the word; nothing for one that none has in common."""
    base = dtype.base_type()
    if base in TEXT:
        return "string"
    if base == pl.Datetime:
        return "datetime"
    if dtype.is_numeric() and not dtype.is_decimal():
        return str(dtype).lower()
    return {pl.Boolean: "bool", pl.Date: "date", pl.Time: "time", pl.Duration: "duration"}.get(base, "")


def _share(count: int, rows: int) -> str:
    return f"{count / rows:.2%}"


def _comment(text: str) -> str:
    return f" # {_one_line(text)}" if text else ""


def _one_line(text: str) -> str:
    return " ".join(re.sub(r"[^\x20-\x7e\u00a0-\u024f]", "?", text).split())[:200]


def _flow(value: object) -> str:
    """Write a value on one line as YAML reads it back."""
    plain, quoted = (
        yaml.safe_dump(value, default_flow_style=True, default_style=style, width=math.inf, sort_keys=False)
        for style in (None, '"')
    )
    text = plain.removesuffix("\n").removesuffix("\n...")
    return quoted.removesuffix("\n") if "\n" in text else text
