"""Verifying a version and refusing unsafe formats, on a real store with models that real libraries logged."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import warnings
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from mlgate.__main__ import run
from mlgate.adapters import files
from mlgate.adapters.registry import connect, runs, versions
from mlgate.errors import RequestError
from mlgate.promotion.tags import candidate_tags, evidence_tags
from mlgate.records import ComparisonRecord, TrainingRecord, Version
from mlgate.steps.production import find_production, read_history
from mlgate.steps.promote import promote
from mlgate.steps.verify import verify
from mlgate.steps.workspace import Workspace
from mlgate.training import identity
from mlgate.verdict import Outcome, Verdict
from tests.integration.conftest import CONFIG, commit, open_workspace
from tests.integration.promotion.support import next_change

PASSED = Verdict(outcome=Outcome.PASS, decided_by="every rule", sentence="the rule holds")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same small model, saved by MLflow as skops and as cloudpickle."""
    import mlflow

    folder = tmp_path_factory.mktemp("models")
    rows = np.array([[0.0], [1.0], [2.0], [3.0]])
    model = LogisticRegression().fit(rows, [0, 0, 1, 1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for kind in ("skops", "cloudpickle"):
            options = {"serialization_format": kind, "pip_requirements": ["scikit-learn", "skops"]}
            mlflow.sklearn.save_model(model, folder / kind, input_example=rows, **options)
    return folder


def reviewed(workspace: Workspace, model_folder: Path) -> ComparisonRecord:
    """Register a candidate with the files of a folder, as a training and a passed comparison would have left it."""
    registry, model, code = workspace.registry, workspace.model("churn"), workspace.code("churn")
    _, run_id = runs.open_run(registry, "churn", {"mlgate.run_url": "https://github.com/o/r/actions/runs/7"}, {})
    digest = files.manifest_digest(files.manifest(model_folder))
    source = runs.save_folder(registry, run_id, "model", model_folder)
    name = workspace.candidates("churn")
    tags = candidate_tags(model, code, digest)
    number = versions.create_version(registry, name, source=source, run_id=run_id, tags=tags)
    candidate = Version(name=name, version=number, run_id=run_id, manifest_digest=digest)
    data, production = workspace.data_files("churn"), find_production(workspace, "churn")
    shared = {"model": "churn", "mlgate": "0", "code": code, "verdict": PASSED, "candidate": candidate}
    config_digest = identity.config_digest(model)
    training = TrainingRecord(
        **shared,
        run_id=run_id,
        experiment="churn",
        config_digest=config_digest,
        data=(data["train"],),
        seed=7,
        params={"depth": "3"},
        metrics={},
        environment=None,
        seconds=1.0,
    )
    runs.save_text(registry, run_id, "training.json", training.model_dump_json())
    before = Version(name="churn", version=production.version, run_id="", manifest_digest="") if production else None
    record = ComparisonRecord(
        **shared,
        production=before,
        held_out=data["held_out"],
        train_data=(data["train"],),
        config_digest=config_digest,
        gate_digest=identity.gate_digest(model),
        confidence_level=0.95,
        results=(),
    )
    text = record.model_dump_json(indent=2)
    runs.save_text(registry, run_id, "comparison.json", text)
    versions.tag_version(registry, name, number, evidence_tags(record, text))
    return record


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store, made once: MLflow takes seconds to lay out its tables."""
    folder = tmp_path_factory.mktemp("store")
    connect(None, "sqlite:///mlflow.db", folder).client.search_experiments()
    return folder / "mlflow.db"


@pytest.fixture
def here(repository: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository with its store, as the current folder."""
    shutil.copy(store, repository / "mlflow.db")
    monkeypatch.chdir(repository)
    return repository


def policy(folder: Path, word: str) -> Workspace:
    """Set the policy, and open the repository again."""
    commit(folder, {"mlgate.yaml": f"{CONFIG}promotion: {{formats: {word}}}\n"})
    return open_workspace(folder)


def verified(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    """Run `mlgate verify --json` and return its document, which the published schema describes."""
    capsys.readouterr()
    code = run(["verify", *arguments, "--json"])
    document: dict[str, object] = json.loads(capsys.readouterr().out)
    assert run(["schema", "verification"]) == 0
    jsonschema.validate(document, json.loads(capsys.readouterr().out))
    return {"code": code, **document}


def test_what_mlflow_saves_by_default_is_fine(here: Path, models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The format skops passes the strictest policy; candidate and production have the bytes of their tags."""
    workspace = policy(here, "refuse")
    reviewed(workspace, models / "skops")
    assert verified(capsys, "churn", "--candidate", "1")["name"] == "churn-candidates"
    assert promote(workspace, "churn").status == "done"
    found = verified(capsys)
    assert (found["code"], found["version"], found["recorded_digest"]) == (0, "1", found["manifest_digest"])
    assert {file["loading"] for file in found["files"]} == {"safe"}  # type: ignore[attr-defined]
    assert {"MLmodel", "model.skops"} <= {file["path"] for file in found["files"]}  # type: ignore[attr-defined]
    assert run(["verify"]) == 0
    shown = capsys.readouterr().out
    assert "model.skops" in shown
    assert "PASS" in shown


def test_a_pickle_is_warned_of(here: Path, models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By default: the promotion goes on, and says which files and how to save them safely."""
    workspace = open_workspace(here)
    reviewed(workspace, models / "cloudpickle")
    assert promote(workspace, "churn").status == "done"
    said = capsys.readouterr().err
    assert "model.pkl (a pickle, which runs code when loaded)" in said
    assert 'serialization_format="skops"' in said
    found = verified(capsys, "--version", "1")
    assert (found["code"], found["verdict"]["outcome"]) == (0, "PASS")  # type: ignore[index]
    assert run(["verify"]) == 0
    shown = capsys.readouterr().out
    assert "RUNS CODE: a pickle" in shown
    assert "serialization_format: cloudpickle runs code when loaded" in shown
    assert "would stop it" in shown


def test_a_pickle_is_refused_where_the_policy_says_so(
    here: Path, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is appended; the reason has a code of its own, the command's is 1."""
    workspace = policy(here, "refuse")
    reviewed(workspace, models / "cloudpickle")
    assert run(["promote"]) == 1
    assert "unsafe_format" in (here / ".mlgate/churn/promotion.json").read_text(encoding="utf-8")
    record = promote(workspace, "churn")
    assert (record.status, record.reason, record.stale) == ("refused", "unsafe_format", False)
    assert "MLmodel (sklearn.serialization_format: cloudpickle" in record.sentence
    assert read_history(workspace, "churn")[0].valid == ()
    assert not (here / ".mlgate/churn/provenance.json").exists()
    found = verified(capsys, "--candidate", "1")
    assert (found["code"], found["verdict"]["decided_by"]) == (1, "formats")  # type: ignore[index]


def test_off_means_off(here: Path, models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No warning; asked for, the files are told all the same."""
    workspace = policy(here, "off")
    reviewed(workspace, models / "cloudpickle")
    assert promote(workspace, "churn").status == "done"
    assert "model.pkl" not in capsys.readouterr().err
    assert verified(capsys)["code"] == 0


def test_changed_bytes_are_found(here: Path, models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A READY version's files can be overwritten; its tag still says what they were."""
    workspace = open_workspace(here)
    reviewed(workspace, models / "skops")
    assert promote(workspace, "churn").status == "done"
    production = find_production(workspace, "churn")
    assert production is not None
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "model.skops").write_bytes(b"cos\nsystem\n(Vtrue\ntR.")
        runs.save_folder(workspace.registry, production.run_id, "model", Path(folder))
    found = verified(capsys)
    assert (found["code"], found["verdict"]["decided_by"]) == (1, "bytes")  # type: ignore[index]
    assert found["findings"][1]["reason"] == "runs_code"  # type: ignore[index]


def test_a_version_of_nobody_is_not_passed(here: Path, models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing says which bytes it should have."""
    workspace = open_workspace(here)
    _, run_id = runs.open_run(workspace.registry, "churn", {}, {})
    source = runs.save_folder(workspace.registry, run_id, "model", models / "skops")
    versions.create_version(workspace.registry, "churn", source=source, run_id=run_id, tags={})
    found = verified(capsys, "--version", "1")
    assert (found["code"], found["verdict"]["outcome"]) == (1, "INCONCLUSIVE")  # type: ignore[index]


def test_names_that_would_act_are_shown(
    here: Path, models: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file name from a pull request neither turns the line around nor becomes a command of the runner."""
    hostile = here.parent / "hostile"
    shutil.copytree(models / "skops", hostile)
    (hostile / "::error::a\u202eb.py").write_text("", encoding="utf-8")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    workspace = open_workspace(here, {"GITHUB_ACTIONS": "true"})
    reviewed(workspace, hostile)
    assert promote(workspace, "churn").status == "done"
    assert run(["verify"]) == 0
    shown = capsys.readouterr()
    for text in (shown.out, shown.err):
        assert "\u202e" not in text
        assert not re.search(r"^\s*::error", text, re.MULTILINE)
    assert "::error::a\\u202eb.py" in shown.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "churn serves nothing: its alias production points to no version"),
        (["--version", "9"], 2, "churn has no version 9"),
        (["--candidate", "9"], 2, "churn-candidates has no version 9"),
        (["--version", "1", "--candidate", "1"], 2, "not both"),
        (["chrn"], 2, "did you mean 'churn'"),
    ],
)
@pytest.mark.usefixtures("here")
def test_a_wrong_request_is_named(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    """Exit code 2, and what to name instead."""
    assert run(["verify", *arguments]) == code
    assert said in capsys.readouterr().err


def test_provenance_is_kept_with_the_model(here: Path, models: Path) -> None:
    """In production's run and beside the records: the same text, about the files that are served."""
    workspace = open_workspace(here, {"GITHUB_REPOSITORY": "o/r", "GITHUB_SERVER_URL": "https://github.com"})
    record = reviewed(workspace, models / "skops")
    assert promote(workspace, "churn").status == "done"
    production = find_production(workspace, "churn")
    assert production is not None
    text = (here / ".mlgate/churn/provenance.json").read_text(encoding="utf-8")
    assert runs.fetch_text(workspace.registry, production.run_id, "provenance.json") == text
    statement = json.loads(text)
    served = files.manifest(models / "skops")
    subjects = {one["name"]: one["digest"]["sha256"] for one in statement["subject"]}
    assert subjects == {"churn-candidates@1": production.manifest, **{path: entry[1] for path, entry in served.items()}}
    built = statement["predicate"]["buildDefinition"]
    assert built["externalParameters"]["command"] == "python train.py"
    assert built["externalParameters"]["params"] == {"depth": "3"}
    assert built["resolvedDependencies"][0]["uri"] == "git+https://github.com/o/r"
    assert built["resolvedDependencies"][0]["digest"] == {"gitCommit": record.code.commit}
    assert statement["predicate"]["runDetails"]["metadata"]["invocationId"] == "https://github.com/o/r/actions/runs/7"


def test_what_is_served_is_verified(here: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A promotion that was cut off before the alias leaves the older version served; others are asked for by name."""
    workspace = policy(here, "warn")
    with pytest.raises(RequestError, match="its alias production points to no version"):
        verify(workspace, "churn")
    reviewed(workspace, models / "skops")
    promote(workspace, "churn")
    second = next_change(here, "print('v2')\n")
    reviewed(second, models / "cloudpickle")
    with monkeypatch.context() as patch:
        patch.setattr("mlgate.steps.apply.move_alias", lambda *_: None)
        promote(second, "churn")
    monkeypatch.setattr(versions, "read_versions", lambda *_: pytest.fail("all versions were listed"))
    assert verify(second, "churn").version == "1"
    assert [one.reason for one in verify(second, "churn", version="2").findings] == ["same_bytes", "runs_code"]
