"""One file and a schema in, a verdict out, anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import polars as pl
import pytest

from mlgate.__main__ import run

SCHEMA = """\
columns:
  id: {dtype: int64, unique: true}
  hour: {dtype: int64, checks: {in_range: {min_value: 0, max_value: 23}}}
  carrier: {dtype: string, nullable: true, checks: {isin: [AA, UA]}}
"""
MODEL = """\
import pandera.polars as pa


class Flights(pa.DataFrameModel):
    hour: int = pa.Field(ge=0, le=23)
"""
SOUND = {"id": [1, 2, 3], "hour": [0, 5, 23], "carrier": ["AA", "UA", None]}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder without git, registry or mlgate.yaml, with two schemas and a sound file."""
    (tmp_path / "schema.yaml").write_text(SCHEMA, encoding="utf-8")
    (tmp_path / "checks.py").write_text(MODEL, encoding="utf-8")
    write(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, **changed: object) -> None:
    """Write the file with columns changed."""
    pl.DataFrame({**SOUND, **changed}, strict=False).write_parquet(folder / "flights.parquet")


def validate(*more: str, schema: str = "schema.yaml") -> int:
    """Judge the file."""
    return run(["validate", "--data", "flights.parquet", "--schema", schema, *more])


@pytest.mark.parametrize("schema", ["schema.yaml", "checks.py:Flights"])
def test_a_sound_file_passes(folder: Path, capsys: pytest.CaptureFixture[str], schema: str) -> None:
    """And nothing is written beside it."""
    before = sorted(folder.iterdir())
    assert validate("--key", "id", schema=schema) == 0
    assert "PASS         flights.parquet · data: " in capsys.readouterr().out
    assert sorted(folder.iterdir()) == before


def test_broken_rules_are_counted_and_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By exit code 1, with the rows that break them by number and key."""
    write(folder, hour=[0, 99, -1])
    assert validate("--key", "id") == 1
    shown = capsys.readouterr().out
    assert "FAIL         flights.parquet · data: flights.parquet: hour: 2 rows" in shown
    assert (
        "flights.parquet: hour: expected from 0 to 23 (2 of 3 rows)\n      row 1 (2): 99\n      row 2 (3): -1" in shown
    )


def test_examples_are_as_many_as_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """None where nothing of the data may be shown; the count stays."""
    write(folder, hour=[0, 99, -1])
    assert validate("--examples", "0") == 1
    shown = capsys.readouterr().out
    assert "flights.parquet: hour: expected from 0 to 23 (2 of 3 rows)" in shown
    assert "99" not in shown


def test_a_named_key_is_judged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """That it is there, in every row, and on one row only; without one nothing is asked of keys."""
    write(folder, carrier=["AA", "AA", None])
    assert validate() == 0
    assert validate("--key", "carrier") == 1
    shown = capsys.readouterr().out
    assert "carrier: expected a key in every row (1 of 3 rows)" in shown
    assert "carrier: expected each key on one row only (2 of 3 rows)" in shown
    assert validate("--key", "carriers") == 1
    assert "a column named 'carriers' (--key); was it renamed to 'carrier'?" in capsys.readouterr().out


def test_a_file_without_rows_is_not_sound(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rules that no row could break show nothing."""
    pl.DataFrame(SOUND).clear().write_parquet(folder / "flights.parquet")
    assert validate("--key", "id") == 1
    assert "expected at least one row" in capsys.readouterr().out


def test_machines_get_json_by_a_published_schema(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output holds the document and nothing else; `mlgate schema validation` describes it."""
    write(folder, hour=[0, 99, -1])
    assert validate("--json") == 1
    document = json.loads(capsys.readouterr().out)
    assert run(["schema", "validation"]) == 0
    jsonschema.validate(document, json.loads(capsys.readouterr().out))
    assert (document["verdict"]["outcome"], document["rows"], document["rules"]) == ("FAIL", 3, 11)
    (violation,) = document["violations"]
    assert (violation["column"], violation["rule"], violation["count"]) == ("hour", "in_range", 2)


def test_a_workflow_gets_outputs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The verdict, whether it passed, and the document; empty inputs of the action mean nothing."""
    monkeypatch.setenv("GITHUB_OUTPUT", str(folder / "outputs"))
    monkeypatch.setenv("MLGATE_VALIDATE_DATA", "flights.parquet")
    monkeypatch.setenv("MLGATE_VALIDATE_SCHEMA", "schema.yaml")
    for name in ("KEY", "ENGINE", "EXAMPLES", "MODEL"):
        monkeypatch.setenv(f"MLGATE_VALIDATE_{name}", "")
    assert run(["validate"]) == 0
    written = (folder / "outputs").read_text(encoding="utf-8")
    assert "PASS" in written
    assert '"judged_by":"schema.yaml"' in written


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--data", "flights.parquet"], "give --data and --schema"),
        (["--schema", "schema.yaml"], "give --data and --schema"),
        (["--key", "id"], "are for one file: give --data and --schema"),
        (["--examples", "0"], "are for one file: give --data and --schema"),
        (["--data", "flights.parquet", "--schema", "schema.yaml", "--examples", "51"], "0<=x<=50"),
        (["--data", "none.parquet", "--schema", "schema.yaml"], "none.parquet does not exist"),
        (["--data", "flights.parquet", "--schema", "none.yaml"], "none.yaml does not exist"),
        (["--data", "flights.parquet", "--schema", "none.py:Flights"], "none.py: importing it failed"),
        (["--data", "flights.parquet", "--schema", "checks.py:Flight"], "it has Flights"),
        (["--data", "checks.py", "--schema", "schema.yaml"], "of a kind that mlgate does not read"),
    ],
)
def test_a_wrong_request_is_named(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    """Exit code 2, with what was found and what to do next."""
    assert run(["validate", *arguments]) == 2
    assert said in capsys.readouterr().err
