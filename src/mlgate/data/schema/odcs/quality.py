"""The quality rules of a data contract: which of mlgate's rules they are, and how many rows may break them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from mlgate.data.schema.schema import Failures, Limit

if TYPE_CHECKING:
    from open_data_contract_standard.model import DataQuality

WARNINGS = {"info", "warning", "warn"}
METRICS = {"nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount"}
OLD = {"duplicateCount": "duplicateValues", "nullCount": "nullValues", "nullCheck": "nullValues"}
OPERATORS = {
    "mustBe": "{}",
    "mustNotBe": "not {}",
    "mustBeGreaterThan": "more than {}",
    "mustBeGreaterOrEqualTo": "at least {}",
    "mustBeLessThan": "less than {}",
    "mustBeLessOrEqualTo": "at most {}",
    "mustBeBetween": "{} to {}",
    "mustNotBeBetween": "not {} to {}",
}


@dataclass(frozen=True)
class RowCount:
    """How many rows a file must have; see `schema.Check`."""

    asked: tuple[tuple[str, tuple[float, ...]], ...]
    warns: bool = False
    name: str = "row_count"
    note: str = ""
    kind: None = None
    arguments: None = None  # whole files are counted by polars
    skips_nulls: bool = True

    @property
    def expected(self) -> str:
        """Say it, such as `more than 100 rows`."""
        return " and ".join(OPERATORS[name].format(*map(_number, bounds)) for name, bounds in self.asked) + " rows"

    def __call__(self, frame: pl.LazyFrame, column: str | None, *, limit: int) -> Failures:  # noqa: ARG002 (of whole files)
        """Return one answer for the file."""
        rows = frame.select(pl.len()).collect(engine="streaming").item()
        return Failures(answers=1, count=int(not all(_holds(rows, name, bounds) for name, bounds in self.asked)))


def metric_of(rule: DataQuality) -> str | None:
    """Return the metric that a rule of the library asks for, by its name of version 3.1; None for any other rule."""
    named = rule.metric or rule.rule
    if rule.type not in {None, "library"} or named is None:
        return None
    metric = OLD.get(named, named)
    return metric if metric in METRICS else None


def warns(rule: DataQuality) -> bool:
    """Whether a broken rule is only told."""
    return (rule.severity or "").lower() in WARNINGS


def limit_of(rule: DataQuality) -> Limit | None:
    """Return how many bad rows a rule allows; None where it asks for anything but few of them."""
    asked = _asked(rule)
    unit = (rule.unit or "rows").lower()
    if asked is None or len(asked) != 1 or unit not in {"rows", "percent"}:
        return None
    (name, bounds), percent = asked[0], unit == "percent"
    most = bounds[-1]
    if name == "mustBeLessThan":
        most = math.nextafter(most, 0) if percent else math.ceil(most) - 1
    elif name == "mustBe":
        most = most if most == 0 else -1  # exactly so many bad rows is another question
    elif name != "mustBeLessOrEqualTo" and not (name == "mustBeBetween" and bounds[0] <= 0):
        return None
    return Limit(most=most, percent=percent, warns=warns(rule)) if most >= 0 else None


def row_count(rule: DataQuality) -> RowCount | None:
    """Return the check of a `rowCount`; None where it compares with no number of rows."""
    asked = _asked(rule)
    return RowCount(asked, warns=warns(rule)) if asked and (rule.unit or "rows").lower() == "rows" else None


def _asked(rule: DataQuality) -> tuple[tuple[str, tuple[float, ...]], ...] | None:
    """List a rule's comparisons; None where one is with something else than numbers."""
    found = []
    for name in OPERATORS:
        value = getattr(rule, name)
        if value is None:
            continue
        bounds = value if isinstance(value, list) else [value]
        if not all(_is_number(one) for one in bounds):
            return None
        found.append((name, tuple(bounds)))
    return tuple(found)


def _holds(rows: int, name: str, bounds: tuple[float, ...]) -> bool:
    first, last = bounds[0], bounds[-1]
    return {
        "mustBe": rows == first,
        "mustNotBe": rows != first,
        "mustBeGreaterThan": rows > first,
        "mustBeGreaterOrEqualTo": rows >= first,
        "mustBeLessThan": rows < first,
        "mustBeLessOrEqualTo": rows <= first,
        "mustBeBetween": first <= rows <= last,
        "mustNotBeBetween": not first <= rows <= last,
    }[name]


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"
