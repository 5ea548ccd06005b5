"""Models of pandera.pandas: what they say holds for any file, and is the same as in polars and in YAML."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandera.config import ValidationDepth, config_context

from mlgate.data.schema.schema import Schema
from mlgate.data.schema.source import load_schema
from mlgate.errors import ConfigError, install
from tests.unit.data.forms import HEAD, judge, model, shown

FIELDS = """
class Flights(pa.DataFrameModel):
    flight_id: str = pa.Field(unique=True, str_length={"min_value": 1, "max_value": 3})
    hour: int = pa.Field(in_range={"min_value": 0, "max_value": 23})
    carrier: str = pa.Field(isin=["AA", "UA"], nullable=True, raise_warning=True)
    temp: float = pa.Field(lt=60, nullable=True)

    @pa.check("hour", element_wise=True)
    def even(cls, value):
        return value % 2 == 0

    class Config:
        strict = True
"""
COLUMNS = """
columns:
  flight_id: {dtype: string, unique: true, str_length: {min_value: 1, max_value: 3}}
  hour:
    dtype: int64
    in_range: {min_value: 0, max_value: 23}
    checks: {"own.py:even": {options: {element_wise: true}}}
  carrier: {dtype: string, nullable: true, isin: {value: [AA, UA], options: {raise_warning: true}}}
  temp: {dtype: float64, nullable: true, checks: {less_than: 60}}
strict: true
"""


def written(folder: Path, text: str) -> Schema:
    """Load a YAML schema."""
    (folder / "schema.yaml").write_text(text, encoding="utf-8")
    return load_schema(folder / "schema.yaml")


def test_one_schema_whatever_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same data breaks the same rules in as many rows, whatever pandera is told by the environment or not told."""
    (tmp_path / "own.py").write_text("def even(value):\n    return value % 2 == 0\n", encoding="utf-8")
    forms = [model(tmp_path, FIELDS), model(tmp_path, FIELDS, "polars"), written(tmp_path, COLUMNS)]
    frame = {
        "flight_id": ["a", "b", "b", "", "long"],
        "hour": [1, 2, 24, None, -1],
        "carrier": ["AA", None, "XX", "UA", "YY"],
        "temp": [None, 59.0, 60.0, 99.0, float("nan")],
        "more": [0, 0, 0, 0, 0],
    }
    for name in ("PANDERA_VALIDATION_DEPTH", "PANDERA_VALIDATION_ENABLED"):
        monkeypatch.delenv(name, raising=False)
    found = [judge(form, frame) for form in forms]
    with config_context(validation_enabled=False, validation_depth=ValidationDepth.SCHEMA_ONLY):
        found += [judge(form, frame) for form in forms]
    assert all(one == found[0] for one in found)
    assert shown(found[0]) == {
        ("more", "column_unexpected"): (5, []),
        ("hour", "nullable"): (1, [3]),
        ("flight_id", "unique"): (2, [1, 2]),
        ("flight_id", "str_length"): (2, [3, 4]),
        ("hour", "in_range"): (2, [2, 4]),
        ("hour", "even"): (2, [0, 4]),
        ("carrier", "isin"): (2, [2, 4]),
        ("temp", "less_than"): (3, [2, 3, 4]),
    }
    assert {one.rule for one in found[0] if one.severity == "warn"} == {"isin"}
    assert len({form.rules for form in forms}) == 1


NUMBERS = st.integers(-3, 3)
TEXTS = st.text("ab", max_size=3)
OF_NUMBERS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("eq", "ne", "gt", "ge", "lt", "le"), NUMBERS),
    "isin": st.lists(NUMBERS, min_size=1, max_size=3),
    "notin": st.lists(NUMBERS, min_size=1, max_size=3),
    "unique_values_eq": st.lists(NUMBERS, min_size=1, max_size=3),
    "in_range": st.fixed_dictionaries(
        {"min_value": st.integers(-3, 0), "max_value": st.integers(1, 3)},
        optional={"include_min": st.booleans(), "include_max": st.booleans()},
    ),
}
OF_TEXTS: dict[str, st.SearchStrategy[Any]] = {
    "eq": TEXTS,
    "ne": TEXTS,
    "isin": st.lists(TEXTS, min_size=1, max_size=3),
    "notin": st.lists(TEXTS, min_size=1, max_size=3),
    "str_matches": st.sampled_from(["a", "^a+$", "[ab]b", "b?a"]),
    "str_contains": st.sampled_from(["a", "ab", "a$"]),
    "str_startswith": TEXTS,
    "str_endswith": TEXTS,
    "str_length": st.fixed_dictionaries({"min_value": st.integers(0, 1), "max_value": st.integers(1, 3)}),
}
KINDS: dict[str, tuple[str, st.SearchStrategy[Any], dict[str, st.SearchStrategy[Any]]]] = {
    "int": ("int64", NUMBERS, OF_NUMBERS),
    "float": ("float64", st.one_of(NUMBERS.map(float), st.just(float("nan"))), OF_NUMBERS),
    "str": ("string", TEXTS, OF_TEXTS),
}
TYPES = {"int": pl.Int64, "float": pl.Float64, "str": pl.String}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), kind=st.sampled_from(sorted(KINDS)), flags=st.tuples(st.booleans(), st.booleans()))
def test_three_forms_of_a_schema_agree(
    tmp_path: Path, data: st.DataObject, kind: str, flags: tuple[bool, bool]
) -> None:
    """On any column, any built-in checks find the same in a pandas model, a polars model and a YAML file."""
    import yaml

    word, cells, known = KINDS[kind]
    names = data.draw(st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=3, unique=True))
    checks = {name: data.draw(known[name], label=name) for name in names}
    given = {**checks, "nullable": flags[0], "unique": flags[1]}
    fields = ", ".join(f"{key}={value!r}" for key, value in given.items())
    body = f"class Flights(pa.DataFrameModel):\n    a: {kind} = pa.Field({fields})\n"
    column = {"dtype": word, "nullable": flags[0], "unique": flags[1], "checks": checks}
    forms = [
        model(tmp_path, body),
        model(tmp_path, body, "polars"),
        written(tmp_path, yaml.safe_dump({"columns": {"a": column}})),
    ]
    values = data.draw(st.lists(st.one_of(st.none(), cells), max_size=8), label="values")
    frame = pl.LazyFrame({"a": pl.Series(values, dtype=TYPES[kind])})
    pandas, polars, text = (judge(form, frame) for form in forms)
    assert pandas == polars
    assert shown(text) == shown(pandas)  # their order is that of the checks as they are written


ORACLE = """
class Flights(pa.DataFrameModel):
    a: int = pa.Field(ge=0, isin=[-1, 0, 1, 2])
    b: float = pa.Field(lt=2, nullable=True)
    c: str = pa.Field(nullable=True, str_startswith="a")

    @pa.check("a", "b")
    def above(cls, s):
        return s >= s.mean()

    @pa.check("b", "c", element_wise=True)
    def odd(cls, value):
        return len(str(value)) % 2 == 1

    @pa.check("a")
    def once(cls, s):
        return s.sum() >= 0

    @pa.dataframe_check
    def rows(cls, f):
        return f["a"] != f["b"]
"""
ROWS_OF_THREE = st.tuples(NUMBERS, st.one_of(st.none(), NUMBERS.map(float)), st.one_of(st.none(), TEXTS))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS_OF_THREE, min_size=1, max_size=8))
def test_pandera_finds_the_same_in_pandas(tmp_path: Path, rows: list[tuple[Any, ...]]) -> None:
    """On any rows, pandera.pandas itself breaks the same rules, in as many rows, the user's own checks among them."""
    import pandas as pd
    import pandera.pandas as pa

    schema = model(tmp_path, ORACLE)
    frame = pl.DataFrame(rows, schema={"a": pl.Int64, "b": pl.Float64, "c": pl.String}, orient="row")
    names: dict[str, Any] = {}
    exec(HEAD.format(engine="pandas") + ORACLE, names)  # noqa: S102 (the text above)
    pandas = pd.DataFrame({name: pd.Series(frame[name].to_list()) for name in frame.columns})
    theirs: dict[tuple[str | None, str], set[Any]] = {}
    try:
        names["Flights"].validate(pandas.astype({"a": "int64", "b": "float64", "c": "str"}), lazy=True)
    except pa.errors.SchemaErrors as error:
        for row in error.failure_cases.to_dict("records"):
            rule = str(row["check"]).partition("(")[0]
            of_rows = row["schema_context"] == "DataFrameSchema"
            theirs.setdefault((None if of_rows else row["column"], rule), set()).add(row["index"])
    # one answer has no row there, and stands for all of them here
    expected = {key: len(rows) if found == {None} else len(found) for key, found in theirs.items()}
    assert {key: count for key, (count, _) in shown(judge(schema, frame.lazy())).items()} == expected


def test_what_pandas_says_beyond_types_holds(tmp_path: Path) -> None:
    """Categories are the values that may be; a pattern matches from the beginning of a name; columns are optional."""
    fields = """
    class Flights(pa.DataFrameModel):
        c: pd.CategoricalDtype = pa.Field(dtype_kwargs={"categories": ["x", "y"], "ordered": False})
        d: Optional[int] = pa.Field(ge=0)
        n: int = pa.Field(alias="n_|m", regex=True, ge=0)
        t: pd.Timestamp = pa.Field(ge=pd.Timestamp("2013-05-01"))
        s: str = pa.Field(str_matches=re.compile("[a-z]+"))
    """
    frame = pl.LazyFrame({"c": ["x", "z"], "n_1": [0, -1], "m2": [-1, 0], "t": ["2013-05-01", "2013-04-01"],
                          "s": ["a", "1"]})  # fmt: skip
    assert shown(judge(model(tmp_path, fields), frame.with_columns(pl.col("t").str.to_datetime()))) == {
        ("c", "isin"): (1, [1]),
        ("n_1", "greater_than_or_equal_to"): (1, [1]),
        ("m2", "greater_than_or_equal_to"): (1, [0]),
        ("t", "greater_than_or_equal_to"): (1, [1]),
        ("s", "str_matches"): (1, [1]),
    }


REFUSED = {
    "i: pa.typing.Index[int]\n    a: int": "an index, and files have none (make it a column)",
    "i: pa.typing.Index[int]\n    j: pa.typing.Index[int]": "an index, and files have none",
    "a: complex": "type complex128 of column 'a', which no data file holds",
    "a: int = pa.Field(default=3)": "a default of column a",
    "a: str = pa.Field(str_matches='(?=a)')": "check str_matches of column 'a', whose pattern polars does not take",
    "a: int\n    b: int\n    @pa.check('a', groupby='b')\n    def own(cls, g): ...": "compares groups of rows",
    "a: int\n    @pa.parser('a')\n    def own(cls, s):\n        return s": "parsers of column a",
    "a: int\n    class Config:\n        drop_invalid_rows = True": "drop_invalid_rows in its Config",
    "a: int = pa.Field(alias=('x', 'y'))": "column ('x', 'y'), and files have no columns of several levels",
}


@pytest.mark.parametrize("body", REFUSED)
def test_what_cannot_be_followed_is_refused_before_anything_runs(tmp_path: Path, body: str) -> None:
    """Loading it is a ConfigError that names the file, what is asked for, and what to do."""
    with pytest.raises(ConfigError) as caught:
        model(
            tmp_path,
            f"import pandera.typing\npa.typing = pandera.typing\nclass Flights(pa.DataFrameModel):\n    {body}\n",
        )
    assert REFUSED[body] in caught.value.message
    assert str(tmp_path / "pandas_flights.py") in caught.value.message
    assert "remove it: mlgate judges the file as it is" in caught.value.hint


def test_without_pandas_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hint says what to install."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ConfigError) as caught:
        model(tmp_path, "class Flights(pa.DataFrameModel):\n    a: int\n")
    assert caught.value.hint == install("pandas")
