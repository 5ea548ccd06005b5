"""docs/gate.md shows what the gate really prints, on the files that it really makes."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
import yaml

from mlgate.__main__ import run
from mlgate.config.metrics import KNOWN
from mlgate.config.rule import Rule
from mlgate.config.shorthand import rules_of

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "gate"
DOC = (ROOT / "docs" / "gate.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", DOC, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the two files that the example makes."""
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(EXAMPLE / "make_predictions.py"), run_name="__main__")
    return tmp_path


def compare(policy: str, *more: str) -> int:
    """Compare the two files by one of the example's policies."""
    files = ["--candidate-predictions", "candidate.csv", "--production-predictions", "production.csv"]
    return run(["compare", *files, "--policy", str(EXAMPLE / policy), *more])


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(("policy", "number"), [("policy.yaml", 0), ("slices.yaml", 1)])
def test_the_worked_examples_are_what_is_printed(policy: str, number: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Word for word, and with the exit code that the text names."""
    assert compare(policy) == 1
    assert capsys.readouterr().out == blocks("text")[number]


def test_the_plan_is_what_is_printed(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From the comparison that the text tells to keep."""
    assert compare("policy.yaml", "--json") == 1
    (made / "pilot.json").write_text(capsys.readouterr().out, encoding="utf-8")
    policy = str(EXAMPLE / "policy.yaml")
    assert run(["plan", "--policy", policy, "--rows", "2000", "--pilot", "pilot.json"]) == 0
    assert capsys.readouterr().out == blocks("text")[2]


@pytest.mark.parametrize(("policy", "number"), [("policy.yaml", 0), ("slices.yaml", 1)])
def test_the_policies_that_are_shown_are_those_that_are_run(policy: str, number: int) -> None:
    """The document and the examples are one."""
    assert blocks("yaml")[number] == (EXAMPLE / policy).read_text(encoding="utf-8")


def test_every_rule_that_is_shown_can_be_read() -> None:
    """The rules in the text are rules, and the table names every metric."""
    for rule in re.findall(r"^    - (\{metric.*?\})", DOC, flags=re.MULTILINE):
        Rule.model_validate(yaml.safe_load(rule), strict=False)
    for condition in re.findall(r'^    when: "(.*)"$', DOC, flags=re.MULTILINE):
        assert rules_of(condition.replace("\\\\", "\\"))
    assert all(re.search(rf"\b{name}\b", DOC) for name in KNOWN)


def test_a_plan_turns_clusters_and_small_slices_into_rows(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the smallest slice needs in clusters, all held-out rows must supply."""
    assert compare("slices.yaml", "--json") == 1
    (made / "pilot.json").write_text(capsys.readouterr().out, encoding="utf-8")
    policy = str(EXAMPLE / "slices.yaml")
    assert run(["plan", "--policy", policy, "--rows", "2000", "--pilot", "pilot.json"]) == 0
    shown = capsys.readouterr().out
    assert "about 750 clusters in the smallest slice (11,000 rows in all)" in shown
    assert "all of them: about 11,000 rows" in shown
    assert run(["plan", "--policy", policy]) == 0
    assert "how large the slices are, a --pilot says" in capsys.readouterr().out
