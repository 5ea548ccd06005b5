"""Checks that Python answers value by value: in batches, counted in full, and told."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlgate.data.files.read import scan
from mlgate.data.schema import batches
from mlgate.data.schema.batches import ROWS, judge_batches
from mlgate.data.schema.schema import Failures, Schema
from mlgate.data.schema.source import load_schema
from mlgate.data.validation.rules import violations

MODEL = """
import pandera.polars as pa

class Flights(pa.DataFrameModel):
    a: int = pa.Field(ge=0, nullable=True)
    b: int = pa.Field(nullable=True)

    @pa.check("a", "b", element_wise=True)
    def even(cls, value):
        return value % 2 == 0

    @pa.dataframe_check(element_wise=True)
    def small(cls, value):
        return value < 10_000_000
"""


@pytest.fixture
def schema(tmp_path: Path) -> Schema:
    """The model above, as a schema."""
    (tmp_path / "flights.py").write_text(MODEL, encoding="utf-8")
    return load_schema(tmp_path / "flights.py", "Flights")


def test_a_bad_value_is_found_in_the_last_batch(tmp_path: Path, schema: Schema) -> None:
    """Of three batches, in a file and in memory; rows are counted from the file's first."""
    height = 2 * ROWS + 3
    frame = pl.DataFrame({"a": pl.Series([0] * height), "b": pl.Series([2] * height)})
    frame[height - 1, "a"] = 1
    frame[height - 2, "b"] = 10_000_001
    frame[7, "b"] = 3
    frame.write_parquet(tmp_path / "d.parquet", row_group_size=30_000)
    for read in (frame.lazy(), scan(tmp_path / "d.parquet")):
        found = violations(read, schema, file="d.parquet", key="id")
        assert [(one.column, one.rule, one.count, [row.row for row in one.examples]) for one in found] == [
            ("a", "even", 1, [height - 1]),
            ("b", "even", 2, [7, height - 2]),
            (None, "small", 1, [height - 2]),
        ]


def test_no_more_than_a_batch_is_held() -> None:
    """A frame is handed on in order, in parts of at most ROWS rows."""
    sizes = []

    def judge(batch: pl.DataFrame) -> pl.Series:
        sizes.append(len(batch))
        return batch["a"] % ROWS != 5

    found = judge_batches(pl.LazyFrame({"a": range(3 * ROWS + 1)}), judge, limit=2)
    assert found == Failures(answers=3 * ROWS + 1, count=3, first=(5, ROWS + 5))
    assert max(sizes) <= ROWS
    assert sum(sizes) == 3 * ROWS + 1


@settings(max_examples=50, deadline=None)
@given(holds=st.lists(st.booleans(), max_size=20), limit=st.integers(0, 6), size=st.integers(1, 7))
def test_batches_add_up_to_the_whole(holds: list[bool], limit: int, size: int) -> None:
    """Whatever the answers and wherever the batches end, they give what one batch would."""
    whole = pl.Series("a", holds, dtype=pl.Boolean)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "ROWS", size)
        found = judge_batches(whole.to_frame().lazy(), lambda batch: batch["a"], limit=limit)
    assert found == Failures.of(whole, limit=limit)


def test_nulls_count_as_good(schema: Schema) -> None:
    """As pandera has it: the function is not asked about them."""
    assert violations(pl.LazyFrame({"a": [None, 2], "b": [4, None]}), schema, file="d.parquet", key="id") == ()
    nothing = pl.LazyFrame({"a": [], "b": []}, schema={"a": pl.Int64, "b": pl.Int64})
    assert violations(nothing, schema, file="d.parquet", key="id") == ()


def test_a_function_that_fails_in_a_later_batch_is_told(tmp_path: Path) -> None:
    """What it raises there is a violation of every row."""
    (tmp_path / "checks.py").write_text("def inverse(value):\n    return 1 / value > 0\n", encoding="utf-8")
    (tmp_path / "s.yaml").write_text('columns: {a: {"checks.py:inverse": {options: {element_wise: true}}}}')
    frame = pl.LazyFrame({"a": [1] * ROWS + [0]})
    (found,) = violations(frame, load_schema(tmp_path / "s.yaml"), file="d.parquet", key="id")
    assert (found.rule, found.count) == ("inverse", ROWS + 1)
    assert "ZeroDivisionError: division by zero" in found.expected


def test_what_runs_row_by_row_is_told_once(tmp_path: Path, schema: Schema) -> None:
    """Broken or not, once for each check on however many columns, of a model and of a YAML schema."""
    slow = "runs row by row in Python (element_wise); a check on whole columns is faster"
    assert schema.notes == (f"flights.py: even {slow}", f"flights.py: small {slow}")
    (tmp_path / "checks.py").write_text("def even(value):\n    return value % 2 == 0\n", encoding="utf-8")
    check = '{"checks.py:even": {options: {element_wise: true}}}'
    (tmp_path / "s.yaml").write_text(f"columns: {{a: {check}, b: {check}, c: {{ge: 0}}}}")
    assert load_schema(tmp_path / "s.yaml").notes == (f"s.yaml: even {slow}",)
