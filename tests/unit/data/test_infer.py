"""A drafted schema: what was there satisfies it, and a person can read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandera.polars as pa
import polars as pl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing.parametric import series

from mlgate.__main__ import run
from mlgate.data.schema.infer import infer
from mlgate.data.schema.source import load_schema
from mlgate.data.validation.rules import violations

ANY = st.one_of(
    series(max_size=12, excluded_dtypes=[pl.Object]),
    st.lists(st.floats(), max_size=12).map(pl.Series),
    st.lists(st.text(max_size=30), max_size=12).map(lambda values: pl.Series(values, dtype=pl.String)),
    st.lists(st.sampled_from(["yes", "no", "null", "1e5", "2013-01-01", "#", "- a"]), min_size=12).map(pl.Series),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=ANY, name=st.text(min_size=1, max_size=20))
def test_data_satisfies_the_schema_drafted_from_it(tmp_path: Path, values: pl.Series, name: str) -> None:
    """Whatever it holds, and whatever its columns are called."""
    frame = pl.LazyFrame([values.alias(name)])
    path = tmp_path / "schema.yaml"
    path.write_text(infer(frame, file="d.parquet"), encoding="utf-8")
    assert violations(frame, load_schema(path), file="d.parquet", key=name) == ()


def drafted(**columns: Any) -> dict[str, Any]:
    """Draft a schema and read it as YAML."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(infer(pl.LazyFrame(columns), file="d.csv"))
    return found["columns"]


def test_ranges_have_room_and_few_values_are_listed() -> None:
    """A number reaches beyond what was seen, on its side of 0; whole numbers of few values and few words do not."""
    found = drafted(
        amount=[10.0, 20.0, 110.0] * 10,
        change=[-10.0, 0.0, 20.0] * 10,
        share=[0.1, 0.5, 0.9] * 10,
        weekday=[1, 4, 7] * 10,
        plan=["free", "team", "firm"] * 10,
        note=["a", "b"] + [f"note {number}" for number in range(28)],
    )
    assert found["amount"]["checks"] == {"in_range": {"min_value": 0, "max_value": 160}}
    assert found["change"]["checks"] == {"in_range": {"min_value": -25, "max_value": 35}}
    assert found["share"]["checks"] == {"in_range": {"min_value": 0, "max_value": 1}}
    assert found["weekday"]["checks"] == {"in_range": {"min_value": 1, "max_value": 7}}
    assert found["plan"]["checks"] == {"isin": ["firm", "free", "team"]}
    assert "checks" not in found["note"]


def test_identifiers_are_unique_and_nulls_are_allowed_where_they_were() -> None:
    """A column called like an identifier is one where no value stands twice."""
    found = drafted(user_id=[f"u{number}" for number in range(30)], group_id=[1, 2, 3] * 10, age=[1.5, None, 2.5] * 10)
    assert found["user_id"] == {"dtype": "string", "unique": True}
    assert "unique" not in found["group_id"]
    assert found["age"]["nullable"] is True


def test_pandera_reads_the_draft_as_well(tmp_path: Path) -> None:
    """It is pandera's layout, with types that its polars engine knows."""
    frame = pl.DataFrame({"a": [1.5, 2.5] * 9, "b": ["x", "y"] * 9, "c": [True, False] * 9, "d": [1, 2] * 9})
    path = tmp_path / "schema.yaml"
    path.write_text(infer(frame.lazy(), file="d.csv"), encoding="utf-8")
    schema = pa.DataFrameSchema.from_yaml(path)
    assert schema.validate(frame).equals(frame)
    with pytest.raises(pa.errors.SchemaErrors):
        schema.validate(frame.with_columns(a=pl.lit(-1.0)), lazy=True)


def test_a_schema_that_is_there_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Unless a person says so; without a file the draft goes to standard output."""
    data, schema = tmp_path / "d.csv", tmp_path / "schema.yaml"
    data.write_text("a,b\n1,x\n2,y\n", encoding="utf-8")
    assert run(["infer-schema", str(data)]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"# Drafted from {data}")
    schema.write_text("mine", encoding="utf-8")
    assert run(["infer-schema", str(data), "-o", str(schema)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert run(["infer-schema", str(data), "-o", str(schema), "--force"]) == 0
    assert schema.read_text(encoding="utf-8") == text
