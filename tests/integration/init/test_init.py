"""`mlgate init` looks before it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlgate.__main__ import run
from mlgate.cli import init
from mlgate.config.load import load


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with data, a schema and a script, in places of its own."""
    for name, text in {
        "src/train_model.py": "",
        "input/train.csv": "customer_id,age,churned\n1,30,0\n2,40,1\n3,50,1\n",
        "input/holdout.csv": "customer_id,age,churned\n4,30,0\n",
        "input/schema.yml": "columns: {}\n",
    }.items():
        path = tmp_path / "churn model" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "churn model"


def test_what_is_found_is_written_down(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Data, script, schema, key and label are found, and the configuration loads as it is."""
    assert run(["init", "--directory", str(folder)]) == 0
    assert "mlgate validate" in capsys.readouterr().out
    model = load(folder / "mlgate.yaml").config.models["churn-model"]
    assert (model.data.train, model.data.held_out) == ("input/train.csv", "input/holdout.csv")
    assert (model.data.key, model.data.label) == ("customer_id", "churned")
    assert model.data.schema_ == "input/schema.yml"
    assert model.train.command == "python src/train_model.py"
    assert (folder / ".github/workflows/mlgate-pull-request.yml").is_file()


def test_an_empty_folder_gets_a_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing found is said, and the draft loads all the same."""
    assert run(["init", "--directory", str(tmp_path)]) == 0
    assert "not found, so written as a guess: train, held_out, key, label, script" in capsys.readouterr().out
    assert load(tmp_path / "mlgate.yaml").config.models


def test_nothing_is_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is there is named and kept; --force replaces it."""
    (folder / "mlgate.yaml").write_text("mine", encoding="utf-8")
    assert run(["init", "--directory", str(folder)]) == 2
    assert "mlgate.yaml exists already" in capsys.readouterr().err
    assert (folder / "mlgate.yaml").read_text(encoding="utf-8") == "mine"
    assert run(["init", "--directory", str(folder), "--force"]) == 0


def test_workflows_are_pinned_to_the_mlgate_that_writes_them(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation from git knows its commit, so nothing is left to replace."""
    commit = "0123456789abcdef0123456789abcdef01234567"
    monkeypatch.setattr(init, "installed_commit", lambda: commit)
    assert run(["init", "--directory", str(folder)]) == 0
    for path in (folder / ".github" / "workflows").iterdir():
        text = path.read_text(encoding="utf-8")
        assert f"@{commit}\n" in text
        assert "zeros" not in text


def test_an_installation_from_a_folder_says_what_to_replace(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """There the commit is not known."""
    assert run(["init", "--directory", str(folder)]) == 0
    assert f"replace {init.ZEROS} by the commit of mlgate" in capsys.readouterr().out
