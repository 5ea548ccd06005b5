"""What the two credentials of docs/credentials.md may do on a real MLflow server, and what mlgate says of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.bed.mlflow_auth import DOC, GuardedServer, guarded_server

API = "api/2.0/mlflow/"
ARTIFACTS = "api/2.0/mlflow-artifacts/artifacts/"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuardedServer]:
    """One server for the module, set up as the document says."""
    with guarded_server(tmp_path_factory.mktemp("mlflow")) as guarded:
        guarded.set_up("churn")
        yield guarded


def asked(server: GuardedServer, user: str, method: str, path: str, body: object = None) -> Any:
    """Ask what must succeed."""
    status, text = server.ask(user, method, API + path, body)
    assert status == 200, text
    return json.loads(text)


@pytest.fixture(scope="module")
def places(server: GuardedServer) -> dict[str, str]:
    """Make two versions of each model, as those who may; give numbers and runs by the experiment's name."""
    found = {}
    made = (("churn-candidates", "churn", "candidate"), ("churn", "churn/production", "promoter"))
    for model, experiment, user in made:
        number = asked(server, user, "GET", f"experiments/get-by-name?experiment_name={experiment}")["experiment"]
        found[experiment] = number = number["experiment_id"]
        run = asked(server, user, "POST", "runs/create", {"experiment_id": number})["run"]["info"]
        found[f"{experiment} run"] = run["run_id"]
        status, text = server.ask(user, "PUT", f"{ARTIFACTS}{number}/{run['run_id']}/artifacts/model/MLmodel", b"bytes")
        assert status == 200, text
        for _ in range(2):
            version = {"name": model, "source": f"{run['artifact_uri']}/model", "run_id": run["run_id"]}
            asked(server, user, "POST", "model-versions/create", version)
    return found


def request_for(what: str, places: dict[str, str]) -> tuple[str, str, object]:
    """Return method, path and body of one row of the document's table."""
    (name,) = re.findall("`(.+?)`", what)
    if " in `" in what:
        number, run = places[name], places[f"{name} run"]
        file = f"{ARTIFACTS}{number}/{run}/artifacts/model/MLmodel"
        of_experiments: dict[str, tuple[str, str, object]] = {
            "start a run": ("POST", f"{API}runs/create", {"experiment_id": number}),
            "tag a run": ("POST", f"{API}runs/set-tag", {"run_id": run, "key": "k", "value": "v"}),
            "read a file": ("GET", file, None),
            "write a file": ("PUT", file, b"other"),
            "delete a file": ("DELETE", file, None),
            "delete a run": ("POST", f"{API}runs/delete", {"run_id": run}),
        }
        return of_experiments[what.partition(" in ")[0]]
    run = places["churn run" if name.endswith("-candidates") else "churn/production run"]
    one, aliased = {"name": name, "version": "1"}, {"name": name, "alias": "production"}
    tag = {**one, "key": "k"}
    of_models: dict[str, tuple[str, str, object]] = {
        "read a version": ("GET", f"{API}model-versions/get?name={name}&version=1", None),
        "add a version": (
            "POST",
            f"{API}model-versions/create",
            {"name": name, "source": f"runs:/{run}/model", "run_id": run},
        ),
        "tag a version": ("POST", f"{API}model-versions/set-tag", {**tag, "value": "v"}),
        "move an alias": ("POST", f"{API}registered-models/alias", {**aliased, "version": "1"}),
        "delete an alias": ("DELETE", f"{API}registered-models/alias", aliased),
        "delete a tag": ("DELETE", f"{API}model-versions/delete-tag", tag),
        "delete a version": ("DELETE", f"{API}model-versions/delete", {**one, "version": "2"}),
        "delete the model": ("DELETE", f"{API}registered-models/delete", {"name": name}),
    }
    return of_models[re.split(" of | to ", what)[0]]


ROWS = re.findall(r"^\| (\w.* `.*`) \| (\w+) \| (\w+) \|$", DOC.read_text(encoding="utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize(("what", "candidate", "promoter"), ROWS, ids=[row[0] for row in ROWS])
def test_the_matrix(server: GuardedServer, places: dict[str, str], what: str, candidate: str, promoter: str) -> None:
    """What the document's table says of the two credentials is what the server answers; nobody else is let in."""
    method, path, body = request_for(what, places)
    for user, said in ((None, "unknown"), ("candidate", candidate), ("promoter", promoter)):
        status, text = server.ask(user, method, path, body)
        assert status == {"unknown": 401, "yes": 200, "no": 403}[said], (user, text)


def test_the_matrix_is_whole() -> None:
    """Eight requests for each registered model, six for each experiment."""
    assert len(ROWS) == 2 * (8 + 6)


@pytest.mark.parametrize(
    "path", ["{churn}/../{place}", "{churn}/%2e%2e/{place}", "{churn}%2f..%2f{place}", "./{place}"]
)
def test_no_spelling_of_a_path_opens_production(server: GuardedServer, places: dict[str, str], path: str) -> None:
    """The candidate's credential cannot write production's bytes by a path that begins in its own experiment."""
    place = f"{places['churn/production']}/{places['churn/production run']}/artifacts/model/MLmodel"
    written = path.format(churn=places["churn"], place=place)
    assert server.ask("candidate", "PUT", ARTIFACTS + written, b"evil")[0] == 403
