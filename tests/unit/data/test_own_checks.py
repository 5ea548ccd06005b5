"""Checks of the user's own in a YAML schema: `FILE.py:FUNCTION`, with keywords."""

from __future__ import annotations

import textwrap
from pathlib import Path

import polars as pl
import pytest

from mlgate.data.schema.schema import Schema
from mlgate.data.schema.source import load_schema
from mlgate.data.validation.rules import violations
from mlgate.errors import ConfigError
from mlgate.records import BadRow, Violation

CHECKS = '''
    import polars as pl

    AIRPORTS = {"US": ["JFK", "LGA"], "FR": ["CDG"]}

    def is_airport(data, countries):
        """an airport of the countries"""
        known = [code for country in countries for code in AIRPORTS[country]]
        return data.lazyframe.select(pl.col(data.key).is_in(known))

    def even(value, *, of=2):
        return value % of == 0

    def isin(data, name="x"):
        return data.lazyframe.select(pl.col(data.key) != name)
'''


def schema(folder: Path, columns: str, checks: str = CHECKS) -> Schema:
    """Load a schema beside a file of checks."""
    (folder / "checks.py").write_text(textwrap.dedent(checks), encoding="utf-8")
    path = folder / "schema.yaml"
    path.write_text("columns:\n" + textwrap.indent(textwrap.dedent(columns), "  "), encoding="utf-8")
    return load_schema(path)


def judge(schema: Schema, **columns: object) -> list[Violation]:
    """Find the violations of a frame."""
    return list(violations(pl.LazyFrame(columns), schema, file="d.parquet", key="id"))


WAYS = {
    "under checks": 'origin: {checks: {"checks.py:is_airport": {countries: [US]}}}',
    "beside dtype": 'origin: {dtype: string, "checks.py:is_airport": {countries: [US]}}',
    "list": "origin: {checks: [{value: {countries: [US]}, options: {check_name: 'checks.py:is_airport'}}]}",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_function_of_the_user_judges_a_column(tmp_path: Path, way: str) -> None:
    """Wherever a check may stand, the function gets the column and its keywords, and its docstring is told."""
    (found,) = judge(schema(tmp_path, WAYS[way]), id=[7, 8, 9], origin=["JFK", "CDG", "LGA"])
    assert (found.column, found.rule, found.expected) == ("origin", "is_airport", "an airport of the countries")
    assert (found.count, found.examples) == (1, (BadRow(row=1, key="8", value="CDG"),))


def test_a_function_may_take_one_value_at_a_time(tmp_path: Path) -> None:
    """With `element_wise` it gets each value that is there; nulls count as good, unless `ignore_na` is false."""
    text = 'a: {nullable: true, checks: {"checks.py:even": {of: 3, options: {element_wise: true, ignore_na: %s}}}}'
    values = [3, None, 4, 6, 5]
    (found,) = judge(schema(tmp_path, text % "true"), a=values)
    assert (found.rule, found.expected, found.count) == ("even", "even(of=3) holds", 2)
    assert [row.row for row in found.examples] == [2, 4]
    (found,) = judge(schema(tmp_path, text % "false"), a=values)
    assert [row.row for row in found.examples] == [1, 2, 4]


def test_a_function_may_only_warn(tmp_path: Path) -> None:
    """`raise_warning` does for it what it does for every check."""
    loud = schema(tmp_path, 'a: {"checks.py:even": {options: {element_wise: true}}}')
    quiet = schema(tmp_path, 'a: {"checks.py:even": {options: {element_wise: true, raise_warning: true}}}')
    assert [one.severity for one in judge(loud, a=[1]) + judge(quiet, a=[1])] == ["error", "warn"]
    assert loud.rules - quiet.rules == 1


def test_the_words_of_pandera_are_free(tmp_path: Path) -> None:
    """A function may be called as a built-in check is, and a keyword as one of pandera's own."""
    (found,) = judge(schema(tmp_path, 'a: {"checks.py:isin": {name: y}}'), a=["x", "y"])
    assert (found.rule, found.count, [row.row for row in found.examples]) == ("isin", 1, [1])


def test_a_function_that_fails_is_a_violation(tmp_path: Path) -> None:
    """What it raises is told, and nothing counts as sound."""
    (found,) = judge(schema(tmp_path, 'a: {"checks.py:is_airport": {countries: [XX]}}'), a=["JFK"])
    assert (found.rule, found.count) == ("is_airport", 1)
    assert "the check itself failed: KeyError: 'XX'" in found.expected


WRONG = {
    'a: {"other.py:even": {}}': ("line 2, columns.a.other.py:even", "found 'other.py', expected a Python file, named"),
    'a:\n  checks:\n    "checks.py:evn": {}': ("line 4", "a function of checks.py; it has is_airport, even, isin; did"),
    'a: {"checks.py:is_airport": {}}': ("line 2", "missing a required argument: 'countries'"),
    'a: {"checks.py:even": {by: 2}}': ("line 2", "got an unexpected keyword argument 'by'"),
    'a: {"checks.py:even": 3}': ("line 2", "found 3, expected the arguments by name"),
    'a: {"checks.py:even": {options: {element_vise: true}}}': ("element_vise", "did you mean 'element_wise'"),
    'a: {"checks.py:even": {options: {element_wise: 1}}}': ("options.element_wise", "true or false"),
    'a: {checks: {"checks.py": {}}}': ("columns.a.checks.checks.py", "a check: FILE.py:FUNCTION, or one of"),
    'a: {checks: [{of: 3, options: {check_name: "checks.py:even"}}]}': ("columns.a.checks.0.of", "one of value"),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_named_with_the_line(tmp_path: Path, text: str) -> None:
    """A file, a function, a keyword or an option that is not there is told with the line of the schema."""
    where, expected = WRONG[text]
    with pytest.raises(ConfigError) as caught:
        schema(tmp_path, text)
    assert where in caught.value.message
    assert expected in caught.value.message
    assert caught.value.hint


def test_an_error_in_the_file_names_both_lines(tmp_path: Path) -> None:
    """That of the schema and that of the Python file."""
    with pytest.raises(ConfigError) as caught:
        schema(tmp_path, 'a: {"checks.py:even": {}}', "x = 1\ny = 1 / 0\n")
    assert "schema.yaml, line 2" in caught.value.message
    assert "checks.py, line 2: importing it failed: ZeroDivisionError" in caught.value.message


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    """It is imported once for all of its checks, and anew when it has changed."""
    text = 'a: {"checks.py:odd": {options: {element_wise: true}}}'
    body = "print('read', file=open(__file__ + '.log', 'a'))\ndef odd(value):\n    return value %% 2 == %d\n"
    assert judge(schema(tmp_path, f"{text}\nb: {text[3:]}", body % 1), a=[1], b=[1]) == []
    assert (tmp_path / "checks.py.log").read_text() == "read\n"
    assert len(judge(schema(tmp_path, text, body % 0), a=[1])) == 1


def test_neighbours_of_one_name_are_not_mixed_up(tmp_path: Path) -> None:
    """Two folders, each with a helper of the same name: each schema gets its own."""
    for name, limit in (("a", 1), ("b", 100)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "helpers.py").write_text(f"LIMIT = {limit}\n", encoding="utf-8")
        (folder / "flights.py").write_text(
            "import pandera.polars as pa\nfrom helpers import LIMIT\n\n\n"
            "class Flights(pa.DataFrameModel):\n    hour: int = pa.Field(le=LIMIT)\n",
            encoding="utf-8",
        )
    frame = pl.LazyFrame({"hour": [50]})
    counts = [
        len(violations(frame, load_schema(tmp_path / name / "flights.py", "Flights"), file="d.parquet", key=None))
        for name in ("a", "b")
    ]
    assert counts == [1, 0]
