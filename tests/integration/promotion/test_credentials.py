"""What the two credentials of docs/credentials.md may do on a real MLflow server, and what mlgate says of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mlgate.__main__ import run
from mlgate.adapters.registry import access as asking
from mlgate.adapters.registry import connect
from mlgate.doctor.access import Resource, Right, judge_access, resources
from mlgate.errors import RegistryError
from mlgate.records import Diagnosis
from mlgate.steps.promote import promote
from tests.bed.mlflow_auth import DOC, GuardedServer, guarded_server
from tests.integration.conftest import open_workspace
from tests.integration.loop.conftest import CONFIG, Project
from tests.integration.promotion.support import reviewed, served

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


def become(monkeypatch: pytest.MonkeyPatch, server: GuardedServer, user: str) -> None:
    """Have what a job of `user` has."""
    for name, value in server.environment(user).items():
        monkeypatch.setenv(name, value)


def versions_of(server: GuardedServer, name: str) -> list[str]:
    """List a model's versions as the administrator sees them."""
    found = asked(server, "admin", "GET", f"model-versions/search?filter=name%3D%27{name}%27")
    return sorted(one["version"] for one in found.get("model_versions", []))


def production(server: GuardedServer, name: str) -> str | None:
    """Return the version that serving would pull."""
    found = asked(server, "admin", "GET", f"registered-models/get?name={name}")["registered_model"]
    return {one["alias"]: str(one["version"]) for one in found.get("aliases", [])}.get("production")


def test_only_the_promoter_promotes(server: GuardedServer, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One reviewed candidate: the candidate's credential moves nothing, the promoter's makes it production."""
    become(monkeypatch, server, "candidate")
    workspace = open_workspace(repository, server.environment("candidate"))
    before = (production(server, "churn"), versions_of(server, "churn"))
    reviewed(workspace, "guarded")
    with pytest.raises(RegistryError, match="start a run in the experiment churn/production") as refused:
        promote(workspace, "churn")
    assert "the user candidate may not do that" in refused.value.hint
    assert (production(server, "churn"), versions_of(server, "churn")) == before
    become(monkeypatch, server, "promoter")
    workspace = open_workspace(repository, server.environment("promoter"))
    assert promote(workspace, "churn").status == "done"
    assert served(workspace) == "guarded"


def test_no_password_is_shown(server: GuardedServer, repository: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """In the address or in the environment: neither the log nor a record has it, whether it is right or wrong."""
    host = server.address.removeprefix("http://")
    for password in (server.passwords["promoter"], "wrong-canary"):
        address = f"http://promoter:{password}@{host}"
        environment = {"PATH": os.environ["PATH"], "HOME": str(repository), "GITHUB_ACTIONS": "true"}
        for more in (
            {"MLFLOW_TRACKING_URI": address},
            {
                "MLFLOW_TRACKING_URI": server.address,
                "MLFLOW_TRACKING_USERNAME": "promoter",
                "MLFLOW_TRACKING_PASSWORD": password,
            },
        ):
            for command in ("promote", "history", "doctor"):
                words = [sys.executable, "-m", "mlgate", command]
                subprocess.run(words, cwd=repository, env={**environment, **more}, check=False)
        said = "".join(capfd.readouterr())
        assert "churn" in said
        assert password not in said
        kept = [file.read_text(encoding="utf-8") for file in (repository / ".mlgate").rglob("*") if file.is_file()]
        assert password not in "".join(kept)


@pytest.mark.long
def test_the_whole_road_with_two_credentials(
    server: GuardedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The candidate's credential checks, and can neither promote nor roll back; the promoter's does both."""
    server.set_up("tumours")
    project = Project(tmp_path / "tumour models")
    become(monkeypatch, server, "candidate")
    assert project.mlgate("run", "--operation", "check") == 0
    assert project.mlgate("doctor", "--as", "candidate") == 0
    capsys.readouterr()
    assert project.mlgate("promote") == 3
    said = capsys.readouterr().err
    assert "could not start a run in the experiment tumours/production" in said
    assert "the user candidate may not do that; `mlgate doctor --as promoter`" in said
    assert server.passwords["candidate"] not in said
    assert (versions_of(server, "tumours"), production(server, "tumours")) == ([], None)

    become(monkeypatch, server, "promoter")
    assert project.mlgate("doctor", "--as", "promoter") == 0
    assert project.mlgate("promote", "--reason", "first") == 0
    assert production(server, "tumours") == "1"

    become(monkeypatch, server, "candidate")
    project.commit({"mlgate.yaml": CONFIG.replace("columns: 8", "columns: 12")})
    assert project.mlgate("run", "--operation", "check") == 0
    assert project.mlgate("promote") == 3
    assert (versions_of(server, "tumours"), production(server, "tumours")) == (["1"], "1")

    become(monkeypatch, server, "promoter")
    assert project.mlgate("promote", "--reason", "second") == 0
    assert production(server, "tumours") == "2"

    become(monkeypatch, server, "candidate")
    capsys.readouterr()
    assert project.mlgate("rollback", "--reason", "mine") == 3
    assert "could not add a version to tumours" in capsys.readouterr().err
    assert (versions_of(server, "tumours"), production(server, "tumours")) == (["1", "2"], "2")

    become(monkeypatch, server, "promoter")
    assert project.mlgate("rollback", "--reason", "alarms") == 0
    assert production(server, "tumours") == "3"
    assert project.mlgate("doctor", "--as", "promoter", "--deep") == 0


def test_doctor_names_what_a_credential_lacks_and_what_it_has_too_much(
    server: GuardedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each credential in the other's place, and an administrator's in any."""
    (tmp_path / "mlgate.yaml").write_text(CONFIG.replace("tumours:", "churn:"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    expected = {
        ("candidate", "promoter"): {"candidate may not write the registered model churn, which a promoter needs"},
        ("promoter", "candidate"): {"promoter may write the experiment churn/production: a pull request can move"},
        ("admin", "candidate"): {"admin is an administrator of the server and may do everything"},
    }
    for (user, role), sentences in expected.items():
        become(monkeypatch, server, user)
        assert run(["doctor", "--as", role, "--json"]) == 1
        found = Diagnosis.model_validate_json(capsys.readouterr().out)
        told = [problem.sentence for problem in found.models[0].problems]
        assert all(any(one.startswith(sentence) for one in told) for sentence in sentences), told


def test_who_comes_first_owns_the_name_until_the_administrator_comes(
    server: GuardedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pull request that creates production's model owns it: doctor says so, before and after; the script mends it."""
    guarded = resources("fresh", "fresh-candidates")
    model = Resource(kind="registered model", name="fresh")

    def told() -> list[tuple[str, str]]:
        become(monkeypatch, server, "candidate")
        access = asking.read_access(connect(server.address, None, tmp_path), guarded)
        return [(one.reason, one.sentence) for one in judge_access(access, "candidate", guarded)]

    assert {reason for reason, _ in told()} == {"missing"}
    asked(server, "candidate", "POST", "registered-models/create", {"name": "fresh"})
    assert ("too_much", f"candidate may write {model}: a pull request can move production") in told()
    server.set_up("fresh")
    assert told() == []
    assert server.ask("candidate", "DELETE", f"{API}registered-models/delete", {"name": "fresh"})[0] == 403


@pytest.mark.parametrize(("user", "right"), [("candidate", "read"), ("promoter", "write")])
def test_a_server_that_does_not_tell_is_tried_without_harm(  # what older servers are asked
    server: GuardedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: str, right: Right
) -> None:
    """Moving an alias to a version that does not exist shows who could move it, and moves nothing."""
    become(monkeypatch, server, user)
    before = asked(server, "admin", "GET", "registered-models/get?name=churn")
    monkeypatch.setattr(asking, "_get", lambda *_, **__: None)  # a server without these pages
    model = Resource(kind="registered model", name="churn")
    access = asking.read_access(connect(server.address, None, tmp_path), [model])
    assert (access.user, access.guarded, access.rights) == (user, True, {model: right})
    assert asked(server, "admin", "GET", "registered-models/get?name=churn") == before
