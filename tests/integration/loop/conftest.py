"""A small model repository on real data (569 tumours, shipped with scikit-learn), and a way to call mlgate in it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from mlgate.__main__ import run
from tests.integration.conftest import commit, git

CONFIG = """\
version: 1
models:
  tumours:
    data: {train: train.csv, held_out: held_out.csv, key: id, label: benign, schema: schema.yaml}
    train: {command: python train.py, inputs: [train.py], params: {columns: 8}}
    evaluate: {task: binary}
    gate:
      rules:
        - {metric: roc_auc, lower_bound: 0.9}
        - {metric: roc_auc, test: non_inferiority, margin: 0.02}
registry: {tracking_uri: "sqlite:///mlflow.db"}
"""
SCHEMA = """\
columns:
  id: {dtype: int64, unique: true}
  benign: {dtype: int64, checks: {isin: [0, 1]}}
  mean_radius: {dtype: float64, checks: {in_range: {min_value: 1, max_value: 100}}}
"""
TRAIN = """\
import json, os
import mlflow, pandas
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

data = pandas.read_csv(os.environ["MLGATE_TRAIN_DATA"])
columns = list(data.columns.drop(["id", "benign"]))[: json.loads(os.environ["MLGATE_PARAMS"])["columns"]]
model = make_pipeline(StandardScaler(), LogisticRegression()).fit(data[columns], data["benign"])
mlflow.log_metric("train_accuracy", model.score(data[columns], data["benign"]))
for step in range(3):
    mlflow.log_metric("loss", 1 / (1 + step), step=step)
signature = mlflow.models.infer_signature(data[columns].head(), model.predict(data[columns].head()))
mlflow.sklearn.log_model(model, name="model", signature=signature, pip_requirements=["scikit-learn"])
"""


def tumours() -> tuple[str, str]:
    """Return training and held-out data as CSV: alternating rows, with a key of their own."""
    from sklearn.datasets import load_breast_cancer

    frame = load_breast_cancer(as_frame=True).frame.rename(columns=lambda name: name.replace(" ", "_"))
    frame = frame.rename(columns={"target": "benign"})
    frame.insert(0, "id", range(1000, 1000 + len(frame)))
    return frame.iloc[::2].to_csv(index=False), frame.iloc[1::2].to_csv(index=False)


class Project:
    """A model repository; every call runs one mlgate command in it."""

    def __init__(self, folder: Path) -> None:
        """Make the repository with one commit."""
        self.folder = folder
        folder.mkdir()
        git(folder, "init", "-b", "main")
        train, held_out = tumours()
        self.commit(
            {
                "mlgate.yaml": CONFIG,
                "schema.yaml": SCHEMA,
                "train.py": TRAIN,
                "train.csv": train,
                "held_out.csv": held_out,
            }
        )

    def commit(self, files: dict[str, str]) -> None:
        """Write files and commit them."""
        commit(self.folder, files)

    def text(self, name: str) -> str:
        """Read a file."""
        return (self.folder / name).read_text(encoding="utf-8")

    def mlgate(self, *arguments: str) -> int:
        """Run a command and return its exit code; the user's Python is the one that runs the tests."""
        before = Path.cwd(), os.environ["PATH"]
        os.chdir(self.folder)
        os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{before[1]}"
        try:
            return run(list(arguments))
        finally:
            os.chdir(before[0])
            os.environ["PATH"] = before[1]

    def record(self, step: str) -> dict[str, Any]:
        """Read the record of a step."""
        record: dict[str, Any] = json.loads(self.text(f".mlgate/tumours/{step}.json"))
        return record


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A repository that a test may break."""
    return Project(tmp_path / "tumour models")
