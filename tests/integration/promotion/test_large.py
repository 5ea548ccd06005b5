"""A registry with years in it: promotion asks no more of it than of a new one."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mlgate.promotion.values import Wish
from mlgate.steps.doctor import look_at
from mlgate.steps.promote import promote
from mlgate.steps.rollback import rollback
from mlgate.tag_names import BASE, INPUTS
from tests.bed.fault_proxy import fault_proxy
from tests.bed.mlflow_server import mlflow_server
from tests.integration.conftest import commit, open_workspace
from tests.integration.promotion.support import reviewed

VERSIONS = 5_000
REQUESTS = 60


def multiply(database: Path, name: str, changed: dict[str, str]) -> None:
    """Write versions 2 to 5,000 of a model as the first one is; over HTTP they would take five minutes.

    `changed` gives a tag's value, as SQL of the version's number `i`.
    """
    values = " ".join(f"WHEN '{key}' THEN {sql}" for key, sql in changed.items())
    given = {"version": "i", "value": f"CASE key {values} ELSE value END"}
    with closing(sqlite3.connect(database, timeout=30)) as store, store:
        for table in ("model_versions", "model_version_tags"):
            columns = [row[1] for row in store.execute(f"PRAGMA table_info({table})")]
            selected = ", ".join(given.get(column, column) for column in columns)
            numbers = "WITH RECURSIVE numbers(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM numbers WHERE i < :last)"
            rows = f"SELECT {selected} FROM {table}, numbers WHERE name = :name AND version = 1"  # noqa: S608 (MLflow's own)
            into = f"INSERT INTO {table} ({', '.join(columns)})"
            store.execute(f"{numbers} {into} {rows}", {"name": name, "last": VERSIONS})
        store.execute("UPDATE registered_model_aliases SET version = ? WHERE name = ?", (VERSIONS, name))


@pytest.mark.long
def test_five_thousand_versions(repository: Path, tmp_path: Path, tell: Callable[[str], None]) -> None:
    """Candidates and history of five thousand each: promotion and rollback ask as little as of a new registry."""
    (tmp_path / "mlflow").mkdir()
    told, many = [], []
    with mlflow_server(tmp_path / "mlflow") as server, fault_proxy(server) as proxy:
        workspace = open_workspace(repository, {"MLFLOW_TRACKING_URI": proxy.address})
        reviewed(workspace, "one")
        assert promote(workspace, "churn").to_version == "1"
        multiply(tmp_path / "mlflow" / "mlflow.db", "churn", {BASE: "CAST(i - 1 AS TEXT)"})
        multiply(tmp_path / "mlflow" / "mlflow.db", "churn-candidates", {INPUTS: "'of version ' || i"})
        commit(repository, {"train.py": "print('two')\n"})
        reviewed(workspace, "two")
        asked: list[tuple[str, Callable[[], bool]]] = [
            ("promotion", lambda: promote(workspace, "churn").to_version == "5001"),
            ("the same again", lambda: promote(workspace, "churn").status == "already"),
            ("rollback", lambda: rollback(workspace, "churn", Wish(to="5000", reason="slow")).to_version == "5002"),
        ]
        for what, done in asked:
            proxy.arm(None)
            started = time.monotonic()
            assert done()
            seconds = time.monotonic() - started
            told.append(f"{what}: {seconds:.1f} s, {len(proxy.requests)} requests")
            many += [told[-1]] if len(proxy.requests) > REQUESTS else []
        assert look_at(workspace, "churn").problems == ()
    tell(f"{VERSIONS} versions: " + "; ".join(told))
    assert not many  # seconds are told, and depend on what else the machine does
