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
    assert "mlgate run --operation check" in capsys.readouterr().out
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


def test_a_regression_starts_from_its_own_scale(folder: Path) -> None:
    """The first model must beat the mean; margins are in the label's unit, not in somebody else's."""
    rows = "".join(f"{number},{number * 100.0}\n" for number in range(100))
    (folder / "input/train.csv").write_text("customer_id,target\n" + rows, encoding="utf-8")
    assert run(["init", "--directory", str(folder)]) == 0
    model = load(folder / "mlgate.yaml").config.models["churn-model"]
    assert model.evaluate.task == "regression"
    assert [(rule.upper_bound, rule.margin) for rule in model.gate.rules] == [(2901.0, 0), (None, 30.0)]


def test_names_that_yaml_would_misread_are_quoted(folder: Path) -> None:
    """A path with `: ` or `#`, and a column called `y`, come back as they are."""
    (folder / "input/train.csv").rename(folder / "input/train: #1.csv")
    (folder / "input/train: #1.csv").write_text("id,y\n1,0\n2,1\n3,1\n", encoding="utf-8")
    assert run(["init", "--directory", str(folder)]) == 0
    data = load(folder / "mlgate.yaml").config.models["churn-model"].data
    assert (data.train, data.key, data.label) == ("input/train: #1.csv", "id", "y")


def test_what_mlgate_leaves_behind_is_ignored_by_git(folder: Path) -> None:
    """What was ignored before stays; a second time adds nothing."""
    (folder / ".gitignore").write_text("*.pyc\nmlflow.db\n", encoding="utf-8")
    for _ in range(2):
        assert run(["init", "--directory", str(folder), "--force"]) == 0
        text = (folder / ".gitignore").read_text(encoding="utf-8")
        assert text == "*.pyc\nmlflow.db\n# mlgate\n.mlgate/\nmlartifacts/\n"
