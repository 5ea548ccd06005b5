"""Data contracts of the Open Data Contract Standard: what they ask is judged, and what is not judged is told."""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlgate.data.schema.schema import Schema
from mlgate.data.schema.source import load_schema
from mlgate.data.validation.rules import violations
from mlgate.errors import ConfigError, install
from mlgate.records import Violation

CONTRACT = """
kind: DataContract
apiVersion: v3.1.0
id: 53581432-6c55-4ba2-a65f-72344a91553a
name: flights
version: 1.1.0
status: active
contractCreatedTs: 2013-12-01T02:59:43+00:00
description: {purpose: Departures from New York}
team: [{username: ops, dateIn: 2013-01-01}]
schema:
  - name: flights
    physicalName: flights_2013
    logicalType: object
    properties:
      - {name: flight_id, logicalType: string, primaryKey: true, primaryKeyPosition: 1, examples: [a]}
      - {name: dep_time, logicalType: integer, physicalType: INT, required: true,
         logicalTypeOptions: {minimum: 0, maximum: 2400}}
      - name: carrier
        logicalType: string
        required: true
        logicalTypeOptions: {maxLength: 2}
        quality:
          - {metric: invalidValues, mustBe: 0, arguments: {validValues: [AA, UA]}}
          - {type: sql, name: known carriers, query: 'SELECT COUNT(*) FROM x', mustBe: 0}
      - {name: temperature, physicalName: temp, logicalType: number, logicalTypeOptions: {exclusiveMaximum: 60}}
    quality:
      - {type: custom, engine: soda, implementation: 'checks for flights: ...'}
  - name: airports
    properties: [{name: faa, logicalType: string}]
slaProperties: [{property: latency, value: 4, unit: d}]
"""
SAME = """
columns:
  flight_id: {dtype: string, unique: true}
  dep_time: {dtype: int64, checks: {in_range: {min_value: 0, max_value: 2400}}}
  carrier: {dtype: string, checks: {isin: [AA, UA], str_length: {max_value: 2}}}
  temp: {dtype: float64, nullable: true, checks: {less_than: 60}}
"""
BAD = pl.LazyFrame(
    {
        "flight_id": ["a", "b", "a", None, "e", "f"],
        "dep_time": [5, None, 2401, -1, 2400, 0],
        "carrier": ["AA", "UA", "DL", None, "AAA", "AA"],
        "temp": [20.5, None, 60.0, 59.9, 61.0, -4.0],
    }
)


def written(folder: Path, text: str, name: str = "contract.yaml") -> Path:
    """Write a schema file."""
    path = folder / name
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def contract(folder: Path, *properties: str, more: str = "") -> Schema:
    """Load a contract of one object with the given properties."""
    listed = "".join(f"\n      - {one}" for one in properties)
    text = f"kind: DataContract\napiVersion: v3.1.0\nschema:\n  - name: t\n    properties:{listed}\n{more}"
    return load_schema(written(folder, text))


def judged(frame: pl.LazyFrame, schema: Schema) -> list[Violation]:
    """Find the violations, sorted."""
    found = violations(frame, schema, file="d.parquet", key="flight_id")
    return sorted(found, key=lambda one: (str(one.column), one.rule))


def test_a_contract_finds_what_a_schema_finds(tmp_path: Path) -> None:
    """The same rules by another standard: the same columns, rules, counts, words and first rows."""
    by_contract = judged(BAD, load_schema(written(tmp_path, CONTRACT), "flights"))
    by_schema = judged(BAD, load_schema(written(tmp_path, SAME, "schema.yaml")))
    assert by_contract == by_schema
    assert [(one.column, one.rule, one.count) for one in by_contract] == [
        ("carrier", "isin", 2),
        ("carrier", "nullable", 1),
        ("carrier", "str_length", 1),
        ("dep_time", "in_range", 2),
        ("dep_time", "nullable", 1),
        ("flight_id", "nullable", 1),
        ("flight_id", "unique", 2),
        ("temp", "less_than", 2),
    ]


def test_what_is_not_judged_is_told_once(tmp_path: Path) -> None:
    """One sentence for each kind, with the file and what is meant."""
    assert load_schema(written(tmp_path, CONTRACT), "flights_2013").notes == (
        "contract.yaml: 1 quality rule of type sql is not judged by mlgate: carrier known carriers",
        "contract.yaml: 1 quality rule of type custom is not judged by mlgate: soda",
        "contract.yaml: 1 promise about the service is not judged by mlgate: latency",
    )


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (None, "contract.yaml has 2 schema objects: flights, airports"),
        ("airport", "no schema object is named 'airport'; it has flights, airports"),
    ],
)
def test_an_object_that_is_not_clear_is_asked_for(tmp_path: Path, part: str | None, told: str) -> None:
    """The error names the objects that there are, and the next step."""
    with pytest.raises(ConfigError) as error:
        load_schema(written(tmp_path, CONTRACT), part)
    assert told in error.value.message
    assert "`schema: contract.yaml:flights`" in error.value.hint
    assert part is None or "did you mean 'airports'?" in error.value.hint


def test_a_contract_in_json_is_read(tmp_path: Path) -> None:
    """As YAML is, whatever the file's name says."""
    text = json.dumps(yaml.safe_load(CONTRACT), default=str)
    for name in ("contract.json", "contract.yaml"):
        assert judged(BAD, load_schema(written(tmp_path, text, name), "flights"))[0].rule == "isin"


TYPES: dict[str, list[pl.DataType]] = {
    "string": [pl.String(), pl.Categorical()],
    "integer": [pl.Int8(), pl.Int64(), pl.UInt32()],
    "number": [pl.Float32(), pl.Float64(), pl.Decimal(10, 2)],
    "boolean": [pl.Boolean()],
    "date": [pl.Date()],
    "timestamp": [pl.Datetime("ns"), pl.Datetime("us", "UTC")],
    "time": [pl.Time()],
    "object": [pl.Struct({"a": pl.Int64()})],
    "array": [pl.List(pl.Int64()), pl.Array(pl.Int64(), 2)],
}


@pytest.mark.parametrize("word", TYPES)
def test_a_logical_type_is_of_any_width(tmp_path: Path, word: str) -> None:
    """It takes its own columns and, but for a number that is whole, no other's."""
    schema = contract(tmp_path, f"{{name: a, logicalType: {word}}}")
    for other, types in TYPES.items():
        for dtype in types:
            found = judged(pl.LazyFrame({"a": pl.Series([], dtype=dtype)}), schema)
            assert bool(found) == (other != word and (word, other) != ("number", "integer")), (other, dtype)


def test_the_physical_type_speaks_where_the_logical_one_is_left_out(tmp_path: Path) -> None:
    """Without its sizes; one that mlgate does not know is told."""
    schema = contract(
        tmp_path,
        "{name: a, physicalType: 'VARCHAR(2)'}",
        "{name: b, physicalType: bigint, logicalType: number}",
        "{name: c, physicalType: timestamp with time zone}",
        "{name: d, physicalType: GEOGRAPHY}",
    )
    assert [column.type.word if column.type else None for column in schema.columns] == [
        "string", "number", "datetime", None,
    ]  # fmt: skip
    assert schema.notes == (
        "contract.yaml: 1 physical type without a logical one is not judged by mlgate: d GEOGRAPHY",
    )


OPTIONS: dict[str, tuple[str, list[Any], int]] = {
    "number, minimum: 1, maximum: 3": ("in_range", [0.9, 1.0, 3.0, 3.1, None], 2),
    "number, exclusiveMinimum: 1, exclusiveMaximum: 3": ("in_range", [0.9, 1.0, 3.0, 3.1, None], 4),
    "number, minimum: 1, exclusiveMinimum: true": ("greater_than", [0.9, 1.0, 3.0], 2),
    "number, minimum: 1, exclusiveMinimum: false": ("greater_than_or_equal_to", [0.9, 1.0, 3.0], 1),
    "integer, exclusiveMaximum: 3": ("less_than", [2, 3, 4], 2),
    "integer, format: u8": ("in_range", [-1, 0, 255, 256], 2),
    "string, minLength: 2, maxLength: 3": ("str_length", ["a", "ab", "äöü", "abcd"], 2),
    "string, pattern: '[0-9]$'": ("str_contains", ["a1", "1a", ""], 2),
    "string, format: uuid": ("str_contains", ["53581432-6c55-4ba2-a65f-72344a91553a", "53581432"], 1),
    "string, format: ipv4": ("str_contains", ["10.0.0.1", "256.0.0.1", "1.2.3", "1.2.3.4."], 3),
    "string, format: email": ("str_contains", ["a@b.org", "a@b", "a b@c.org"], 2),
}


@pytest.mark.parametrize("options", OPTIONS)
def test_options_of_a_type_are_checks(tmp_path: Path, options: str) -> None:
    """Bounds may be exclusive in the words of version 3.0 and of 3.1; nulls break none of them."""
    word, _, rest = options.partition(", ")
    rule, values, count = OPTIONS[options]
    schema = contract(tmp_path, f"{{name: a, logicalType: {word}, logicalTypeOptions: {{{rest}}}}}")
    (found,) = judged(pl.LazyFrame({"a": values}), schema)
    assert (found.rule, found.count, schema.notes) == (rule, count, ())


def test_days_are_compared_as_days(tmp_path: Path) -> None:
    """Quoted or not."""
    for day in ("2013-07-01", "'2013-07-01'"):
        schema = contract(tmp_path, f"{{name: a, logicalType: date, logicalTypeOptions: {{minimum: {day}}}}}")
        frame = pl.LazyFrame({"a": ["2013-06-30", "2013-07-01"]}).with_columns(pl.col("a").str.to_date())
        assert [one.count for one in judged(frame, schema)] == [1]


def test_an_option_that_no_check_stands_for_is_told(tmp_path: Path) -> None:
    """And so are nested structures and relationships."""
    schema = contract(
        tmp_path,
        "{name: a, logicalType: number, logicalTypeOptions: {multipleOf: 5, format: f32}}",
        "{name: b, logicalType: string, logicalTypeOptions: {format: hostname}, relationships: [{to: airports.faa}]}",
        "{name: c, logicalType: array, items: {logicalType: string}, logicalTypeOptions: {maxItems: 3}}",
        "{name: d, semanticType: measure, transformLogic: SUM(a)}",
    )
    assert [note.partition(": ")[2] for note in schema.notes] == [
        "4 options of a logical type are not judged by mlgate: a multipleOf, a format, b format, c maxItems",
        "1 relationship is not judged by mlgate: b",
        "1 nested structure is not judged by mlgate: c",
        "1 measure is not judged by mlgate: d",
    ]
    assert [column.name for column in schema.columns] == ["a", "b", "c"]


def test_a_key_of_several_columns_identifies_together(tmp_path: Path) -> None:
    """In the order of their positions."""
    schema = contract(
        tmp_path,
        "{name: b, logicalType: integer, primaryKey: true, primaryKeyPosition: 2}",
        "{name: a, logicalType: integer, primaryKey: true, primaryKeyPosition: 1}",
    )
    (found,) = judged(pl.LazyFrame({"a": [1, 1, 1], "b": [1, 2, 1]}), schema)
    assert (found.column, found.expected, found.count) == (None, "no two rows alike in a, b", 2)


QUALITY = {
    "metric: nullValues, mustBe: 0": ("nullable", "error", True),
    "metric: nullValues, mustBe: 0, severity: warning": ("nullable", "warn", False),
    "metric: nullValues, mustBeLessThan: 3, unit: rows": ("nullable", "warn", False),
    "metric: nullValues, mustBeLessThan: 2": ("nullable", "error", True),
    "metric: nullValues, mustBeLessOrEqualTo: 20, unit: percent": ("nullable", "warn", False),
    "metric: nullValues, mustBeLessThan: 20, unit: percent": ("nullable", "error", True),
    "metric: nullValues, mustBeBetween: [0, 2]": ("nullable", "warn", False),
    "metric: missingValues, mustBe: 0, arguments: {missingValues: [null]}": ("nullable", "error", True),
    "metric: missingValues, mustBe: 0, arguments: {missingValues: [N/A]}": ("notin", "error", True),
    "metric: missingValues, mustBeLessThan: 2, arguments: {missingValues: [N/A]}": ("notin", "warn", False),
    "metric: invalidValues, mustBe: 0, arguments: {pattern: '^[A-Z]*$'}": ("str_contains", "error", True),
    "metric: invalidValues, mustBeLessThan: 15, unit: percent, arguments: {pattern: '^[A-Z]*$'}": (
        "str_contains", "warn", False,
    ),
    "metric: duplicateValues, mustBe: 0": ("unique", "error", True),
    "type: library, rule: duplicateCount, mustBeLessThan: 10, unit: rows": ("unique", "warn", False),
}  # fmt: skip
TEXTS = pl.LazyFrame({"a": ["A", "B", "C", "D", "E", "F", "N/A", "N", None, None]})


@pytest.mark.parametrize("quality", QUALITY)
def test_quality_rules_of_the_library_are_rules_with_limits(tmp_path: Path, quality: str) -> None:
    """In rows or in percent: below its limit a broken rule is told, and stops nothing."""
    schema = contract(tmp_path, f"{{name: a, logicalType: string, quality: [{{{quality}}}]}}")
    rule, severity, stops = QUALITY[quality]
    frame = pl.LazyFrame({"a": list("AAB")}) if rule == "unique" else TEXTS
    (found,) = judged(frame, schema)
    assert (found.rule, found.severity, found.judges, schema.notes) == (rule, severity, stops, ())


def test_the_strictest_of_several_limits_holds(tmp_path: Path) -> None:
    """A warning from the first row, an error beyond two; and what is required is required."""
    rules = "quality: [{metric: nullValues, mustBe: 0, severity: warning}, {metric: nullValues, mustBeLessThan: 3}]"
    schema = contract(tmp_path, f"{{name: a, logicalType: string, {rules}}}")
    assert [one.judges for one in judged(TEXTS, schema)] == [False]
    assert [one.judges for one in judged(pl.concat([TEXTS, TEXTS]), schema)] == [True]
    required = contract(tmp_path, f"{{name: a, logicalType: string, required: true, {rules}}}")
    assert [one.judges for one in judged(TEXTS, required)] == [True]


NOT_JUDGED = [
    "metric: nullValues, mustBeGreaterThan: 3",
    "metric: nullValues, mustBe: 3",
    "metric: nullValues",
    "metric: nullValues, mustBeLessThan: 3, unit: weeks",
    "metric: missingValues, mustBeLessThan: 3, arguments: {missingValues: [null, N/A]}",
    "metric: invalidValues, mustBe: 0",
    "metric: invalidValues, mustBe: 0, arguments: {minimum: 3}",
    "metric: freshness, mustBe: 0",
    "metric: rowCount, mustBeGreaterThan: 3",
    "metric: nullValues, mustBe: zero",
]


@pytest.mark.parametrize("quality", NOT_JUDGED)
def test_a_quality_rule_that_no_rule_stands_for_is_told(tmp_path: Path, quality: str) -> None:
    """It asks nothing, and says so."""
    schema = contract(tmp_path, f"{{name: a, logicalType: string, quality: [{{{quality}}}]}}")
    assert judged(TEXTS, schema) == []
    (note,) = schema.notes
    assert "1 quality rule of type library is not judged by mlgate: a " in note


COUNTS = {
    "mustBeGreaterThan: 10": "more than 10 rows",
    "mustBeLessThan: 10": "less than 10 rows",
    "mustBeBetween: [11, 2000]": "11 to 2,000 rows",
    "mustBe: 9": "9 rows",
    "mustNotBe: 10": "not 10 rows",
}


@pytest.mark.parametrize("asked", COUNTS)
def test_the_number_of_rows_is_a_rule_of_the_file(tmp_path: Path, asked: str) -> None:
    """Broken by all of its rows, and said in words."""
    more = f"    quality: [{{metric: rowCount, {asked}}}]"
    schema = contract(tmp_path, "{name: a, logicalType: string}", more=more)
    (found,) = judged(TEXTS, schema)
    assert (found.rule, found.expected, found.count, found.judges) == ("row_count", COUNTS[asked], 10, True)
    good = contract(tmp_path, "{name: a, logicalType: string}", more="    quality: [{metric: rowCount, mustBe: 10}]")
    assert (judged(TEXTS, good), good.notes) == ([], ())


def test_rows_alike_in_some_properties_are_found_by_their_columns(tmp_path: Path) -> None:
    """Properties are named as the contract names them; an unknown one is an error."""
    text = "    quality: [{metric: duplicateValues, mustBeLessThan: 3, arguments: {properties: [%s, b]}}]"
    columns = ("{name: one, physicalName: a, logicalType: integer}", "{name: b, logicalType: integer}")
    frame = pl.LazyFrame({"a": [1, 1, 2], "b": [1, 1, 2]})
    (found,) = judged(frame, contract(tmp_path, *columns, more=text % "one"))
    assert (found.rule, found.expected, found.severity) == ("unique", "no two rows alike in a, b", "warn")
    with pytest.raises(ConfigError, match="found 'two', expected a property of this object"):
        contract(tmp_path, *columns, more=text % "two")


GOOD = "kind: DataContract\napiVersion: v3.1.0\nschema:\n  - name: t\n    properties:\n      - {name: a}\n"
WRONG = {
    "kind: DataContract\napiVersion: v2.2.0\ndataset: []\n": "line 2, apiVersion: found 'v2.2.0', expected a version 3",
    GOOD.replace(
        "kind: DataContract", "kind: Datacontract"
    ): "line 1, kind: found 'Datacontract', expected DataContract",
    GOOD.replace("{name: a}", "{name: a, requierd: true}"): "line 6, schema.0.properties.0.requierd",
    GOOD.replace("{name: a}", "{name: a, logicalType: int}"): "line 6, schema.0.properties.0.logicalType: found 'int'",
    GOOD.replace("{name: a}", "{name: 3}"): "line 6, schema.0.properties.0.name: found 3, expected a valid string",
    GOOD.replace("{name: a}", "{logicalType: string}"): "expected a name that no other property has",
    GOOD.replace("{name: a}", "{name: a}\n      - {name: a}"): "line 7, schema.0.properties.1.name: found 'a'",
    GOOD.replace("{name: a}", "{name: a, quality: [{metrics: x}]}"): "quality.0.metrics",
    GOOD.replace("{name: a}", "{name: a, quality: {}}"): "schema.0.properties.0.quality: found {}",
    GOOD.replace(
        "{name: a}", "{name: a, logicalType: string, logicalTypeOptions: {pattern: '(?=a)'}}"
    ): "no look-around",
    GOOD.replace(
        "{name: a}", "{name: a, logicalType: integer, logicalTypeOptions: {minimum: low}}"
    ): "expected a number",
    GOOD.replace("{name: a}", "{name: a, logicalType: integer, logicalTypeOptions: {minimum: 3, maximum: 1}}"): "lower",
    GOOD.replace("{name: a}", "{name: a, enum: [{value: null}]}"): "found [], expected a list of values",
    "kind: DataContract\napiVersion: v3.1.0\n": "has no schema objects",
    "kind: DataContract\napiVersion: v3.1.0\nschema: 3\n": "line 3, schema: found 3",
    "kind: DataContract\napiVersion: v3.1.0\nschema: [{name: t}]\n": "at least one property",
    GOOD + "contrat: 3\n": "contrat: found 3, expected no such key here",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_with_a_contract_is_named(tmp_path: Path, text: str) -> None:
    """With the file, the line and what is expected there."""
    with pytest.raises(ConfigError) as error:
        load_schema(written(tmp_path, text))
    assert "contract.yaml" in error.value.message
    assert WRONG[text] in error.value.message
    assert error.value.hint


def test_the_library_is_asked_for_where_it_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the name of the extra."""
    monkeypatch.setitem(sys.modules, "open_data_contract_standard.model", None)
    with pytest.raises(ConfigError) as error:
        load_schema(written(tmp_path, GOOD))
    assert error.value.hint == install("contracts")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["name", "properties", "quality", "metric", "mustBe", "logicalType", "items", "enum", "x"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_stands_under_schema_is_read_or_refused(tmp_path: Path, body: Any) -> None:
    """Never a traceback."""
    text = yaml.safe_dump({"kind": "DataContract", "apiVersion": "v3.1.0", "schema": body})
    path = written(tmp_path, text)
    told = ""
    try:
        told = load_schema(path).columns[0].name
    except ConfigError as error:
        told = error.message
    assert told
