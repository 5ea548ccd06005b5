"""docs/data.md shows configuration that mlgate takes, and a check of the user's own that runs."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import polars as pl
import pytest
import yaml

from mlgate.config.data import Data
from mlgate.data.schema.source import load_schema
from mlgate.data.validation.rules import violations

DOC = (Path(__file__).parents[3] / "docs" / "data.md").read_text(encoding="utf-8")
NEEDED = {"train": "t.parquet", "held_out": "h.parquet", "key": "id", "label": "y"}


def blocks(language: str, word: str) -> list[str]:
    """Return the fenced blocks of a language that hold a word."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", DOC, flags=re.MULTILINE | re.DOTALL)
    return [dedent(block) for block in found if word in block]


@pytest.mark.parametrize("block", [*blocks("yaml", "data:\n"), *blocks("yaml", "tolerances:\n")])
def test_every_data_section_that_is_shown_is_taken(block: str) -> None:
    """Key by key, as mlgate.yaml would hold it."""
    shown = yaml.safe_load(block)
    data = Data.model_validate({**NEEDED, **shown.get("data", shown)}, strict=False)
    assert data.model_dump(exclude_defaults=True)


def test_the_checks_of_one_s_own_that_are_shown_run(tmp_path: Path) -> None:
    """On whole columns with arguments, and value by value."""
    (schema,) = blocks("yaml", "is_airport")
    (code,) = blocks("python", "def is_airport")
    helper = "import polars\n\n\ndef airports(countries):\n    return ['JFK'] if countries == ['US'] else []\n\n\n"
    (tmp_path / "checks.py").write_text(helper + code, encoding="utf-8")
    path = tmp_path / "schema.yaml"
    asked = yaml.safe_load(schema)["origin"]["checks"]
    columns = {"origin": {"checks": {"checks.py:is_airport": asked["checks.py:is_airport"]}}}
    columns["n"] = {"checks": {"checks.py:even": asked["checks.py:even"]}}
    path.write_text(yaml.safe_dump({"columns": columns}, sort_keys=False), encoding="utf-8")
    frame = pl.LazyFrame({"origin": ["JFK", "XXX"], "n": [2, 3]})
    found = violations(frame, load_schema(path), file="d.parquet", key=None)
    assert [(one.column, one.rule, one.count) for one in found] == [("origin", "is_airport", 1), ("n", "even", 1)]
