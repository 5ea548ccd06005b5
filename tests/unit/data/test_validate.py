"""Validation: every broken rule is found, counted in full, and shown by its first rows."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandera.config import ValidationDepth, config_context
from pydantic import ValidationError

from mlgate.config.data import Data, Tolerance
from mlgate.data.files.members import is_typed
from mlgate.data.files.read import scan
from mlgate.data.schema.schema import Column, Schema
from mlgate.data.schema.source import load_schema
from mlgate.data.types import find_type
from mlgate.data.validation.basics import basics
from mlgate.data.validation.findings import findings
from mlgate.data.validation.leakage import shared_content, shared_keys
from mlgate.data.validation.rules import violations
from mlgate.data.validation.tolerances import tolerate
from mlgate.records import BadRow, Violation
from mlgate.verdict import Outcome, Verdict

SCHEMA = """
columns:
  flight_id: {dtype: string, unique: true}
  dep_time: {dtype: int64, checks: {in_range: {min_value: 0, max_value: 2400}}}
  carrier: {dtype: string, checks: {isin: [AA, UA], str_length: {max_value: 2}}}
  temp: {dtype: float64, nullable: true, checks: {less_than: 60}}
strict: true
"""
DATA = Data(train="train.parquet", held_out="held_out.parquet", key="id", label="late", min_rows=3)


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    """The schema of four columns."""
    path: Path = tmp_path_factory.mktemp("schema") / "schema.yaml"
    path.write_text(SCHEMA, encoding="utf-8")
    return load_schema(path)


def flights(**changed: Any) -> pl.LazyFrame:
    """Four sound flights, with columns changed, added, or (None) taken away."""
    columns: dict[str, Any] = {
        "flight_id": ["a", "b", "c", "d"],
        "dep_time": [5, 800, 1200, 2359],
        "carrier": ["AA", "UA", "AA", "UA"],
        "temp": [20.5, None, 3.0, -4.0],
        **changed,
    }
    return pl.LazyFrame({name: values for name, values in columns.items() if values is not None})


def judge(frame: pl.LazyFrame, schema: Schema, file: str = "d.parquet", **asked: Any) -> dict[Any, Violation]:
    """Find the violations, by column and rule."""
    found = violations(frame, schema, file=file, key="flight_id", **asked)
    return {(one.column, one.rule): one for one in found}


def test_sound_data_breaks_no_rule(schema: Schema) -> None:
    """Data as the schema says gives nothing, and so does a file without rows."""
    assert judge(flights(), schema) == {}
    assert judge(flights().clear(), schema) == {}


def test_a_bad_value_is_found_whatever_pandera_is_told(schema: Schema, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data checks of lazy frames run though pandera skips them by default, or is told to skip them."""
    bad = flights(dep_time=[5, -1, 9999, 7])
    expected = {("dep_time", "in_range")}
    assert set(judge(bad, schema)) == expected
    with config_context(validation_enabled=False, validation_depth=ValidationDepth.SCHEMA_ONLY):
        assert set(judge(bad, schema)) == expected
    monkeypatch.setenv("PANDERA_VALIDATION_ENABLED", "False")
    assert set(judge(bad, schema)) == expected


def test_offending_rows_are_counted_in_full_and_the_first_named(schema: Schema) -> None:
    """The count is of all rows; the examples are the first ones with row, key and value."""
    frame = pl.DataFrame(
        {
            "flight_id": [f"k{index}" for index in range(1000)],
            "dep_time": [-index if index % 10 == 3 else 5 for index in range(1000)],
            "carrier": "AA",
            "temp": 1.0,
        }
    )
    (found,) = judge(frame.lazy(), schema, limit=2).values()
    assert (found.count, found.of, found.expected) == (100, 1000, "from 0 to 2400")
    assert found.examples == (BadRow(row=3, key="k3", value="-3"), BadRow(row=13, key="k13", value="-13"))


def test_a_renamed_column_is_recognised(schema: Schema) -> None:
    """A missing column names the one that it was probably renamed to, and the other way round."""
    found = judge(flights(dep_time=None, departure_time=[1, 2, 3, 4]), schema)
    assert "was it renamed to 'departure_time'?" in found["dep_time", "column_missing"].expected
    assert "'dep_time', which is missing?" in found["departure_time", "column_unexpected"].expected
    assert len(found) == 2


def test_a_wrong_type_hides_no_other_column(schema: Schema) -> None:
    """Times as text are named by the values that are no number, and every other rule is judged all the same."""
    found = judge(flights(dep_time=["5", "8:00", "x" * 500, "7"], carrier=["AA", "XXX", None, "UA"]), schema)
    wrong = found["dep_time", "dtype"]
    assert (wrong.count, wrong.of, wrong.expected) == (2, 4, "type int64, not string")
    assert [(row.row, row.key, row.value[:5]) for row in wrong.examples] == [(1, "b", "8:00"), (2, "c", "xxxxx")]
    assert all(len(row.value) <= 80 for row in wrong.examples)
    assert set(found) - {("dep_time", "dtype")} == {
        ("carrier", "nullable"), ("carrier", "isin"), ("carrier", "str_length"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "count"),
    [([1.0, 2.0, 3.0, 4.0], 4), ([1.0, 2.5, float("nan"), 4.0], 2), (["1", "2", "3", "4"], 4), ([[1], [2], [], []], 4)],
    ids=["whole floats", "floats", "numbers as text", "lists"],
)
def test_a_wrong_type_counts_the_values_that_cannot_be_read(schema: Schema, values: list[Any], count: int) -> None:
    """Where every value can be read the type itself is wrong, in all rows; else the unreadable values are."""
    assert judge(flights(dep_time=values), schema)["dep_time", "dtype"].count == count


def test_csv_has_no_types_to_be_wrong(schema: Schema) -> None:
    """In CSV, a column whose values all read as the declared type is of that type, and its checks run."""
    frame = flights(temp=["1", "2.5", None, "99"], dep_time=[1.0, 2.0, 3.0, 4.0])
    assert set(judge(frame, schema, file="d.csv")) == {("temp", "less_than")}
    assert ("temp", "dtype") in judge(frame, schema)


def test_dates_in_csv_are_read(tmp_path: Path) -> None:
    """Dates and times as text count as such in CSV, and what is none is named."""
    path = tmp_path / "s.yaml"
    path.write_text("columns: {d: {dtype: date, ge: 2013-01-01}, t: {dtype: datetime}, b: {dtype: bool}}")
    schema = load_schema(path)
    good = {"d": ["2013-05-01", "2013-05-02"], "t": ["2013-05-01 10:00", "2013-05-01T10:00:01Z"], "b": ["True", "0"]}
    assert judge(pl.LazyFrame(good), schema, file="d.csv") == {}
    bad = {"d": ["2012-05-01", "2013-05-02"], "t": ["2013-05-01", "noon"], "b": ["True", "maybe"]}
    found = judge(pl.LazyFrame(bad), schema, file="d.csv.gz")
    assert set(found) == {("d", "greater_than_or_equal_to"), ("t", "dtype"), ("b", "dtype")}
    assert found["t", "dtype"].examples == (BadRow(row=1, key=None, value="noon"),)


def test_nulls_and_repeated_values_are_found(schema: Schema) -> None:
    """A repeated value names each of its rows, and a null the row that it stands in."""
    found = judge(flights(flight_id=["a", "b", "b", "d"], dep_time=[1, None, 3, 4]), schema)
    assert found["flight_id", "unique"].count == 2
    assert [row.row for row in found["flight_id", "unique"].examples] == [1, 2]
    assert found["dep_time", "nullable"].examples == (BadRow(row=1, key="b", value="null"),)


def test_nan_is_no_value(tmp_path: Path) -> None:
    """Where nulls are not allowed NaN is not either."""
    path = tmp_path / "s.yaml"
    path.write_text("columns: {a: {dtype: float64}}")
    (found,) = violations(pl.LazyFrame({"a": [1.0, float("nan"), None]}), load_schema(path), file="d", key="a")
    assert (found.rule, found.count, [row.row for row in found.examples]) == ("nullable", 2, [1, 2])


def test_a_check_that_fails_itself_is_a_violation(tmp_path: Path) -> None:
    """A check whose code raises says so, and judges nothing as sound."""
    path = tmp_path / "m.py"
    path.write_text(
        "import pandera.polars as pa\nclass M(pa.DataFrameModel):\n    a: int\n"
        "    @pa.check('a')\n    def odd(cls, data):\n        raise ZeroDivisionError('no way')\n"
    )
    (found,) = violations(pl.LazyFrame({"a": [1]}), load_schema(path, "M"), file="d.parquet", key="a")
    assert (found.rule, found.count) == ("odd", 1)
    assert "ZeroDivisionError: no way" in found.expected


def test_patterns_name_several_columns_and_order_is_judged(tmp_path: Path) -> None:
    """A pattern judges each column that it matches but those named plainly; columns out of order are named once."""
    path = tmp_path / "s.yaml"
    path.write_text(
        "columns:\n  id: {dtype: int64}\n  'x_.*': {regex: true, ge: 0}\n  x_z: {dtype: int64}\nordered: true"
    )
    frame = pl.LazyFrame({"id": [1], "x_z": [-1], "x_a": [-1], "x_b": [0]})
    found = violations(frame, load_schema(path), file="d.parquet", key="id")
    assert [(one.column, one.rule) for one in found] == [
        ("x_z", "column_order"),
        ("x_a", "greater_than_or_equal_to"),
    ]
    assert violations(frame.select("id", "x_b", "x_z"), load_schema(path), file="d.parquet", key="id") == ()
    (missing,) = violations(frame.select("id", "x_z"), load_schema(path), file="d.parquet", key="id")
    assert (missing.column, missing.rule) == ("x_.*", "column_missing")


def test_columns_of_any_name_are_judged(tmp_path: Path) -> None:
    """Names that the queries use themselves do not collide with a file's columns."""
    path = tmp_path / "s.yaml"
    names = ["row", "key", "value", "bad", "check_output", "index"]
    path.write_text("columns:\n" + "".join(f"  {name}: {{dtype: int64, ge: 0}}\n" for name in names))
    frame = pl.LazyFrame({name: [1, -1] for name in names})
    found = violations(frame, load_schema(path), file="d.parquet", key="key")
    assert [(one.column, one.count, one.examples[0].row) for one in found] == [(name, 1, 1) for name in names]
    data = Data(train="t", held_out="h", key="row", label="bad")
    assert basics(frame, file="t", data=data, task="binary") == ()


CELLS: dict[str, st.SearchStrategy[Any]] = {
    "flight_id": st.text("ab", max_size=2),
    "dep_time": st.integers(-2, 2402),
    "carrier": st.sampled_from(["AA", "UA", "XX", "UAL"]),
    "temp": st.one_of(st.floats(-10, 70), st.just(float("nan"))),
}
TYPES = {"flight_id": pl.String, "dep_time": pl.Int64, "carrier": pl.String, "temp": pl.Float64}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.fixed_dictionaries(
        {n: st.lists(st.one_of(st.none(), c), min_size=6, max_size=6) for n, c in CELLS.items()}
    )
)
def test_pandera_finds_the_same(schema: Schema, cells: dict[str, list[Any]]) -> None:
    """On any rows, pandera's own validation breaks exactly the rules that are found here, with as many rows."""
    theirs = pa.DataFrameSchema(
        {
            "flight_id": pa.Column(pl.String, unique=True),
            "dep_time": pa.Column(pl.Int64, pa.Check.in_range(0, 2400)),
            "carrier": pa.Column(pl.String, [pa.Check.isin(["AA", "UA"]), pa.Check.str_length(max_value=2)]),
            "temp": pa.Column(pl.Float64, pa.Check.lt(60), nullable=True),
        }
    )
    frame = pl.DataFrame(cells, schema=TYPES)
    names = {"not_nullable": "nullable", "field_uniqueness": "unique"}
    expected: dict[tuple[str, str], int] = {}
    with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
        try:
            theirs.validate(frame.lazy(), lazy=True)
        except pa.errors.SchemaErrors as error:
            for row in error.failure_cases.iter_rows(named=True):
                rule = names.get(row["check"], str(row["check"]).partition("(")[0])
                expected[row["column"], rule] = expected.get((row["column"], rule), 0) + 1
    assert {key: one.count for key, one in judge(frame.lazy(), schema).items()} == expected


ANY_COLUMN = st.one_of(
    st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)), max_size=5).map(
        lambda v: pl.Series(v, dtype=pl.Int64)
    ),
    st.lists(st.one_of(st.none(), st.floats()), max_size=5).map(lambda v: pl.Series(v, dtype=pl.Float64)),
    st.lists(st.one_of(st.none(), st.text()), max_size=5).map(lambda v: pl.Series(v, dtype=pl.String)),
    st.lists(st.one_of(st.none(), st.binary()), max_size=5).map(lambda v: pl.Series(v, dtype=pl.Binary)),
    st.lists(st.one_of(st.none(), st.booleans()), max_size=5).map(lambda v: pl.Series(v, dtype=pl.Boolean)),
    st.lists(st.one_of(st.none(), st.datetimes()), max_size=5).map(lambda v: pl.Series(v, dtype=pl.Datetime("us"))),
    st.lists(st.one_of(st.none(), st.dates()), max_size=5).map(lambda v: pl.Series(v, dtype=pl.Date)),
    st.lists(st.sampled_from(["AA", "UA", None]), max_size=5).map(lambda v: pl.Series(v, dtype=pl.Categorical)),
    st.lists(st.one_of(st.none(), st.lists(st.integers(0, 3), max_size=2)), max_size=5).map(
        lambda v: pl.Series(v, dtype=pl.List(pl.Int64))
    ),
    st.lists(st.one_of(st.none(), st.fixed_dictionaries({"x": st.integers(0, 3)})), max_size=5).map(
        lambda v: pl.Series(v, dtype=pl.Struct({"x": pl.Int64}))
    ),
    st.integers(0, 5).map(lambda n: pl.Series([None] * n, dtype=pl.Null)),
)
WIDE = "columns:\n" + "".join(
    f"  c_{word}: {{dtype: {word}, required: false, unique: true}}\n"
    for word in ("int64", "float64", "string", "bool", "datetime", "date", "category", "time", "duration", "int8")
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(column=ANY_COLUMN, task=st.sampled_from(["binary", "regression"]), file=st.sampled_from(["d.csv", "d.parquet"]))
def test_no_frame_makes_an_error(tmp_path: Path, column: pl.Series, task: str, file: str) -> None:
    """Whatever a column holds, as any declared type, as key and as label, it is judged and nothing is raised."""
    path = tmp_path / "wide.yaml"
    if not path.exists():
        path.write_text(WIDE)
    schema = load_schema(path)
    frame = pl.LazyFrame({one.name: column for one in schema.columns} | {"id": column, "late": column})
    for found in violations(frame, schema, file=file, key="id") + basics(frame, file=file, data=DATA, task=task):
        assert 0 <= found.count <= found.of == len(column)
        assert len(found.examples) <= min(5, found.count)
    assert all(found.count <= len(column) for found in shared_keys(frame, frame, "id"))


def rules(task: str = "binary", **columns: Any) -> dict[str, Violation]:
    """Find what `basics` says of a frame, by rule."""
    frame = pl.LazyFrame({"id": [1, 2, 3, 4], "late": [0, 1, 0, 1], **columns})
    return {one.rule: one for one in basics(frame, file="t.parquet", data=DATA, task=task)}


def test_what_every_model_needs_is_asked_without_a_schema() -> None:
    """Keys identify, labels are there, and a binary task has two classes."""
    assert rules() == {}
    assert rules(id=[1, 1, 3, None])["key_duplicate"].examples == (
        BadRow(row=0, key="1", value="1"),
        BadRow(row=1, key="1", value="1"),
    )
    assert rules(id=[1, 1, 3, None])["key_null"].count == 1
    assert list(rules(id=[1, 2, None, None])) == ["key_null"]
    assert rules(late=[0.0, 1.0, float("nan"), None])["label_null"].count == 2
    assert list(rules(late=[1, 1, 1, 1])) == ["one_class"]
    assert list(rules(late=[1, 2, 3, 1])) == ["label_classes"]
    assert list(rules("regression", late=[1, 2, 3, 1])) == []
    assert list(rules("regression", late=["a", "b", "c", "d"])) == ["label_type"]
    assert list(rules("regression", late=[1.0, 2.0, float("inf"), 1.0])) == ["label_infinite"]


def test_too_few_rows_and_missing_columns_are_violations() -> None:
    """No rows, fewer than min_rows, and a key or label that is not there each have a name."""
    empty = pl.LazyFrame({"id": [], "late": []})
    assert [one.rule for one in basics(empty, file="t", data=DATA, task="binary")] == ["no_rows"]
    two = pl.LazyFrame({"id": [1, 2], "late": [0, 1]})
    assert [one.rule for one in basics(two, file="t", data=DATA, task="binary")] == ["min_rows"]
    other = pl.LazyFrame({"ids": [1, 2, 3], "lates": [0, 1, 1]})
    found = basics(other, file="t", data=DATA, task="binary")
    assert [(one.column, one.rule) for one in found] == [("id", "column_missing"), ("late", "column_missing")]
    assert "renamed to 'lates'" in found[1].expected


@pytest.mark.parametrize("dtype", [pl.Int64, pl.Int32, pl.Float64, pl.String])
def test_rows_that_were_trained_on_cannot_judge(dtype: type[pl.DataType]) -> None:
    """A key in both files is leakage, though the files hold it in different types; nulls match nothing."""
    train = pl.LazyFrame({"id": [1, 2, 3, None]}, schema={"id": pl.Int64})
    held_out = pl.LazyFrame({"id": [9, 3, None, 1]}, schema={"id": pl.Int64}).cast(dtype)
    (found,) = shared_keys(train, held_out, "id")
    assert (found.rule, found.count, found.of, [row.row for row in found.examples]) == ("leakage", 2, 4, [1, 3])
    assert shared_keys(train, held_out.head(1), "id") == ()


def test_moments_and_dates_are_keys_too() -> None:
    """Keys may be points in time."""
    days = pl.LazyFrame({"id": [date(2013, 5, 1)]})
    assert len(shared_keys(days, days, "id")) == 1
    moments = pl.LazyFrame({"id": [datetime(2013, 5, 1, 10)], "late": [1]})  # noqa: DTZ001 (data without a zone)
    assert len(shared_keys(moments, moments, "id")) == 1


def test_the_worst_decides_and_a_sound_file_passes(schema: Schema) -> None:
    """Without a broken rule one finding passes and says how much was judged; a broken one fails the verdict."""
    sound = findings((), rules=schema.rules, rows=26_000)
    assert [(one.outcome, one.sentence) for one in sound] == [
        (Outcome.PASS, f"{schema.rules} checks hold on 26,000 rows")
    ]
    broken = violations(flights(dep_time=[5, -1, 9999, 7]), schema, file="d.parquet", key="flight_id")
    verdict = Verdict.of(findings(broken * 2), empty="nothing")
    assert verdict.outcome is Outcome.FAIL
    assert verdict.sentence == (
        "d.parquet: dep_time: 2 rows of 4 broke in_range, expected from 0 to 2400; first row 1 (key b): -1"
    )
    assert len(findings(broken * 2)) == 1


def test_some_rows_may_break_a_rule(schema: Schema) -> None:
    """The first tolerance that fits says how many, or that more would only warn; a whole column is never tolerated."""
    found = judge(flights(dep_time=[5, 9999, 1200, 2359], carrier=["AA", "XX", "YY", "ZZ"]), schema).values()
    asked = (
        Tolerance.model_validate({"column": "dep_time", "rule": "in_range", "max_failures": "25%"}),
        Tolerance(column="carrier", severity="warn"),
        Tolerance(rule="isin", max_failures=0.9),
    )
    taken = {violation.rule: violation for violation in tolerate(found, asked)}
    assert (taken["in_range"].max_failures, taken["in_range"].judges) == (0.25, False)
    assert (taken["isin"].severity, taken["isin"].judges) == ("warn", False)
    verdict = Verdict.of(findings(taken.values()), empty="")
    assert verdict.outcome is Outcome.PASS
    assert verdict.sentence == "no rule is broken by more rows than may; 2 are broken by some"
    (gone,) = tolerate(
        judge(flights(temp=None), schema).values(), (Tolerance(rule="column_missing", max_failures=0.9),)
    )
    assert gone.judges
    (more,) = tolerate([taken["in_range"]], (Tolerance(rule="in_range", max_failures=0.2),))
    assert more.judges


@pytest.mark.parametrize(
    "asked", [{}, {"rule": "isin"}, {"rule": "isin", "max_failures": 1}, {"rule": "isin", "max_failures": "lots"}]
)
def test_a_tolerance_that_tolerates_nothing_is_refused(asked: dict[str, Any]) -> None:
    """As is one that tolerates everything."""
    with pytest.raises(ValidationError):
        Tolerance.model_validate(asked)


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_no_more_rows_are_shown_than_asked_for(schema: Schema, limit: int) -> None:
    """In every place that shows rows; with none the counts stay, and are told."""
    bad = flights(dep_time=[-1, -1, -1, 7], flight_id=["a", "a", "a", "d"])
    asked = Data(train="t", held_out="h", key="flight_id", label="temp", examples=limit)
    found = [
        *judge(bad, schema, limit=limit).values(),
        *basics(bad, file="t", data=asked, task="regression"),
        *shared_keys(bad, bad, "flight_id", limit),
        *shared_content(bad, bad, "flight_id", limit),
    ]
    assert {one.rule for one in found} == {
        "in_range", "unique", "key_duplicate", "label_null", "leakage", "leakage_content",
    }  # fmt: skip
    assert all(len(one.examples) == min(limit, one.count) for one in found)
    sentence = findings(judge(bad, schema, limit=0).values())[0].sentence
    assert sentence == "d.parquet: flight_id: 3 rows of 4 broke unique, expected no value twice"


def test_the_classes_of_several_may_be_texts() -> None:
    """A multiclass label is a name; one class alone teaches nothing."""
    several = pl.LazyFrame({"id": [1, 2, 3], "y": ["a", "b", "c"]})
    data = Data.model_validate({"train": "t", "held_out": "h", "key": "id", "label": "y"})
    assert basics(several, file="d.parquet", data=data, task="multiclass") == ()
    (one,) = basics(several.with_columns(y=pl.lit("a")), file="d.parquet", data=data, task="multiclass")
    assert one.expected == "at least two classes for task multiclass; every label is a"


def test_a_folder_of_csv_files_has_no_types_either(tmp_path: Path) -> None:
    """As one such file has none, so that whole numbers are read as the floats of the schema."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "a.csv").write_text("x\n1\n2\n", encoding="utf-8")
    assert not is_typed(tmp_path / "parts")
    schema = Schema(columns=(Column(name="x", type=find_type("float64")),))
    found = violations(scan(tmp_path / "parts"), schema, file="parts", key=None, typed=is_typed(tmp_path / "parts"))
    assert found == ()
