"""A canary among the job's secrets is in nothing that mlgate writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.loop.conftest import TRAIN, Project

CANARY = "canary-4711-secret"
CARELESS = f"""\
{TRAIN}
mlflow.log_param("login", os.environ["WAREHOUSE_TOKEN"])
print("connected with", os.environ["WAREHOUSE_TOKEN"])
"""


def outputs(project: Project) -> str:
    """Everything that mlgate wrote into its folder, the outputs and the summary."""
    files = [*project.folder.glob(".mlgate/**/*"), *project.folder.parent.glob("runner/*")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files if path.is_file())


@pytest.mark.parametrize("ending", ["", "raise SystemExit(os.environ['WAREHOUSE_TOKEN'])\n"], ids=["passes", "crashes"])
def test_no_secret_is_repeated(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    """Neither in records, report, page, summary and outputs, nor on a laptop's terminal."""
    runner: Path = project.folder.parent / "runner"
    runner.mkdir()
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
        (runner / name).touch()
        monkeypatch.setenv(name, str(runner / name))
    monkeypatch.setenv("WAREHOUSE_TOKEN", CANARY)
    project.commit({"train.py": CARELESS + ending})
    assert project.mlgate("run") == bool(ending)
    captured = capsys.readouterr()
    written = outputs(project)
    assert "***" in written
    assert CANARY not in written
    assert CANARY not in captured.out + captured.err
