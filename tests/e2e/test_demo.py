"""The demos tell their story to the end, and each checks that what it tells is what happened."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MONITORING = ROOT / "docs" / "monitoring.md"  # shows what the fifth act prints
pytestmark = pytest.mark.long


def play(*command: str) -> str:
    """Run a demo as `make` does, and return what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def verdicts(story: str) -> list[str]:
    """List the act numbers and the words at the beginning of lines that tell what became of a model, in order."""
    return re.findall(r"^ *(Act \d|PASS|FAIL|promoted|rolled back)\b", story, flags=re.MULTILINE)


EXPECTED = [
    *["Act 1", "PASS", "PASS", "PASS", "PASS", "PASS", "promoted"],
    *["Act 2", "PASS", "PASS", "PASS", "PASS", "PASS", "PASS", "PASS", "promoted"],
    *["Act 3", "PASS", "PASS", "PASS", "PASS", "FAIL", "FAIL", *["FAIL"] * 3, "FAIL"],  # three slices fail, too
    *["Act 4", "FAIL", "FAIL"],
    *["Act 5", "FAIL", "rolled back"],
]


def test_the_demo_plays_its_five_acts(tmp_path: Path) -> None:
    """With the embedded store: the verdicts of each act, the reports, and the command that opens MLflow's pages."""
    story = play("-m", "demo", str(tmp_path / "a stage"))
    assert verdicts(story) == EXPECTED
    reports = re.findall(r"^ +(/.*report\.html)$", story, flags=re.MULTILINE)
    assert len(set(reports)) == 5
    assert all(Path(report).is_file() for report in reports)
    assert "mlflow ui --backend-store-uri" in story
    (shown,) = re.findall(r"^```text\n(.*?)^```$", MONITORING.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    printed = {line.strip() for line in story.splitlines()}
    assert [line for line in shown.splitlines() if line.strip() not in printed] == []


def test_the_workflows_tell_the_same_story() -> None:
    """With act, emulate and an MLflow server: the same verdicts in the same order."""
    assert verdicts(play("scripts/demo_actions.py")) == EXPECTED
