"""`mlgate report`: which models it knows, and what it takes from a configuration beside the records."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlgate.__main__ import run
from tests.bed.reporting import CASES, report
from tests.integration.loop.conftest import CONFIG

MODEL: str = CASES["MODEL"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def configure(folder: Path, more: str = "") -> None:
    """Write a configuration of the recorded model and of one whose steps left nothing."""
    first = CONFIG.replace("  tumours:", f"  {MODEL}:", 1)
    second = "".join(CONFIG.partition("  tumours:")[1:]).partition("registry:")[0]
    text = first.replace("registry:", f"{second}registry:")
    (folder / "mlgate.yaml").write_text(text + more, encoding="utf-8")


def test_an_unknown_model_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It exits 2, names those there are, and leaves the report that is there as it is."""
    report(folder, monkeypatch, "push")
    before = (folder / ".mlgate" / "report.md").read_bytes()
    capsys.readouterr()
    assert report(folder, monkeypatch, "push", "--model", "nope") == 2
    assert (
        f"there is no model 'nope' in {folder / '.mlgate'} or the configuration; there are: {MODEL}"
        in capsys.readouterr().err
    )
    configure(folder)
    assert report(folder, monkeypatch, "push", "--model", "nope") == 2
    assert f"there are: {MODEL}, tumours" in capsys.readouterr().err
    assert (folder / ".mlgate" / "report.md").read_bytes() == before


def test_a_model_without_records_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the configuration has it, where nothing is known of any, and where a second workflow names it."""
    assert run(["report", "--model", "tumours"]) == 0
    assert "nothing to show" in (folder / ".mlgate" / "report.md").read_text(encoding="utf-8")
    assert report(folder, monkeypatch, "workflow_run", "--model", "tumours", GITHUB_REPOSITORY="") == 0
    configure(folder)
    assert report(folder, monkeypatch, "push", "--model", "tumours") == 0
    assert "nothing to show" in (folder / ".mlgate" / "report.md").read_text(encoding="utf-8")
