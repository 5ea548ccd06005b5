"""Each story reads as its golden file does; `UPDATE_GOLDEN=1 pytest tests/golden` writes them again."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from mlgate.report import markdown, marks
from mlgate.report.report import Report

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def _fixed_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release must not rewrite every golden file."""
    monkeypatch.setattr("mlgate.__version__", "0.0.0")


def test_a_comment_reads_as_its_golden_file(case: str, cases: dict[str, Any]) -> None:
    """The comment of this story is, to the letter and but for its hidden lines, the one that a person approved."""
    report = Report.of(cases["CASES"][case], cases["context_of"](case))
    text = shown(markdown.comment(report))
    golden = HERE / f"{case}.md"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def shown(comment: str) -> str:
    """Take the hidden lines out of a comment."""
    lines = [line for line in comment.split("\n") if not marks.is_mark(line)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def test_every_golden_file_has_its_case(cases: dict[str, Any]) -> None:
    """No golden file is left behind by a story that is gone."""
    assert {path.stem for path in HERE.glob("*.md")} == set(cases["CASES"])


def test_a_summary_is_the_comment_without_its_hidden_lines(case: str, cases: dict[str, Any]) -> None:
    """Reviewer and log reader see the same."""
    report = Report.of(cases["CASES"][case], cases["context_of"](case))
    assert markdown.summary(report) == shown(markdown.comment(report))
