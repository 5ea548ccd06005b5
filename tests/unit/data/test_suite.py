"""Suites of Great Expectations: judged by it, and told as any other broken rule is."""

from __future__ import annotations

import json
import logging
import sys
import warnings
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlgate.data.schema.schema import Schema
from mlgate.data.schema.source import load_rules, load_schema
from mlgate.data.schema.suite import MOST, Suite
from mlgate.data.validation.judge import judge
from mlgate.errors import ConfigError
from mlgate.records import BadRow, Violation

BETWEEN, IN_SET, NOT_NULL = (f"expect_column_values_to_{what}" for what in ("be_between", "be_in_set", "not_be_null"))
FLIGHTS = pl.LazyFrame(
    {
        "flight_id": ["a", "b", "a", "d", "e", "f"],
        "dep_time": [5, None, 2401, -1, 2400, 0],
        "carrier": ["AA", "UA", "DL", None, "AAA", "AA"],
        "temp": [20.5, None, 60.0, 59.9, 61.0, -4.0],
        "day": [date(2013, 7, day) for day in range(1, 7)],
    }
)


def expectation(rule: str, meta: dict[str, Any] | None = None, **arguments: Any) -> dict[str, Any]:
    """Write one expectation as version 1.x does."""
    return {"type": rule, "kwargs": arguments, "meta": meta or {}}


def written(folder: Path, *expectations: Any, name: str = "suite.json") -> Path:
    """Write a suite."""
    path = folder / name
    path.write_text(json.dumps({"name": "flights", "expectations": list(expectations)}), encoding="utf-8")
    return path


def found(frame: pl.LazyFrame, path: Path, **asked: Any) -> tuple[Violation, ...]:
    """Judge a frame by a file."""
    return judge(frame, load_rules(path), file="d.parquet", key="flight_id", **asked)


SCHEMA = """
columns:
  flight_id: {unique: true}
  dep_time: {checks: {in_range: {min_value: 0, max_value: 2400}}}
  carrier: {checks: {isin: [AA, UA], str_length: {max_value: 2}}}
  temp: {nullable: true, checks: {less_than: 60}}
"""
SAME = {
    ("flight_id", "unique"): expectation("expect_column_values_to_be_unique", column="flight_id"),
    ("flight_id", "nullable"): expectation(NOT_NULL, column="flight_id"),
    ("dep_time", "nullable"): expectation(NOT_NULL, column="dep_time"),
    ("dep_time", "in_range"): expectation(BETWEEN, column="dep_time", min_value=0, max_value=2400),
    ("carrier", "nullable"): expectation(NOT_NULL, column="carrier"),
    ("carrier", "isin"): expectation(IN_SET, column="carrier", value_set=["AA", "UA"]),
    ("carrier", "str_length"): expectation("expect_column_value_lengths_to_be_between", column="carrier", max_value=2),
    ("temp", "less_than"): expectation(BETWEEN, column="temp", max_value=60, strict_max=True),
}


def test_a_suite_finds_what_a_schema_finds(tmp_path: Path) -> None:
    """The same rules asked by Great Expectations: the same columns, counts and first rows, in the suite's order."""
    schema = tmp_path / "schema.yaml"
    schema.write_text(SCHEMA, encoding="utf-8")
    by_schema = {(one.column, one.rule): one for one in found(FLIGHTS, schema)}
    by_suite = found(FLIGHTS, written(tmp_path, *SAME.values()))
    broken = [key for key in SAME if key in by_schema]
    assert len(by_schema) == len(by_suite) == 7
    assert [(one.column, one.count, one.of, one.examples) for one in by_suite] == [
        (key[0], by_schema[key].count, 6, by_schema[key].examples) for key in broken
    ]
    assert [one.rule for one in by_suite] == [SAME[key]["type"] for key in broken]
    assert by_suite[2].expected == "column values to be between: min_value 0, max_value 2400"


def test_suites_of_version_0_are_read(tmp_path: Path) -> None:
    """`expectation_type` instead of `type`, and arguments that steered the report."""
    path = tmp_path / "suite.json"
    arguments = {"column": "dep_time", "min_value": 0, "result_format": "COMPLETE", "catch_exceptions": True}
    suite = {
        "data_asset_type": None,
        "expectation_suite_name": "flights",
        "expectations": [{"expectation_type": BETWEEN, "kwargs": arguments, "meta": {}}],
        "ge_cloud_id": None,
        "meta": {"great_expectations_version": "0.18.0"},
    }
    path.write_text(json.dumps(suite), encoding="utf-8")
    (broken,) = found(FLIGHTS, path)
    assert (broken.rule, broken.count, broken.examples) == (BETWEEN, 1, (BadRow(row=3, key="d", value="-1"),))


WHOLE = [
    expectation("expect_table_row_count_to_be_between", min_value=7),
    expectation("expect_table_columns_to_match_set", column_set=["flight_id"]),
    expectation("expect_table_column_count_to_equal", value=4),
    expectation("expect_column_to_exist", column="tail_number"),
    expectation("expect_column_mean_to_be_between", column="temp", max_value=0),
    expectation("expect_column_distinct_values_to_be_in_set", column="carrier", value_set=["AA"]),
]


@pytest.mark.parametrize("rule", WHOLE, ids=lambda rule: rule["type"])
def test_a_rule_of_the_whole_is_broken_by_all_rows(tmp_path: Path, rule: dict[str, Any]) -> None:
    """What was found stands beside what is expected."""
    (broken,) = found(FLIGHTS, written(tmp_path, rule))
    assert (broken.rule, broken.count, broken.of, broken.examples) == (rule["type"], 6, 6, ())
    assert broken.column == rule["kwargs"].get("column")


def test_what_was_found_is_told(tmp_path: Path) -> None:
    """A number of rows, for one."""
    (broken,) = found(FLIGHTS, written(tmp_path, WHOLE[0]))
    assert broken.expected == "table row count to be between: min_value 7; found 6"


def test_rules_of_several_columns_show_them_all(tmp_path: Path) -> None:
    """Pairs, and groups that identify a row."""
    pair = expectation("expect_column_pair_values_a_to_be_greater_than_b", column_A="dep_time", column_B="temp")
    group = expectation("expect_compound_columns_to_be_unique", column_list=["flight_id", "carrier"])
    frame = FLIGHTS.with_columns(carrier=pl.lit("AA"))
    first, second = found(frame, written(tmp_path, pair, group))
    assert (first.column, first.examples[0]) == (None, BadRow(row=0, key="a", value="dep_time=5, temp=20.5"))
    assert (second.count, second.examples[1].value) == (2, "flight_id=a, carrier=AA")


def test_a_condition_reads_the_columns_that_it_names(tmp_path: Path) -> None:
    """Positions are those of the file."""
    rule = expectation(IN_SET, column="carrier", value_set=["AA"], row_condition="temp > 30", condition_parser="pandas")
    (broken,) = found(FLIGHTS, written(tmp_path, rule))
    assert [row.row for row in broken.examples] == [2, 4]


def test_how_serious_a_rule_is_stands_in_it_or_in_its_meta(tmp_path: Path) -> None:
    """Warnings are told, and stop nothing."""
    rule = expectation(BETWEEN, column="temp", max_value=0)
    path = written(
        tmp_path,
        rule,
        {**rule, "severity": "warning"},
        expectation(BETWEEN, {"severity": "Warning"}, column="temp", max_value=1),
        expectation(BETWEEN, {"severity": "P1"}, column="temp", max_value=2),
        {**rule, "severity": "critical"},
    )
    assert [one.severity for one in found(FLIGHTS, path)] == ["error", "warn", "warn", "error", "error"]
    rules = load_rules(path)
    assert (rules.rules, len(rules.notes)) == (3, 1)


def test_mostly_is_what_great_expectations_makes_of_it(tmp_path: Path) -> None:
    """Enough good rows are good enough."""
    rule = expectation(BETWEEN, column="temp", max_value=60, mostly=0.8)
    assert found(FLIGHTS, written(tmp_path, rule)) == ()


def test_a_missing_column_says_only_that(tmp_path: Path) -> None:
    """Once, with the column that it may have become."""
    rules = [expectation(NOT_NULL, column="departure_time"), expectation(BETWEEN, column="departure_time", min_value=0)]
    (broken,) = found(FLIGHTS, written(tmp_path, *rules))
    assert (broken.rule, broken.column) == ("column_missing", "departure_time")
    assert "was it renamed to 'dep_time'?" in broken.expected


def test_a_rule_that_fails_itself_is_broken_and_says_why(tmp_path: Path) -> None:
    """Text is not between numbers, a regular expression must be one, and SQL is not asked of pandas."""
    rules = [
        expectation(BETWEEN, column="carrier", min_value=1),
        expectation("expect_column_values_to_match_regex", column="carrier", regex="("),
        expectation("unexpected_rows_expectation", unexpected_rows_query="SELECT 1"),
    ]
    broken = found(FLIGHTS, written(tmp_path, *rules))
    assert [one.count for one in broken] == [6, 6, 6]
    for one in broken:
        assert "; but the expectation itself failed: " in one.expected
    assert "Invalid regular expression" in broken[1].expected


def test_days_are_compared_as_days(tmp_path: Path) -> None:
    """As in pandas, where they are days and no moments."""
    (broken,) = found(FLIGHTS, written(tmp_path, expectation(BETWEEN, column="day", min_value="2013-07-03")))
    assert [row.value for row in broken.examples] == ["2013-07-01", "2013-07-02"]
    moments = FLIGHTS.select(pl.col("day").cast(pl.Datetime("us")).alias("at")).head(2)
    rule = expectation(BETWEEN, column="at", min_value="2013-07-02T00:00:00")
    (broken,) = found(moments, written(tmp_path, rule))
    assert (broken.count, "failed" in broken.expected) == (1, False)


def test_large_whole_numbers_beside_nulls_stay_exact(tmp_path: Path) -> None:
    """Floats would make 2**53 and 2**53 + 1 the same."""
    frame = pl.LazyFrame({"n": [2**53, 2**53 + 1, None]})
    assert found(frame, written(tmp_path, expectation("expect_column_values_to_be_unique", column="n"))) == ()


@pytest.mark.parametrize("limit", [0, 1, 20])
def test_as_many_rows_are_shown_as_asked(tmp_path: Path, limit: int) -> None:
    """The first ones, of any number of broken ones."""
    frame = pl.LazyFrame({"n": range(10_000)})
    (broken,) = found(frame, written(tmp_path, expectation(BETWEEN, column="n", min_value=5000)), limit=limit)
    assert (broken.count, [row.row for row in broken.examples]) == (5000, list(range(limit)))


def test_a_file_without_rows_breaks_no_rule_of_rows(tmp_path: Path) -> None:
    """Nor do columns without a value break others than that of having one."""
    path = written(tmp_path, *SAME.values())
    assert found(FLIGHTS.clear(), path) == ()
    nothing = FLIGHTS.select("flight_id", *(pl.lit(None, pl.Int64).alias(name) for name in ("dep_time", "temp")),
                             pl.lit(None, pl.String).alias("carrier")).unique("flight_id")  # fmt: skip
    assert {one.rule for one in found(nothing, path)} == {NOT_NULL}


def test_great_expectations_is_not_heard(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No progress bar, no log, no warning, no file; and afterwards others are heard again."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        test_a_rule_that_fails_itself_is_broken_and_says_why(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["suite.json"]
    assert (*capfd.readouterr(), caplog.text) == ("", "", "")
    logging.getLogger("great_expectations").warning("heard")
    assert "heard" in caplog.text


def test_a_suite_is_no_schema(tmp_path: Path) -> None:
    """Who can use nothing but a schema is told so."""
    path = written(tmp_path, SAME["temp", "less_than"])
    assert isinstance(load_rules(path), Suite)
    with pytest.raises(ConfigError, match="suite.json is a suite of Great Expectations"):
        load_schema(path)
    schema = tmp_path / "schema.yaml"
    schema.write_text(SCHEMA, encoding="utf-8")
    assert isinstance(load_rules(schema), Schema)


GOOD = expectation(BETWEEN, column="temp", max_value=0)
WRONG: list[tuple[Any, str]] = [
    ([], "expectations: found [], expected a list of at least one expectation"),
    ({}, "expectations: found {}"),
    (None, "expectations: found nothing"),
    ([3], "expectations.0: found 3, expected an expectation as"),
    ([{}], "expectations.0.type: found nothing"),
    ([GOOD, {**GOOD, "type": 3}], "expectations.1.type: found 3"),
    ([{**GOOD, "type": f"{BETWEEN}s"}], f"did you mean '{BETWEEN}'?"),
    ([{**GOOD, "kwargs": [1]}], "expectations.0.kwargs: found [1], expected arguments by name"),
    ([{**GOOD, "kwargs": {"column": "a"}}], "min_value and max_value cannot both be None"),
    ([{**GOOD, "kwargs": {"column": "a", "minvalue": 3}}], "minvalue: extra fields not permitted"),
    ([{**GOOD, "kwargs": {"column": {}, "min_value": 3}}], "column: str type expected"),
    ([{**GOOD, "kwargs": {"column": "a", "min_value": {"$PARAMETER": "x"}}}], "mlgate has no parameters"),
    ([{**GOOD, "kwargs": {"column": "a", "min_value": 0, "mostly": 7}}], "mostly: "),
    ([{**GOOD, "severity": "awful"}], "severity: found 'awful', expected one of critical"),
    ([{**GOOD, "meta": 3}], "expectations.0.meta: found 3"),
    ([GOOD] * (2 * MOST), "found '10,000 expectations', expected at most 5,000: split the suite"),
    ([{}] * 30, "… and 20 more"),
]


@pytest.mark.parametrize(("expectations", "told"), WRONG, ids=[told for _, told in WRONG])
def test_what_is_wrong_with_a_suite_is_named(tmp_path: Path, expectations: Any, told: str) -> None:
    """With the file, the place and the next step, before any data is read."""
    path = tmp_path / "suite.json"
    path.write_text(json.dumps({"name": "flights", "expectations": expectations}), encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_rules(path)
    assert "suite.json" in error.value.message
    assert told in error.value.message
    assert error.value.hint


@pytest.mark.parametrize("library", ["great_expectations", "pyarrow"])
def test_what_is_not_installed_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    """By the name of the extra."""
    path = written(tmp_path, GOOD)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ConfigError) as error:
        load_rules(path)
    assert f"{library} is not installed" in error.value.message
    assert "pip install 'mlgate[gx]'" in error.value.hint


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["type", "kwargs", "meta", "column", "min_value", "mostly", "severity", "x"]), inner
            )
        ),
        max_leaves=10,
    )
)
def test_whatever_stands_in_an_expectation_is_read_or_refused(tmp_path: Path, arguments: Any) -> None:
    """Never a traceback, neither when it is read nor when it judges."""
    path = written(tmp_path, {"type": BETWEEN, "kwargs": arguments})
    try:
        told = str(found(FLIGHTS, path))
    except ConfigError as error:
        told = error.message
    assert told
