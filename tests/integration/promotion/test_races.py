"""Promoters that race on a real MLflow server: one wins each race, and everybody is told the truth."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mlgate.promotion.history import Entry
from mlgate.steps.doctor import look_at
from tests.bed import postgres
from tests.bed.mlflow_server import mlflow_server
from tests.integration.conftest import git, open_workspace
from tests.integration.promotion.racing import Referee, make_checkout, racers
from tests.integration.promotion.support import chain, listed, reviewed, served

RACERS = 8
ROUNDS = 25  # of one model
MODELS = 4  # one after the other, so that the first promotion of a model, which makes its alias, is raced for as well


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server on sqlite for the module."""
    with mlflow_server(tmp_path_factory.mktemp("mlflow"), processes=2) as address:
        yield address


@pytest.fixture(scope="module")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server on PostgreSQL for the module; where that is missing, skip with the way to get it, but fail in CI."""
    problem = postgres.problem()
    if problem:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(problem)
    with (
        postgres.postgres() as store,
        mlflow_server(tmp_path_factory.mktemp("mlflow on postgres"), store, processes=2) as address,
    ):
        yield address


def race(folder: Path, server: str, *, models: int, rounds: int, tell: Callable[[str], None]) -> None:
    """Run the rounds of each model, then let a loser promote alone; hold each promotion against the registry."""
    make_checkout(folder / "referee", models, RACERS)
    referee = Referee(open_workspace(folder / "referee", {"MLFLOW_TRACKING_URI": server}))
    started = time.monotonic()
    with racers(folder, server, number=RACERS, models=models) as field:
        for model in (f"churn-{number}" for number in range(models)):
            valid: list[Entry] = []
            for _ in range(rounds):
                told = field.race(model)
                valid = referee.judge(model, valid, told)
            valid = referee.judge(model, valid, field.again(model, told))
            assert look_at(referee.workspace, model).problems == ()
    seconds = time.monotonic() - started
    late = sum(referee.stale.values())
    tell(
        f"{models * rounds} races of {RACERS} in {seconds:.0f} s: {dict(referee.told)}; "
        f"entries that came too late: {late}; wins after a loss: {referee.late_wins}"
    )
    assert set(referee.told) <= {"done", "stale"}
    assert referee.late_wins >= models, "who lost, and compared again, did not win when nobody was faster"
    assert late > models * rounds / 2, "they hardly raced"


def test_a_few_races(tmp_path: Path, server: str, tell: Callable[[str], None]) -> None:
    """Two models, two races each: one winner a race, and the others are told to compare again."""
    race(tmp_path, server, models=2, rounds=2, tell=tell)


@pytest.mark.long
def test_many_races(tmp_path: Path, server: str, tell: Callable[[str], None]) -> None:
    """A hundred of two hundred races, on sqlite."""
    race(tmp_path, server, models=MODELS, rounds=ROUNDS, tell=tell)


@pytest.mark.long
def test_many_races_on_postgres(tmp_path: Path, postgres_server: str, tell: Callable[[str], None]) -> None:
    """The other hundred, on PostgreSQL."""
    race(tmp_path, postgres_server, models=MODELS, rounds=ROUNDS, tell=tell)


def test_jobs_that_promote_the_same_commit(repository: Path, server: str) -> None:
    """Three jobs race with one candidate: one entry counts, the others find it done or are stale."""
    around = {"MLFLOW_TRACKING_URI": server}
    reviewed(open_workspace(repository, around), "raced")
    command = [sys.executable, "-m", "mlgate", "promote"]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(repository), **around}
    if "PYTHONPATH" in os.environ:
        environment["PYTHONPATH"] = os.environ["PYTHONPATH"]
    started = []
    for job in range(3):
        checkout = repository.parent / f"clone {job}"
        git(repository.parent, "clone", "-q", str(repository), str(checkout))
        started.append(
            subprocess.Popen(command, cwd=checkout, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        )
    codes = []
    for process in started:
        _, said = process.communicate(timeout=120)
        assert b"Traceback" not in said, said.decode()
        codes.append(process.returncode)
    workspace = open_workspace(repository, around)
    assert len(chain(listed(workspace))) == 1
    assert served(workspace) == "raced"
    assert codes.count(0) >= 1
    assert set(codes) <= {0, 4}
    assert look_at(workspace, "churn").problems == ()
