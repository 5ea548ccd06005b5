"""What an attacker found: a strange store by another model's name, and a rollback onto what was rolled back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from mlgate.adapters.registry import versions
from mlgate.errors import MlgateError
from mlgate.promotion.values import Wish
from mlgate.steps.promote import promote
from mlgate.steps.rollback import rollback
from tests.integration.conftest import open_workspace
from tests.integration.promotion.support import keep, next_change, reviewed, served


@contextmanager
def listening() -> Iterator[tuple[str, list[str | None]]]:
    """Serve as a store of somebody else's; give its address and the credentials that it was shown."""
    shown: list[str | None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shown.append(self.headers.get("Authorization"))
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/2.0/mlflow-artifacts/artifacts/x", shown
    finally:
        server.shutdown()
        server.server_close()


def test_a_candidate_that_names_another_registered_model_is_not_fetched(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record's candidate is of the candidates' model: no other host is asked, and none sees the credential."""
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "promoter")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "s3cret")
    workspace = open_workspace(stored)
    record = reviewed(workspace, "a")
    own = record.candidate
    with listening() as (address, shown):
        for _ in range(int(own.version)):
            versions.create_version(workspace.registry, "shadow", source=address, run_id=own.run_id, tags={})
        borrowed = own.model_copy(update={"name": "shadow"})
        keep(workspace, record.model_copy(update={"candidate": borrowed}), on=own)
        with pytest.raises(MlgateError):
            promote(open_workspace(stored), "churn")
        assert shown == []


def test_going_back_does_not_land_on_what_was_rolled_back(stored: Path) -> None:
    """A, then B that was rolled back, then C: before C production served A, so that is what it goes back to."""
    for text in ("A", "B"):
        workspace = next_change(stored, f"print('{text}')\n")
        reviewed(workspace, text)
        promote(workspace, "churn")
    rollback(open_workspace(stored), "churn", Wish(to="previous", reason="B is bad"))
    workspace = next_change(stored, "print('C')\n")
    reviewed(workspace, "C")
    promote(workspace, "churn")
    rollback(open_workspace(stored), "churn", Wish(to="previous", reason="C is bad as well"))
    assert served(open_workspace(stored)) == "A"
