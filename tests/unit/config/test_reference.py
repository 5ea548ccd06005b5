"""What the name of a schema means."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mlgate.config.load import load
from mlgate.config.reference import Reference, split_reference
from tests.unit.config.test_load import changed

NAMES = {
    "schema.yaml": Reference("schema.yaml"),
    "checks.py:Flights": Reference("checks.py", "Flights"),
    "my.checks.py:Flights": Reference("my.checks.py", "Flights"),
    "contracts/flights.yml:flights": Reference("contracts/flights.yml", "flights"),
    "contract.yaml:with: colon.py:x": Reference("contract.yaml", "with: colon.py:x"),
    "suite.json": Reference("suite.json"),
    "contract.yaml:": Reference("contract.yaml:"),
    "data:2013.parquet": Reference("data:2013.parquet"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_a_file_or_a_part_of_one(name: str) -> None:
    """The part follows the first ending of a file that can hold parts."""
    assert split_reference(name) == NAMES[name]


@given(st.text())
def test_nothing_of_a_name_is_lost(name: str) -> None:
    """File and part together are the name."""
    found = split_reference(name)
    assert ":".join([found.file, *([found.part] if found.part else [])]) == name


@pytest.mark.parametrize("name", ["my.checks.py:Flights", "contract.yaml:flights", "schema.yaml"])
def test_the_file_of_a_schema_is_found(tmp_path: Path, name: str) -> None:
    """Whichever part of it is meant."""
    file = tmp_path / split_reference(name).file
    file.write_text("", encoding="utf-8")
    (tmp_path / "mlgate.yaml").write_text(yaml.safe_dump(changed("models.churn.data.schema", name)), encoding="utf-8")
    assert load(tmp_path / "mlgate.yaml").file("churn", "data", "schema") == file
