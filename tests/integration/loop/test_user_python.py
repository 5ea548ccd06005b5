"""What runs in the user's Python: a function instead of a command, and the oldest MLflow that is promised."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bed.mlflow_server import mlflow_server
from tests.integration.loop.conftest import CONFIG, TRAIN, Project

WORKER = Path(__file__).parents[3] / "src" / "mlgate" / "worker"
FUNCTION = """\
import pandas
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def fit(train, params, seed):
    data = pandas.read_csv(train)
    columns = list(data.columns.drop(["id", "benign"]))[: params["columns"]]
    model = make_pipeline(StandardScaler(), LogisticRegression(random_state=seed))
    return model.fit(data[columns], data["benign"])
"""
FUNCTION_CONFIG = CONFIG.replace(
    "command: python train.py, inputs: [train.py]", "function: 'training:fit', inputs: [training.py]"
)
OLD = ["mlflow==2.9.2", "scikit-learn<1.4", "pandas<2.2", "numpy<2", "setuptools<70", "pyarrow"]


@pytest.mark.parametrize("path", sorted(WORKER.glob("*.py")), ids=lambda path: path.name)
def test_the_worker_is_written_in_python_3_9(path: Path) -> None:
    """Its syntax is that of the oldest Python that is promised, and it imports nothing of mlgate."""
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
        + ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [])
    }
    assert "mlgate" not in imported


def test_a_function_that_returns_a_model_is_a_training(project: Project) -> None:
    """It gets the path, the parameters and the seed that its signature names; what it returns is logged."""
    project.commit({"training.py": FUNCTION, "mlgate.yaml": FUNCTION_CONFIG})
    assert project.mlgate("validate") == 0
    assert project.mlgate("train") == 0
    assert project.mlgate("compare") == 0
    assert project.record("comparison")["verdict"]["outcome"] == "PASS"


@pytest.mark.parametrize("start", ["", "mlflow.start_run()\n", "mlflow.sklearn.autolog(log_models=False)\n"])
def test_a_script_needs_one_line_of_mlflow(project: Project, start: str) -> None:
    """`log_model` alone is enough, whether a run was started before it or not: the model is this run's candidate."""
    script = re.sub(r"mlflow\.log_metric\(.*", "pass", TRAIN)
    assert "log_metric" not in script
    project.commit({"train.py": script.replace("\ndata =", f"\n{start}data =")})
    assert project.mlgate("validate") == 0
    assert project.mlgate("train") == 0
    record = project.record("training")
    assert record["candidate"]["version"] == "1"
    assert record["candidate"]["run_id"] == record["run_id"]


def test_a_function_that_raises_is_an_outcome(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Its own last lines are shown, and the exit code is the gate's."""
    broken = "def fit(train):\n    raise ValueError('no such column: age')\n"
    project.commit({"training.py": broken, "mlgate.yaml": FUNCTION_CONFIG})
    project.mlgate("validate")
    assert project.mlgate("train") == 1
    assert "no such column: age" in capsys.readouterr().out


@pytest.mark.long
def test_the_loop_works_with_mlflow_2_9(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trained and scored with MLflow 2.9 in the user's Python, judged and promoted on a server of today."""
    place = tmp_path / "old python"
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    python, uv = place / "bin" / "python", Path(sys.executable).with_name("uv")
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *OLD], check=True)
    project.commit(
        {
            "mlgate.yaml": CONFIG.replace("inputs: [train.py]", f"python: '{python}', inputs: [train.py]"),
            "train.py": TRAIN.replace('model, name="model"', 'model, "model"'),
        }
    )
    with mlflow_server(tmp_path) as address:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
        for command in ("validate", "train", "compare", "promote"):
            assert project.mlgate(command) == 0, command
    packages = project.record("training")["environment"]["packages"]
    assert packages["mlflow"] == "2.9.2"
    assert project.record("promotion")["to_version"] == "1"
