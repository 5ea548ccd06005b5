"""A check of the user's own that gives no answer, or not one for each row, never passes."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from mlgate.data.schema.source import load_schema
from mlgate.data.validation.rules import violations
from mlgate.records import Violation

SILENT = {
    "null for all": ("data.lazyframe.select(pl.lit(None).cast(pl.Boolean))", "", 3),
    "null for no": ("data.lazyframe.select(pl.when(pl.col(data.key) > 0).then(True))", "", 2),
    "no answers": ("data.lazyframe.filter(pl.lit(False)).select(pl.col(data.key) > 0)", "0 answers for 3 rows", 3),
    "some answers": ("data.lazyframe.head(2).select(pl.col(data.key) < 9)", "2 answers for 3 rows", 3),
    "more answers": ("pl.concat([data.lazyframe.select(pl.col(data.key) < 9)] * 2)", "6 answers for 3 rows", 3),
    "an end": ("sys.exit(0)", "SystemExit", 3),
    "a number": ("42", "AttributeError", 3),
}


def found(folder: Path, body: str, options: str = "{}") -> Violation:
    """Judge 1, -2 and -3 by a function of the user's."""
    (folder / "checks.py").write_text(
        f"import sys\nimport polars as pl\n\n\ndef own(data):\n    return {body}\n", encoding="utf-8"
    )
    path = folder / "schema.yaml"
    path.write_text(f'columns: {{x: {{checks: {{"checks.py:own": {{options: {options}}}}}}}}}\n', encoding="utf-8")
    frame = pl.LazyFrame({"x": [1, -2, -3]})
    (only,) = violations(frame, load_schema(path), file="d.parquet", key=None)
    return only


@pytest.mark.parametrize("way", SILENT)
def test_what_is_no_yes_is_a_no(tmp_path: Path, way: str) -> None:
    """Counted where it answers row by row, else for the whole file; and it says why."""
    body, why, count = SILENT[way]
    only = found(tmp_path, body)
    assert only.judges
    assert only.count == count
    assert why in only.expected


@pytest.mark.parametrize(("body", "count"), [("None", 3), ("data > 0 or None", 2), ("sys.exit(0)", 3)])
def test_value_by_value_as_well(tmp_path: Path, body: str, count: int) -> None:
    """A function that returns nothing for a value has not said that it is good."""
    assert found(tmp_path, body, "{element_wise: true}").count == count


def test_a_null_is_excused(tmp_path: Path) -> None:
    """Checks do not see nulls unless they are told to."""
    (tmp_path / "checks.py").write_text(
        "import polars as pl\n\n\ndef own(data):\n    return data.lazyframe.select(pl.col(data.key) > 0)\n",
        encoding="utf-8",
    )
    path = tmp_path / "schema.yaml"
    path.write_text('columns: {x: {nullable: true, checks: {"checks.py:own": {}}}}\n', encoding="utf-8")
    assert violations(pl.LazyFrame({"x": [1, None, 3]}), load_schema(path), file="d.parquet", key=None) == ()


def test_what_a_check_prints_is_not_printed_among_the_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Standard output belongs to the JSON document."""
    found(tmp_path, "print('::error::x')")
    assert capsys.readouterr().out == ""
