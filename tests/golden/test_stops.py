"""A run that came to no model reads as its golden file does; `UPDATE_GOLDEN=1 pytest tests/golden` writes it again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from mlgate.config.load import parse
from mlgate.errors import ConfigError
from mlgate.report import markdown
from mlgate.report.draft import Draft
from mlgate.report.html import page
from mlgate.report.report import Report, Stop
from tests.golden.test_golden import shown

HERE = Path(__file__).parent / "stops"
BROKEN = {
    "not-yaml": "version: 1\nmodels:\n  churn:\n\tdata: {}\n",
    "wrong-keys": "version: 1\nmodels:\n  churn:\n    data: {trian: data.csv}\n    gate: 7\n",
}


@pytest.fixture(autouse=True)
def _fixed_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlgate.__version__", "0.0.0")


def stopped(story: str, cases: dict[str, Any], **context: Any) -> Report:
    """Report what a broken configuration's error says."""
    with pytest.raises(ConfigError) as raised:
        parse(BROKEN[story], "mlgate.yaml")
    stop = Stop(problems=tuple(raised.value.message.splitlines()), hint=raised.value.hint)
    return Report.of_stop(stop, cases["CONTEXT"].model_copy(update=context))


@pytest.mark.parametrize("story", list(BROKEN))
def test_a_stop_reads_as_its_golden_file(story: str, cases: dict[str, Any]) -> None:
    """To the letter, but for the hidden lines."""
    text = shown(markdown.comment(stopped(story, cases)))
    golden = HERE / f"{story}.md"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_what_else_a_stop_says(cases: dict[str, Any]) -> None:
    """After a merge also that nothing was promoted, and of one project of several, which."""
    report = stopped("wrong-keys", cases, merged=True, project="models/churn")
    assert "**ERROR**: nothing was judged or promoted in `models/churn`." in markdown.comment(report)
    told = page(report)
    assert "Nothing was judged or promoted" in told
    assert told.count("the key &#39;train&#39; is missing") == 2
    assert report.verdict.sentence.endswith("the key 'key' is missing (and 7 more problems)")


def test_a_stop_holds_where_no_section_of_its_project_is_left(cases: dict[str, Any]) -> None:
    """A job that raced with it, and brought an older verdict back, is written over."""
    older = markdown.comment(Report.of(cases["CASES"]["passed"], cases["context_of"]("passed")))
    report = stopped("not-yaml", cases)
    assert not Draft(report=report).holds(older)
    assert Draft(report=report).holds(markdown.comment(report))
    assert Draft(report=stopped("not-yaml", cases, project="elsewhere")).holds(older)
    assert Draft(report=stopped("not-yaml", cases, closed=True)).holds(older)
