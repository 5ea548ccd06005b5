"""`mlgate run` shows a model's verdict as its configuration says, on the lines that ask for what failed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlgate.__main__ import run
from tests.bed.checks import check_pages
from tests.integration.conftest import CONFIG, commit, git

EVENT = {"pull_request": {"number": 1, "head": {"sha": "b" * 40}}}


@pytest.mark.parametrize(("configured", "option", "made"), [(True, [], 1), (True, ["--no-check"], 0), (False, [], 0)])
def test_the_configuration_asks_for_the_check(
    stored: Path, monkeypatch: pytest.MonkeyPatch, *, configured: bool, option: list[str], made: int
) -> None:
    """Unless the option says otherwise; the annotation is on min_rows, in the folder that the job works in."""
    text = CONFIG.replace("label: left", "label: left, min_rows: 100")
    settings = f"report: {{check: {str(configured).lower()}, comment: off}}\n"
    (stored / "models").mkdir()
    git(stored, "mv", "train.py", "train.csv", "held_out.csv", "models")
    commit(stored, {"models/mlgate.yaml": text + settings})
    (stored / "mlflow.db").rename(stored / "models" / "mlflow.db")
    (stored / "event.json").write_text(json.dumps(EVENT), encoding="utf-8")
    monkeypatch.chdir(stored / "models")
    with check_pages() as pages:
        around = {"ACTIONS": "true", "EVENT_NAME": "pull_request", "EVENT_PATH": str(stored / "event.json")}
        around["WORKSPACE"] = str(stored)
        for name, value in {**around, "REPOSITORY": "o/r", "SHA": "c" * 40, "API_URL": pages.url}.items():
            monkeypatch.setenv(f"GITHUB_{name}", value)
        assert run(["run", "--operation", "check", "--github-token", "ghs_job", *option]) == 1
        assert len(pages.runs) == made
        for one in pages.runs:
            assert (one["name"], one["head_sha"]) == ("mlgate / models / churn", "b" * 40)
            assert {(note["path"], note["start_line"]) for note in one["annotations"]} == {("models/mlgate.yaml", 4)}
