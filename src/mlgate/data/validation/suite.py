"""Judge a file by a suite of Great Expectations: the columns of one rule at a time, read as any other data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.config.data import EXAMPLES
from mlgate.data import gx
from mlgate.data.files.read import collect
from mlgate.data.validation.names import missing_column
from mlgate.data.validation.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    import polars as pl

    from mlgate.data.schema.suite import Expectation, Suite
    from mlgate.records import Violation

ONE, SEVERAL = ("column", "column_A", "column_B"), "column_list"
EXACT = 2**53  # pandas makes floats of whole numbers beside nulls, which are exact up to here
NAMES = {  # they ask which columns there are, and in which order
    "expect_column_to_exist",
    "expect_table_column_count_to_be_between",
    "expect_table_column_count_to_equal",
    "expect_table_columns_to_match_ordered_list",
    "expect_table_columns_to_match_set",
}
ROWS = {"expect_table_row_count_to_be_between", "expect_table_row_count_to_equal"}


def suite_violations(
    frame: pl.LazyFrame, suite: Suite, *, file: str, key: str | None, limit: int = EXAMPLES
) -> tuple[Violation, ...]:
    """Find every broken rule of `suite` in `frame`, in its order, with at most `limit` example rows each.

    A column that is missing says only that. Raises DataError where the file's bytes turn out to be damaged.
    """
    rows = Rows.of(frame, file=file, key=key, limit=limit)
    present = frame.collect_schema().names()
    groups: dict[tuple[str, ...] | None, list[tuple[int, Expectation]]] = {}
    found: dict[int, Violation] = {}
    absent: set[str] = set()
    for place, one in enumerate(suite.expectations):
        gone = [] if one.rule in NAMES else [name for name in _named(one) if name not in present]
        if gone:
            if gone[0] not in absent:
                found[place] = missing_column(rows, gone[0], present)
            absent.add(gone[0])
        else:
            groups.setdefault(_needed(one, present), []).append((place, one))
    for columns, members in groups.items():
        held = _held(rows, columns)
        answers = gx.ask(held, [one.made for _, one in members], limit=limit)
        for (place, one), answer in zip(members, answers, strict=True):
            if not answer.holds:
                found[place] = _violation(rows, one, answer)
    return tuple(found[place] for place in sorted(found))


def _named(one: Expectation) -> list[str]:
    listed = one.arguments.get(SEVERAL) or []
    return [*(one.arguments[name] for name in ONE if name in one.arguments), *listed]


def _needed(one: Expectation, present: Iterable[str]) -> tuple[str, ...] | None:
    """List the columns whose values a rule reads; None where their names are enough."""
    if one.rule in NAMES:
        return None
    named = set(_named(one))
    condition = str(one.arguments.get("row_condition", ""))  # it spells the columns that it reads
    if not named and one.rule not in ROWS:
        return tuple(present)
    return tuple(name for name in present if name in named or name in condition)


def _held(rows: Rows, columns: tuple[str, ...] | None) -> pd.DataFrame:
    """Read columns into pandas as it would read them itself; their names alone where there are no columns to read."""
    import pandas as pd

    if columns == ():
        return pd.DataFrame(index=pd.RangeIndex(rows.height))
    read = collect(rows.frame.head(0) if columns is None else rows.frame.select(columns), rows.file)
    held = read.to_pandas(date_as_object=True)
    for values in read:
        if values.dtype.is_integer() and values.null_count() and not values.is_between(-EXACT, EXACT).all():
            held[values.name] = pd.Series(values.to_list(), dtype=object)
    return held


def _violation(rows: Rows, one: Expectation, answer: gx.Answer) -> Violation:
    expected = one.expected
    if answer.failed:
        expected += f"; but the expectation itself failed: {answer.failed}"
    elif answer.observed:
        expected += f"; found {answer.observed}"
    count = rows.height if answer.count is None or answer.failed else answer.count
    shown = rows.at(answer.rows, _named(one)) if answer.rows else ()
    return rows.violation(one.column, one.rule, expected, count, shown, severity=one.severity)
