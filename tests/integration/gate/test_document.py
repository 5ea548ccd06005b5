"""docs/gate.md shows what the gate really prints, on the files that it really makes."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from mlgate.__main__ import run

ROOT = Path(__file__).parents[3]
DOC = (ROOT / "docs" / "gate.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """Return the first fenced block of a language."""
    found = re.search(rf"^```{language}\n(.*?)^```$", DOC, flags=re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def test_the_worked_example_is_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Word for word, and with the exit code that the text names."""
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(ROOT / "examples" / "gate" / "make_predictions.py"), run_name="__main__")
    files = ["--candidate-predictions", "candidate.csv", "--production-predictions", "production.csv"]
    assert run(["compare", *files, "--policy", str(ROOT / "examples" / "gate" / "policy.yaml")]) == 1
    assert capsys.readouterr().out == block("text")


def test_the_policy_that_is_shown_is_the_one_that_is_run() -> None:
    """The document and the example are one."""
    assert block("yaml") == (ROOT / "examples" / "gate" / "policy.yaml").read_text(encoding="utf-8")
