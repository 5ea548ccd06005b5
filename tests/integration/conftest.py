"""Integration tests: real git, real MLflow, real processes; nothing leaves the machine."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from rich.console import Console

from mlgate.adapters.registry import connect
from mlgate.adapters.runner import read_runner
from mlgate.config.load import load
from mlgate.steps.workspace import Workspace

IDENTITY = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]

CONFIG = """\
version: 1
models:
  churn:
    data: {train: train.csv, held_out: held_out.csv, key: id, label: left}
    train: {command: python train.py, inputs: [train.py]}
    evaluate: {task: binary}
    gate: {rules: [{metric: roc_auc, lower_bound: 0.6}]}
registry: {tracking_uri: "sqlite:///mlflow.db"}
"""


def git(folder: Path, *arguments: str) -> str:
    """Run git and return what it printed."""
    command = ["git", *IDENTITY, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def commit(folder: Path, files: dict[str, str], message: str = "change") -> None:
    """Write files and commit them."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(folder, "add", *files)
    git(folder, "commit", "-m", message)


def open_workspace(folder: Path, environment: dict[str, str] | None = None) -> Workspace:
    """Open the repository as a command does."""
    around = read_runner({"PATH": "", **(environment or {})})
    return Workspace(load(folder / "mlgate.yaml"), around, Console(quiet=True))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A model repository with one commit."""
    folder = tmp_path / "model repository"  # a path with a space
    folder.mkdir()
    git(folder, "init", "-b", "main")
    commit(
        folder,
        {
            "mlgate.yaml": CONFIG,
            "train.py": "print('v1')\n",
            "train.csv": "id,x,left\n1,0.5,0\n2,0.7,1\n",
            "held_out.csv": "id,x,left\n3,0.4,0\n4,0.9,1\n",
        },
    )
    return folder


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store of MLflow's, whose tables take seconds to make."""
    folder = tmp_path_factory.mktemp("store")
    connect(None, "sqlite:///mlflow.db", folder).client.search_registered_models(max_results=1)
    return folder / "mlflow.db"


@pytest.fixture
def stored(repository: Path, empty_store: Path) -> Path:
    """A model repository whose store is ready."""
    shutil.copy(empty_store, repository)
    return repository
