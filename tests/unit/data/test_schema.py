"""Schemas: one YAML file for any engine, a model of the user's own, and errors that name the line."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import Any

import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlgate.data.schema.schema import Schema
from mlgate.data.schema.source import load_schema
from mlgate.data.validation.rules import violations
from mlgate.errors import ConfigError

GOOD = """
schema_type: dataframe
columns:
  flight_id: {dtype: string, unique: true}
  hour: {dtype: int64, checks: {in_range: {min_value: 0, max_value: 23}}}
  carrier: {dtype: category, checks: {isin: [AA, UA]}}
  temp: {dtype: float64, nullable: true, greater_than: -60}
  day: {dtype: date, required: false, checks: {ge: 2013-01-01}}
strict: true
unique: [flight_id, hour]
"""


def written(folder: Path, text: str, name: str = "schema.yaml") -> Path:
    """Write a schema file."""
    path = folder / name
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def test_a_schema_holds_what_the_file_says(tmp_path: Path) -> None:
    """Columns, flags, checks, strictness and unique groups are read as written, with pandera's defaults."""
    schema = load_schema(written(tmp_path, GOOD))
    columns = {column.name: column for column in schema.columns}
    assert list(columns) == ["flight_id", "hour", "carrier", "temp", "day"]
    assert columns["flight_id"].unique
    assert columns["temp"].nullable
    assert not columns["hour"].nullable
    assert not columns["day"].required
    assert [check.expected for check in columns["hour"].checks] == ["from 0 to 23"]
    assert [check.expected for check in columns["day"].checks] == ["at least 2013-01-01"]
    assert (schema.strict, schema.unique, schema.rules) == (True, (("flight_id", "hour"),), 20)


def test_a_check_that_only_warns_is_told_and_does_not_judge(tmp_path: Path) -> None:
    """With `raise_warning` a broken check is a warning, and one that holds is not counted among those that judge."""
    text = "columns: {a: {checks: {ge: {value: 0, options: {raise_warning: %s}}}}}"
    quiet, loud = (load_schema(written(tmp_path, text % word)) for word in ("true", "false"))
    frame = pl.LazyFrame({"a": [-1]})
    (warning,) = violations(frame, quiet, file="d.parquet", key="a")
    (broken,) = violations(frame, loud, file="d.parquet", key="a")
    assert (warning.severity, warning.judges, warning.count) == ("warn", False, 1)
    assert (broken.severity, broken.judges) == ("error", True)
    assert loud.rules - quiet.rules == 1


def test_nulls_break_a_check_that_does_not_ignore_them(tmp_path: Path) -> None:
    """With `ignore_na: false` a null is no good value, even where the column may hold some."""
    text = "columns: {a: {nullable: true, checks: {ge: {value: 0, options: {ignore_na: %s}}}}}"
    lenient, severe = (load_schema(written(tmp_path, text % word)) for word in ("true", "false"))
    frame = pl.LazyFrame({"a": [1, None]})
    assert violations(frame, lenient, file="d.parquet", key="a") == ()
    (broken,) = violations(frame, severe, file="d.parquet", key="a")
    assert (broken.count, [row.row for row in broken.examples]) == (1, [1])


WORDS: dict[str, Any] = {
    "Int64": pl.Int64, "int64": pl.Int64, "int": pl.Int64, "int32": pl.Int32, "UInt8": pl.UInt8,
    "float64": pl.Float64, "Float32": pl.Float32, "str": pl.String, "string": pl.String, "object": pl.String,
    "String": pl.String, "string[python]": pl.String, "bool": pl.Boolean, "boolean": pl.Boolean,
    "datetime64[ns]": pl.Datetime("ns"), "datetime64[ns, UTC]": pl.Datetime("us", "UTC"),
    "Datetime(time_unit='us', time_zone=None)": pl.Datetime("ms"), "date": pl.Date, "category": pl.Categorical,
}  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_a_type_has_the_words_of_every_engine(tmp_path: Path, word: str) -> None:
    """A column of the type that a word stands for in pandas or polars satisfies a schema with that word."""
    schema = load_schema(written(tmp_path, f'columns: {{a: {{dtype: "{word}", nullable: true}}}}'))
    frame = pl.LazyFrame({"a": pl.Series([None], dtype=WORDS[word])})
    assert violations(frame, schema, file="d.parquet", key="a") == ()
    other = pl.LazyFrame({"a": pl.Series([[1]])})
    assert [found.rule for found in violations(other, schema, file="d.parquet", key="a")] == ["dtype"]


def test_what_pandera_writes_is_read(tmp_path: Path) -> None:
    """The YAML that pandera itself makes of a polars schema loads, and judges the same."""
    theirs = pa.DataFrameSchema(
        {
            "a": pa.Column(pl.Int64, [pa.Check.ge(0), pa.Check.isin([1, 2, 3])], unique=True),
            "b": pa.Column(pl.String, pa.Check.str_length(1, 3), nullable=True),
            "t": pa.Column(pl.Datetime, required=False),
        },
        strict=True,
    )
    schema = load_schema(written(tmp_path, str(theirs.to_yaml())))
    bad = pl.LazyFrame({"a": [1, 1, -5], "b": ["", None, "x"]})
    found = {(one.column, one.rule, one.count) for one in violations(bad, schema, file="d.parquet", key="a")}
    assert found == {
        ("a", "unique", 2),
        ("a", "greater_than_or_equal_to", 1),
        ("a", "isin", 1),
        ("b", "str_length", 1),
    }


def test_lists_hold_values_of_the_columns_own_type(tmp_path: Path) -> None:
    """Whole numbers are found among floats, and floats that are whole among whole numbers."""
    text = "{a: {dtype: float64, isin: [1, 2.5]}, b: {dtype: float32, notin: [7]}, c: {dtype: int8, isin: [1.0, 2]}}"
    text = f"columns: {text}"
    schema = load_schema(written(tmp_path, text))
    floats = pl.LazyFrame(
        {"a": [1.0, 2.5], "b": [1.0, 2.0], "c": [1, 2]}, schema_overrides={"b": pl.Float32, "c": pl.Int8}
    )
    assert violations(floats, schema, file="d.parquet", key="a") == ()
    bad = floats.with_columns(a=pl.col("a") + 1, b=7 * pl.col("b"), c=pl.col("c") + 1)
    found = {(one.column, one.rule): one.count for one in violations(bad, schema, file="d.parquet", key="a")}
    assert found == {("a", "isin"): 2, ("b", "notin"): 1, ("c", "isin"): 1}


def test_a_check_knows_whether_it_is_built_in(tmp_path: Path) -> None:
    """By name and arguments; the user's own code may have the name of a built-in check."""
    text = """
        import pandera.polars as pa
        class M(pa.DataFrameModel):
            a: int = pa.Field(ge=0, isin=[1, 2])
            @pa.check("a", name="isin")
            def own(cls, data):
                return data.lazyframe.select(data.key) > 0
    """
    (column,) = load_schema(written(tmp_path, text, "m.py"), "M").columns
    assert [(check.name, check.arguments) for check in column.checks] == [
        ("greater_than_or_equal_to", {"min_value": 0}),
        ("isin", {"allowed_values": [1, 2]}),
        ("isin", None),
    ]
    (plain,) = load_schema(written(tmp_path, "columns: {a: {str_length: {max_value: 3}}}")).columns
    assert plain.checks[0].arguments == {"max_value": 3}


WRONG = {
    r"columns: {a: {checks: {str_matches: 'a\z'}}}": ("str_matches", "a regular expression"),
    "columns: {a: {in_range: {min_value: 1, max_value: 1, include_max: false}}}": ("in_range", "lower bound"),
    "columns: {a: {dtype: int64, isin: [1, 2.5]}}": ("isin", "a whole number, as the column is int64"),
    "colums: {a: {dtype: int64}}": ("line 1, colums", "did you mean 'columns'"),
    "columns: {a: {dtype: int46}}": ("line 1, columns.a.dtype", "did you mean 'int64'"),
    "columns:\n  a:\n    nulable: true": ("line 3, columns.a.nulable", "did you mean 'nullable'"),
    "columns:\n  a:\n    checks: {in_rang: 3}": ("line 3, columns.a.checks.in_rang", "did you mean 'in_range'"),
    "columns: {a: {checks: {in_range: {min_value: 3}}}}": ("columns.a.checks.in_range", "max_value for in_range"),
    "columns: {a: {checks: {in_range: {min_value: 3, max_value: 1}}}}": ("in_range", "lower bound"),
    "columns: {a: {checks: {in_range: {min_value: 3, max_value: 3, include_max: false}}}}": (
        "in_range",
        "between them",
    ),
    "columns: {a: {checks: {in_range: {min: 3, max_value: 1}}}}": ("in_range.min", "did you mean"),
    "columns: {a: {dtype: int64, checks: {isin: [1, b]}}}": ("isin", "a number, as the column is int64"),
    "columns: {a: {dtype: string, checks: {isin: [1]}}}": ("isin", 'in quotes: "1"'),
    "columns: {a: {dtype: int64, checks: {str_matches: x}}}": ("str_matches", "reads text"),
    "columns: {a: {checks: {str_matches: '('}}}": ("str_matches", "a regular expression"),
    "columns: {a: {checks: {ge: .nan}}}": ("ge", "a single value"),
    "columns: {a: {checks: {isin: 3}}}": ("isin", "a list of values"),
    "columns: {a: {checks: {str_length: {min_value: -1}}}}": ("str_length", "whole number"),
    "columns: {a: {nullable: maybe}}": ("columns.a.nullable", "true or false"),
    "columns: {a: {default: 3}}": ("columns.a.default", "judges the file as it is"),
    "columns: {a: {dtype: date, checks: {ge: tomorrow}}}": ("ge", "a date such as"),
    "columns: {}": ("columns", "at least one column"),
    "columns: [a]": ("columns", "columns by name"),
    "columns: {a: {dtype: int64}}\nunique: [b]": ("unique", "a column that stands under columns"),
    "columns: {a: {dtype: int64}}\nunique: 3": ("unique", "a list of column names"),
    "columns: {a: {}, a: {}}": ("line 1", "stands twice"),
    "columns: {a: {}}\nschema_type: series": ("schema_type", "expected dataframe"),
    "columns: {a: !!python/object/apply:os.getcwd []}": ("line 1", "not readable as YAML"),
    "columns: {a: [": ("line", "not readable as YAML"),
    "columns: {no: {dtype: int64}}": ("columns.False", "in quotes"),
    "columns: {'(': {regex: true}}": ("columns.(", "as regex is true"),
    "": ("schema.yaml", "found nothing"),
    "- 1": ("schema.yaml", "expected keys"),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_named_with_line_key_and_nearest_word(tmp_path: Path, text: str) -> None:
    """Every wrong schema is a ConfigError that names the file, where in it, what was found and what is expected."""
    where, expected = WRONG[text]
    with pytest.raises(ConfigError) as caught:
        load_schema(written(tmp_path, text))
    assert "schema.yaml" in caught.value.message
    assert where in caught.value.message
    assert expected in caught.value.message
    assert caught.value.hint


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    """Fifteen wrong columns give ten lines and the number of the rest."""
    text = "columns:\n" + "".join(f"  c{index}: {{dtype: wrong}}\n" for index in range(15))
    with pytest.raises(ConfigError) as caught:
        load_schema(written(tmp_path, text))
    assert len(caught.value.message.splitlines()) == 11
    assert caught.value.message.endswith("… and 5 more")


def test_a_huge_schema_is_refused_unread(tmp_path: Path) -> None:
    """A file over 1 MiB is refused by its size."""
    with pytest.raises(ConfigError, match="larger than 1024 KiB"):
        load_schema(written(tmp_path, "# " + "x" * 1024 * 1024))


MODEL = """
    import pandera.polars as pa
    import polars as pl

    class Flights(pa.DataFrameModel):
        hour: int = pa.Field(ge=0, le=23)
        carrier: str = pa.Field(isin=["AA", "UA"], nullable=True)

        @pa.check("hour")
        def even(cls, data):
            return data.lazyframe.select(pl.col(data.key) % 2 == 0)

        @pa.dataframe_check
        def not_all_zero(cls, data):
            return data.lazyframe.select(pl.col("hour").sum() > 0)

        class Config:
            strict = True
"""


def test_a_model_of_the_user_is_a_schema(tmp_path: Path) -> None:
    """Fields, own checks, checks of the whole frame and Config of a DataFrameModel all judge."""
    schema = load_schema(written(tmp_path, MODEL, "flights.py"), "Flights")
    bad = pl.LazyFrame({"hour": [0, -3], "carrier": [None, "XX"], "more": [1, 1]})
    found = {(one.column, one.rule): one.count for one in violations(bad, schema, file="d.parquet", key="id")}
    assert found == {
        ("more", "column_unexpected"): 2,
        ("hour", "greater_than_or_equal_to"): 1,
        ("hour", "even"): 1,
        ("carrier", "isin"): 1,
        (None, "not_all_zero"): 2,
    }
    good = pl.LazyFrame({"hour": [0, 2], "carrier": [None, "AA"]})
    assert violations(good, schema, file="d.parquet", key="id") == ()


def test_a_model_that_would_change_the_data_is_refused(tmp_path: Path) -> None:
    """A default fills gaps before they are judged; all that is asked for is told at once."""
    text = "import pandera.polars as pa\nclass Flights(pa.DataFrameModel):\n    a: int = pa.Field(default=3)\n"
    text += "    class Config:\n        drop_invalid_rows = True\n"
    with pytest.raises(ConfigError) as caught:
        load_schema(written(tmp_path, text, "flights.py"), "Flights")
    assert "asks for drop_invalid_rows in its Config; a default of column a; mlgate" in caught.value.message


def test_a_model_without_columns_judges_whole_rows(tmp_path: Path) -> None:
    """Its checks of the frame run, though no column is named."""
    text = "import pandera.polars as pa\nimport polars as pl\nclass Flights(pa.DataFrameModel):\n"
    text += "    @pa.dataframe_check\n    def own(cls, data):\n        return data.lazyframe.select(pl.col('a') > 1)\n"
    schema = load_schema(written(tmp_path, text, "flights.py"), "Flights")
    (found,) = violations(pl.LazyFrame({"a": [1, 2]}), schema, file="d.parquet", key="id")
    assert (found.rule, found.count, found.examples[0].row) == ("own", 1, 0)


def test_loading_a_model_leaves_no_trace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The user's checkout gets no bytecode, standard output no text, and the neighbours of the file import."""
    (tmp_path / "limits_of_flights.py").write_text("LAST = 23\n")
    text = "from limits_of_flights import LAST\nimport pandera.polars as pa\nprint('hello')\n"
    text += "class Flights(pa.DataFrameModel):\n    hour: int = pa.Field(le=LAST)\n"
    before = list(sys.path)
    schema = load_schema(written(tmp_path, text, "flights.py"), "Flights")
    assert [check.expected for check in schema.columns[0].checks] == ["at most 23"]
    assert not list(tmp_path.rglob("*.pyc"))
    assert sys.path == before
    assert "hello" not in capsys.readouterr().out


BROKEN_MODELS = {
    "syntax": ("x = 1\ndef f(:\n", "line 2"),
    "import": ("\nimport nowhere_to_be_found\n", "line 2"),
    "exit": ("import sys\n\nsys.exit('bye')\n", "line 3"),
    "division": ("def f():\n    return 1 / 0\n\nf()\n", "line 2"),
    "no model": ("Flights = 3\n", "no model at all"),
    "other name": ("import pandera.polars as pa\nclass Flight(pa.DataFrameModel):\n    a: int\n", "it has Flight"),
    "annotation": ("import pandera.polars as pa\nclass Flights(pa.DataFrameModel):\n    a: object()\n", "not one that"),
}


@pytest.mark.parametrize("name", BROKEN_MODELS)
def test_an_error_in_the_user_s_file_names_its_line(tmp_path: Path, name: str) -> None:
    """Whatever the user's file does, the error names the file, the line where there is one, and the message."""
    text, expected = BROKEN_MODELS[name]
    path = tmp_path / "flights.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=expected) as caught:
        load_schema(path, "Flights")
    assert str(path) in caught.value.message
    assert caught.value.hint


YAML_VALUES: st.SearchStrategy[object] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=8,
)
KEYS = st.sampled_from(["dtype", "nullable", "checks", "unique", "isin", "in_range", "ge", "str_length", "x", "regex"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(KEYS, YAML_VALUES, max_size=4), top=st.dictionaries(st.text(max_size=5), YAML_VALUES))
def test_any_yaml_is_a_schema_or_a_config_error(tmp_path: Path, body: object, top: dict[str, object]) -> None:
    """Nothing that YAML can say makes the reader stumble."""
    import yaml

    path = tmp_path / "schema.yaml"
    path.write_text(yaml.safe_dump({**top, "columns": {"a": body}}, allow_unicode=True), encoding="utf-8")
    found: Schema | ConfigError
    try:
        found = load_schema(path)
    except ConfigError as error:
        found = error
    assert found.columns if isinstance(found, Schema) else found.hint


def test_pandera_s_json_is_read_as_its_yaml(tmp_path: Path) -> None:
    """Whatever the file is called; small numbers are numbers there, though YAML takes 1e-05 for a word."""
    model = pa.DataFrameSchema(
        {
            "a": pa.Column(pl.Float64, [pa.Check.gt(1e-05), pa.Check.in_range(0, 10)], nullable=True),
            "c": pa.Column(pl.String, pa.Check.isin(["x", "é", "😀"])),
        },
        strict=True,
        unique=["a"],
    )
    bad = pl.LazyFrame({"a": [0.0, 11.0, 11.0, None], "c": ["x", "😀", "é", "y"], "more": 1})
    found = [
        violations(bad, load_schema(written(tmp_path, str(text), name)), file="d.parquet", key="a")
        for text, name in (
            (model.to_yaml(), "schema.yaml"),
            (model.to_json(), "schema.json"),
            (model.to_json(), "other.yaml"),
            (str(model.to_json()).replace(", ", ",\n\t"), "tabs.json"),
        )
    ]
    assert {(one.column, one.rule, one.count) for one in found[0]} == {
        ("more", "column_unexpected", 4), ("a", "unique", 2), ("a", "greater_than", 1), ("a", "in_range", 2),
        ("c", "isin", 1),
    }  # fmt: skip
    assert found[1:] == found[:1] * 3


BROKEN_JSON = {
    '{"columns": {"a": {"dtype": "int6"}}}': "line 1, columns.a.dtype: found 'int6'",
    '{"columns": \n{"a": }': "line 2, column 7: not readable as JSON",
    '{"columns": {"a": {}, "a": {}}}': "the key 'a' stands twice",
    "[" * 100_000: "not readable as JSON",
    '{"a": ' + "9" * 5000 + "}": "not readable as JSON",
    "3": "found 3, expected keys such as columns",
    "": "not readable as JSON",
}


@pytest.mark.parametrize("text", BROKEN_JSON)
def test_what_is_wrong_with_json_is_named(tmp_path: Path, text: str) -> None:
    """With the file and the line."""
    with pytest.raises(ConfigError) as error:
        load_schema(written(tmp_path, text, "schema.json"))
    assert BROKEN_JSON[text] in error.value.message
    assert "schema.json" in error.value.message


def test_a_schema_has_no_parts(tmp_path: Path) -> None:
    """Only models and contracts have."""
    with pytest.raises(ConfigError) as error:
        load_schema(written(tmp_path, GOOD), "flights")
    assert "is no data contract, and holds nothing to choose 'flights' from" in error.value.message
    assert "`schema: schema.yaml`" in error.value.hint
