"""Promotion against a real MLflow server, by promoters in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlgate.promotion.history import BASE
from mlgate.steps.doctor import examine, look_at
from mlgate.steps.production import read_history
from tests.bed.mlflow_server import mlflow_server
from tests.integration.conftest import commit, git, open_workspace
from tests.integration.promotion.support import reviewed, served


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server for the module."""
    with mlflow_server(tmp_path_factory.mktemp("mlflow")) as address:
        yield address


def race(folder: Path, server: str, racers: int) -> list[int]:
    """Start `racers` promotions of the same commit at once and return their exit codes."""
    command = [sys.executable, "-m", "mlgate", "promote"]
    environment = {"PATH": "/usr/bin:/bin", "MLFLOW_TRACKING_URI": server, "HOME": str(folder)}
    started = [
        subprocess.Popen(command, cwd=copy, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for copy in clones(folder, racers)
    ]
    codes = []
    for process in started:
        _, said = process.communicate(timeout=120)
        assert b"Traceback" not in said, said.decode()
        codes.append(process.returncode)
    return codes


def clones(folder: Path, number: int) -> list[Path]:
    """Clone the repository once for each racer, as jobs do."""
    made = []
    for index in range(number):
        copy = folder.parent / f"clone {index}"
        if copy.exists():
            git(copy, "pull", "-q")
        else:
            git(folder.parent, "clone", "-q", str(folder), str(copy))
        made.append(copy)
    return made


def check(folder: Path, server: str, codes: list[int], promoted: str) -> None:
    """Hold what is true after any race: one head that is served, one chain, nobody crashed."""
    workspace = open_workspace(folder, {"MLFLOW_TRACKING_URI": server})
    history, _, alias = read_history(workspace, "churn")
    assert history.head is not None
    assert alias == history.head.version
    assert served(workspace) == promoted
    for before, after in zip(history.valid, history.valid[1:], strict=False):
        assert after.tags[BASE] == before.version
    assert codes.count(0) >= 1
    assert set(codes) <= {0, 4}
    assert examine(workspace, "churn", fix=False) == ([], [])


def test_racing_promoters_leave_one_production(repository: Path, server: str) -> None:
    """Three jobs promote the same commit at once: one entry counts, the others find it done or are stale."""
    reviewed(open_workspace(repository, {"MLFLOW_TRACKING_URI": server}), "raced")
    check(repository, server, race(repository, server, 3), "raced")


@pytest.mark.long
def test_many_races(repository: Path, server: str) -> None:
    """Fifteen rounds of four racing jobs, each round a new candidate: never two winners, never none."""
    rounds, racers = 15, 4
    entries = 0
    for number in range(rounds):
        commit(repository, {"train.py": f"print('race {number}')\n"})
        workspace = open_workspace(repository, {"MLFLOW_TRACKING_URI": server})
        reviewed(workspace, f"model {number}")
        check(repository, server, race(repository, server, racers), f"model {number}")
        valid = len(read_history(workspace, "churn")[0].valid)
        assert valid > entries
        entries = valid


def test_doctor_says_that_an_open_server_asks_nobody(repository: Path, server: str) -> None:
    """Without users there are no permissions: everybody who reaches the server can move production."""
    health = look_at(open_workspace(repository, {"MLFLOW_TRACKING_URI": server}), "churn", role="candidate")
    assert [one.reason for one in health.problems] == ["no_users"]
