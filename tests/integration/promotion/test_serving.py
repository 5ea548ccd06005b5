"""Serving follows: MLflow's own server when it is started anew, the server of docs/serving.md by itself."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mlgate.adapters.registry import runs, versions
from mlgate.promotion.values import Wish
from mlgate.steps.production import read_history
from mlgate.steps.promote import promote
from mlgate.steps.rollback import rollback
from tests.bed.processes import free_port, serving
from tests.integration.conftest import open_workspace
from tests.integration.promotion.support import next_change, reviewed

DOC = (Path(__file__).parents[3] / "docs" / "serving.md").read_text(encoding="utf-8")
ASKED = {"dataframe_records": [{"x": 1.0}]}


def model(slope: float) -> Callable[[Path], object]:
    """Return what writes a scikit-learn model that answers x with `slope` times x."""

    def write(folder: Path) -> None:
        import mlflow.sklearn
        import pandas as pd
        from sklearn.linear_model import LinearRegression

        fitted = LinearRegression(fit_intercept=False).fit(pd.DataFrame({"x": [1.0, 2.0]}), [slope, 2 * slope])
        mlflow.sklearn.save_model(fitted, str(folder), pip_requirements=["scikit-learn"])

    return write


def ask(port: int) -> dict[str, Any]:
    """Ask a scoring server for the prediction of one row."""
    address, body = f"http://127.0.0.1:{port}/invocations", json.dumps(ASKED).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 (loopback)
        found: dict[str, Any] = json.loads(answer.read())
        return found


def predicted(port: int) -> float:
    """Return the one prediction, as short as it was meant."""
    return round(float(ask(port)["predictions"][0]), 6)


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for what must become true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} seconds")


@contextmanager
def asking_all_along(port: int) -> Iterator[set[tuple[str, float]]]:
    """Ask without a pause while inside, and gather (version, prediction); an answer that fails is raised at the end."""
    answers: set[tuple[str, float]] = set()
    done = threading.Event()

    def go_on() -> None:
        while not done.is_set():
            found = ask(port)
            answers.add((found["version"], round(float(found["predictions"][0]), 6)))

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(go_on)
        try:
            yield answers
        finally:
            done.set()
        asking.result(60)


@contextmanager
def mlflows_own(repository: Path) -> Iterator[int]:
    """Run `mlflow models serve` on production."""
    port = free_port()
    command = [sys.executable, "-m", "mlflow", "models", "serve", "--model-uri", "models:/churn@production"]
    command += ["--env-manager", "local", "--host", "127.0.0.1", "--port", str(port)]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # it looks for uvicorn there
    around = {"MLFLOW_TRACKING_URI": f"sqlite:///{repository / 'mlflow.db'}", "PATH": path}
    with serving(command, url=f"http://127.0.0.1:{port}/ping", log=repository.parent / "serve.log", environment=around):
        yield port


@pytest.mark.long
def test_mlflow_s_own_server_started_anew_answers_with_production(repository: Path) -> None:
    """After a promotion with the new model, after a rollback with the old one, over HTTP."""
    workspace = open_workspace(repository)
    reviewed(workspace, model(1))
    assert promote(workspace, "churn").status == "done"
    with mlflows_own(repository) as port:
        assert predicted(port) == 1
        workspace = next_change(repository, "print('v2')\n")
        reviewed(workspace, model(2))
        assert promote(workspace, "churn").status == "done"
        assert predicted(port) == 1  # it looked once, when it was started
    with mlflows_own(repository) as port:
        assert predicted(port) == 2
    assert rollback(workspace, "churn", Wish(to="previous", reason="alarms")).status == "done"
    with mlflows_own(repository) as port:
        assert predicted(port) == 1


def test_the_server_of_the_document_follows_by_itself(repository: Path) -> None:
    """Promotion, rollback, changed bytes: each answer is one model's, none fails, and changed bytes are not loaded."""
    workspace = open_workspace(repository)
    reviewed(workspace, model(1))
    assert promote(workspace, "churn").status == "done"
    (recipe,) = re.findall(r"^```python\n(.*?)^```$", DOC, flags=re.MULTILINE | re.DOTALL)
    program, log, port = repository.parent / "serve.py", repository.parent / "serve.log", free_port()
    program.write_text(recipe, encoding="utf-8")
    store = {"MLFLOW_TRACKING_URI": f"sqlite:///{repository / 'mlflow.db'}"}
    command = [sys.executable, "-u", str(program), "churn", str(port), "0.2"]
    with serving(command, url=f"http://127.0.0.1:{port}/", log=log, environment=store):
        until(lambda: "version 1 is served" in log.read_text())
        with asking_all_along(port) as answers:
            workspace = next_change(repository, "print('v2')\n")
            reviewed(workspace, model(2))
            assert promote(workspace, "churn").status == "done"
            until(lambda: "version 2 is served" in log.read_text())
            until(lambda: ("2", 2.0) in answers)
            assert rollback(workspace, "churn", Wish(to="previous", reason="alarms")).status == "done"
            until(lambda: "version 3 is served" in log.read_text())
            second = read_history(workspace, "churn")[0].valid[1]
            with tempfile.TemporaryDirectory() as folder:
                model(666)(Path(folder))
                runs.save_folder(workspace.registry, second.run_id, "model", Path(folder))
            versions.set_alias(workspace.registry, "churn", "production", "2")
            until(lambda: "version 2 is not served: its files are not those that were promoted" in log.read_text())
            assert ask(port)["version"] == "3"
    assert answers == {("1", 1.0), ("2", 2.0), ("3", 1.0)}
