"""The descriptions in MLflow's UI read as their golden files do; `UPDATE_GOLDEN=1 pytest tests/golden` writes them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from mlgate.report.description import LIMIT, describe

HERE = Path(__file__).parent / "descriptions"
HOSTILE = "](javascript:alert(1)) <img src=x onerror=alert(1)> @everyone #1 `|` \u202e **x** https://evil.example\n# x"
RUN = "https://github.com/acme/flight-delay/actions/runs/9001"
PROMOTED = {
    "mlgate.operation": "promote",
    "mlgate.base": "7",
    "mlgate.candidate": "flight-delay-candidates/14",
    "mlgate.reason": "Know the weather",
    "mlgate.actor": "ada",
    "mlgate.run_url": RUN,
    "mlgate.commit": "4f9c1d2e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d",
    "mlgate.pull_request": "42",
}
ENTRIES: dict[str, dict[str, str]] = {
    "promoted": PROMOTED,
    "first": {"mlgate.operation": "promote", "mlgate.base": "none", "mlgate.candidate": "flight-delay-candidates/1"},
    "rolled-back": {
        **{key: value for key, value in PROMOTED.items() if key != "mlgate.pull_request"},
        "mlgate.operation": "rollback",
        "mlgate.base": "8",
        "mlgate.original": "7",
        "mlgate.reason": "complaints from the airport",
    },
    "hostile": {
        **dict.fromkeys((*PROMOTED, "mlgate.original"), HOSTILE),
        "mlgate.run_url": "javascript:alert(1)",
        "mlgate.pull_request": "1](https://evil.example",
    },
}


@pytest.mark.parametrize("name", ENTRIES)
def test_a_description_reads_as_its_golden_file(name: str, cases: dict[str, Any]) -> None:
    """What MLflow shows for a version is, to the letter, what a person approved."""
    compared = cases["compared"](cases["BETTER"])
    evidence = {"promoted": compared, "first": cases["ABSOLUTE"]}.get(name)
    text = describe(ENTRIES[name], evidence, version="8", at=cases["NOW"]) + "\n"
    golden = HERE / f"{name}.md"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_every_golden_file_has_its_entry() -> None:
    """No golden file is left behind by an entry that is gone."""
    assert {path.stem for path in HERE.glob("*.md")} == set(ENTRIES)


def test_without_tags_little_is_said() -> None:
    """A description never fails for want of a tag."""
    assert describe({}, None).startswith("**Promoted**; it was the first version.")


def test_a_description_fits_into_mlflow_s_column() -> None:
    """However long the tags are; a part that does not fit is left out as a whole."""
    tags = dict.fromkeys((*PROMOTED, "mlgate.original"), "| `" * 2000)
    text = describe(tags, None, version="9" * 4000)
    assert len(text) <= LIMIT
    assert text.count("\n\n") >= 2
