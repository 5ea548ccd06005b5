"""The user's own checks in models of pandera.pandas: what each is shown, and what its answers mean."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.unit.data.forms import judge, model, shown

OF_A_COLUMN = {
    "of values": ("return s % 2 == 0", (2, [0, 4])),
    "of the index": ("return pd.Series(s.index != 4, index=s.index)", (1, [4])),
    "with nulls": ("return (s % 2 == 0).astype('boolean').mask(s == 3)", (2, [0, 4])),
    "once": ("return bool(s.max() < 3)", (5, [])),
    "once, of numpy": ("return (s < 3).all()", (5, [])),
    "of groups": ("return s.groupby(s.map(lambda v: f'{v % 2}')).mean() > 5", (5, [])),
    "sums": ("assert s.dtype == 'int64' and s.notna().all(); return s > s.sum()", (4, [0, 1, 2, 4])),
}


@pytest.mark.parametrize("way", OF_A_COLUMN)
def test_a_check_gets_the_column_as_a_series(tmp_path: Path, way: str) -> None:
    """Of the declared type, without its nulls but with the numbers of its rows; it answers for each, or once."""
    body, expected = OF_A_COLUMN[way]
    fields = f"""
    class Flights(pa.DataFrameModel):
        a: int = pa.Field(nullable=True)

        @pa.check("a")
        def own(cls, s):
            '''a good value'''
            {body}
    """
    (found,) = judge(model(tmp_path, fields), {"a": [1, 2, 4, None, 3]})
    assert (found.rule, found.expected) == ("own", "a good value")
    assert shown([found]) == {("a", "own"): expected}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return 'yes'", "it returned str, not a Boolean"),
        ("return s.x", "AttributeError"),
        ("return s[s > 1] > 0", "it gave 1 answers for 2 rows"),
        ("return (s > 0)[:0]", "it gave 0 answers for 2 rows"),
        ("return pd.concat([s > 0, s > 0])", "it gave 4 answers for 2 rows"),
        ("raise SystemExit(0)", "SystemExit"),
    ],
)
def test_a_check_that_fails_is_a_violation(tmp_path: Path, body: str, message: str) -> None:
    """And so is one that gives no answer."""
    fields = (
        f"class Flights(pa.DataFrameModel):\n    a: int\n    @pa.check('a')\n    def own(cls, s):\n        {body}\n"
    )
    (found,) = judge(model(tmp_path, fields), {"a": [1, 2]})
    assert found.count == 2
    assert message in found.expected


SEEN: dict[str, tuple[pl.Series, str]] = {
    "pd.CategoricalDtype": (pl.Series(["x", "y"]), "s.dtype == 'category'"),
    "pd.Int64Dtype": (pl.Series([1, 2]), "s.dtype == 'Int64'"),
    "str": (pl.Series(["x", "y"]), "s.str.len().eq(1).all()"),
    "object": (pl.Series(["x", "y"]), "s.dtype == object"),
    "bool": (pl.Series([True, False]), "s.dtype == bool"),
    "pd.Timestamp": (pl.Series(["2013-05-01"]).str.to_datetime(), "s.dt.year.eq(2013).all()"),
    "pa.Date": (pl.Series(["2013-05-01"]).str.to_date(), "s.iloc[0].year == 2013"),
    "pa.Float32": (pl.Series([1.5], dtype=pl.Float32), "s.dtype == 'float32'"),
}


@pytest.mark.parametrize("word", SEEN)
def test_a_check_sees_the_declared_type(tmp_path: Path, word: str) -> None:
    """Its accessors, such as those of categories and times, are there."""
    values, expected = SEEN[word]
    fields = f"class Flights(pa.DataFrameModel):\n    a: {word}\n    @pa.check('a')\n    def own(cls, s):\n"
    schema = model(tmp_path, f"{fields}        return bool({expected})\n")
    assert judge(schema, {"a": values}) == []
    assert [one.rule for one in judge(schema, {"a": [[1]]})] == ["dtype"]


def test_a_check_of_one_value_gets_plain_python(tmp_path: Path) -> None:
    """Whole numbers stay whole beside nulls, times are datetimes, and neither null nor NaN is asked about."""
    fields = """
    class Flights(pa.DataFrameModel):
        a: int = pa.Field(nullable=True)
        t: pd.Timestamp
        x: float = pa.Field(nullable=True)

        @pa.check("a", "t", "x", element_wise=True)
        def plain(cls, value):
            return type(value).__name__ in ("int", "datetime", "float") and value == value
    """
    frame = pl.LazyFrame({"a": [1, None], "t": ["2013-05-01", "2013-05-02"], "x": [1.5, float("nan")]})
    assert judge(model(tmp_path, fields), frame.with_columns(pl.col("t").str.to_datetime())) == []


OF_ROWS = {
    "a series": ("", "return f['a'] < f['b']", (2, [1, 2])),
    "once": ("", "return bool(f['a'].sum() == 0)", (3, [])),
    "cells": ("", "return f < 5", (1, [1])),
    "row by row": ("element_wise=True", "return row['a'] < row['b']", (2, [1, 2])),
    "its columns": ("", "return list(f.columns) == ['a', 'b', 'x_1']", None),
}


@pytest.mark.parametrize("way", OF_ROWS)
def test_a_check_of_rows_gets_the_columns_of_the_schema(tmp_path: Path, way: str) -> None:
    """As a frame, or each row as a Series."""
    options, body, expected = OF_ROWS[way]
    fields = f"""
    class Flights(pa.DataFrameModel):
        a: int
        b: int
        xs: int = pa.Field(alias="x_", regex=True)

        @pa.dataframe_check({options})
        def own(cls, {"row" if options else "f"}):
            {body}
    """
    found = judge(model(tmp_path, fields), {"a": [1, 9, 3], "b": [2, 3, 1], "other": ["", "", ""], "x_1": [0, 0, 0]})
    assert shown(found) == ({} if expected is None else {(None, "own"): expected})


def test_a_check_of_rows_needs_no_named_column(tmp_path: Path) -> None:
    """Without columns in the schema it gets all of the file's; where none of the named is there, it says so."""
    own = "    @pa.dataframe_check\n    def own(cls, f):\n        return f['b'] > 1\n"
    schema = model(tmp_path, f"class Flights(pa.DataFrameModel):\n{own}")
    assert shown(judge(schema, {"a": [1, 2], "b": [1, 2]})) == {(None, "own"): (1, [0])}
    schema = model(tmp_path, f"class Flights(pa.DataFrameModel):\n    c: Optional[int]\n{own}")
    (found,) = judge(schema, {"b": [2, 2]})
    assert (found.count, "none of the schema's columns is there" in found.expected) == (2, True)


def test_what_a_check_holds_in_memory_is_told(tmp_path: Path) -> None:
    """A column, all of them, or only a batch of rows."""
    fields = """
    class Flights(pa.DataFrameModel):
        a: int = pa.Field(ge=0)

        @pa.check("a")
        def column(cls, s):
            return s > 0

        @pa.check("a", element_wise=True)
        def value(cls, v):
            return v > 0

        @pa.dataframe_check
        def frame(cls, f):
            return True
    """
    less = "in memory; checks of pandera.polars need not"
    assert model(tmp_path, fields).notes == (
        f"pandas_flights.py: column holds a column as a pandas Series {less}",
        "pandas_flights.py: value runs row by row in Python (element_wise); a check on whole columns is faster",
        f"pandas_flights.py: frame holds all columns of the schema as a pandas frame {less}",
    )
