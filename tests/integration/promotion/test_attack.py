"""What an attacker found: a strange store, bytes that change between downloads, huge files, an old bad model."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from mlgate.adapters.files import sha256_of
from mlgate.adapters.registry import runs, versions
from mlgate.errors import MlgateError, RegistryError, StaleError
from mlgate.promotion.values import Wish
from mlgate.steps import recompare
from mlgate.steps.production import find_production
from mlgate.steps.promote import promote
from mlgate.steps.rollback import rollback
from tests.integration.conftest import CONFIG, commit, open_workspace
from tests.integration.promotion.support import compared, keep, next_change, registered, reviewed, served


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


@pytest.mark.parametrize("named", [True, False], ids=["other bytes", "no digest"])
def test_formats_are_judged_of_the_bytes_that_are_loaded(
    stored: Path, monkeypatch: pytest.MonkeyPatch, *, named: bool
) -> None:
    """A store that answers a first download with harmless files, and evidence that names no files at all."""
    policy = "promotion: {evidence: rescored, formats: refuse}\n"
    commit(stored, {"mlgate.yaml": CONFIG + policy})
    workspace = open_workspace(stored)
    record = reviewed(workspace, "flavors: {python_function: {loader_module: evil, code: code}}")
    if named:
        harmless = registered(workspace, "flavors: {}")
        first = versions.version_files(workspace.registry, harmless.name, harmless.version)
        monkeypatch.setattr(versions, "version_files", lambda *_: first)
    else:
        keep(
            workspace,
            record.model_copy(update={"candidate": record.candidate.model_copy(update={"manifest_digest": ""})}),
        )
    monkeypatch.setattr(recompare, "check_formats", lambda *_: pytest.fail("other files were judged"))
    with pytest.raises(StaleError, match="are not those that were compared"):
        promote(workspace, "churn")
    assert served(workspace) is None


@pytest.mark.parametrize("file", ["comparison.json", "training.json", "packages.txt"])
def test_a_huge_record_is_not_fetched(stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    """Its size is asked first: what a candidate's credential wrote fills neither the job's disk nor its memory."""
    workspace = open_workspace(stored)
    run_id = reviewed(workspace, "one").candidate.run_id
    with (tmp_path / file).open("wb") as huge:
        huge.truncate(runs.MOST_TEXT + 1)
    workspace.registry.client.log_artifact(run_id, str(tmp_path / file), "mlgate")
    downloads = fetched(monkeypatch)
    with pytest.raises(RegistryError, match=f"mlgate/{file} of the run {run_id} has 67,108,865 bytes"):
        promote(workspace, "churn")
    assert f"mlgate/{file}" not in downloads
    assert served(workspace) is None


def test_only_predictions_of_a_plausible_size_are_fetched(
    stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside those that were compared, a candidate's credential may have put any number of files of any size."""
    workspace = open_workspace(stored)
    (tmp_path / "b.parquet").write_bytes(b"what was compared")
    candidate = registered(workspace, "one")
    compared(workspace, candidate, predictions=sha256_of(tmp_path / "b.parquet"))
    monkeypatch.setattr(runs, "MOST_PREDICTIONS", 100)
    for name, size in (("a", 101), ("c", 60), ("d", 60)):
        (tmp_path / f"{name}.parquet").write_bytes(b"x" * size)
    for name in "abcd":
        runs.save_file(workspace.registry, candidate.run_id, "predictions", tmp_path / f"{name}.parquet")
    downloads = fetched(monkeypatch)
    promote(workspace, "churn")
    production = find_production(workspace, "churn")
    assert production is not None
    kept = workspace.registry.client.list_artifacts(production.run_id, "mlgate/predictions")
    assert [one.path for one in kept] == ["mlgate/predictions/b.parquet"]
    assert downloads & {f"mlgate/predictions/{name}.parquet" for name in "abcd"} == {"mlgate/predictions/b.parquet"}


def fetched(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return where the names of all artifacts that are downloaded from now on are gathered."""
    from mlflow.store.artifact.artifact_repo import ArtifactRepository
    from mlflow.store.artifact.local_artifact_repo import LocalArtifactRepository

    names: set[str] = set()
    for kind in (ArtifactRepository, LocalArtifactRepository):
        usual = kind.download_artifacts

        def noted(self: Any, artifact_path: str, *rest: Any, usual: Any = usual, **named: Any) -> Any:
            names.add(artifact_path)
            return usual(self, artifact_path, *rest, **named)

        monkeypatch.setattr(kind, "download_artifacts", noted)
    return names


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
