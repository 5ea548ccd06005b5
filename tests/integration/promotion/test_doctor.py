"""`mlgate doctor` as it is called: what it prints, its exit code, its document, and that it changes nothing."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

import jsonschema
import pytest

from mlgate.__main__ import run
from mlgate.adapters.registry import runs, versions
from mlgate.promotion.history import YES
from mlgate.records import Diagnosis
from mlgate.steps.doctor import look_at
from mlgate.steps.production import read_history
from mlgate.steps.promote import promote
from mlgate.tag_names import CONFIRMED, KEY, STALE
from tests.integration.conftest import CONFIG, commit, open_workspace
from tests.integration.promotion.support import next_change, reviewed
from tests.integration.promotion.test_stages import RELEASE, STAGED
from tests.unit.doctor.test_workflows import GOOD


@pytest.fixture
def promoted(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in whose history there are three promotions."""
    workspace = open_workspace(repository)
    for number in range(3):
        reviewed(workspace, f"model {number}")
        assert promote(workspace, "churn").status == "done"
        workspace = next_change(repository, f"print('v{number}')\n")
    monkeypatch.chdir(repository)
    return repository


def doctor(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, Diagnosis]:
    """Ask doctor for its document, which keeps the published schema."""
    capsys.readouterr()
    code = run(["doctor", "--json", *options])
    document = json.loads(capsys.readouterr().out)
    assert run(["schema", "diagnosis"]) == 0
    jsonschema.validate(document, json.loads(capsys.readouterr().out))
    return code, Diagnosis.model_validate(document, strict=False)


def test_a_healthy_repository_is_healthy(promoted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Deep or not; the words are the same for people."""
    commit(promoted, {".github/workflows/promote.yml": GOOD})
    code, found = doctor(capsys, "--deep")
    assert (code, found.healthy, found.models[0].advice, found.workflows) == (0, True, (), ())
    assert run(["doctor"]) == 0
    assert capsys.readouterr().out.split()[-4:] == ["healthy", "churn", "healthy", "workflows"]


def test_changed_bytes_of_an_older_version_show_when_asked(promoted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Production's own files are always read, those that one could go back to with --deep."""
    workspace = open_workspace(promoted)
    history, _, _ = read_history(workspace, "churn")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "MLmodel").write_text("evil", encoding="utf-8")
        runs.save_folder(workspace.registry, history.valid[0].run_id, "model", Path(folder))
    assert doctor(capsys)[0] == 0
    code, found = doctor(capsys, "--deep")
    assert code == 1
    assert [one.sentence for one in found.models[0].problems] == [
        "the files of version 1 are not those that were promoted: a rollback to it will be refused"
    ]


def test_fix_moves_only_the_stage_whose_files_are_right(repository: Path) -> None:
    """Staging has yet to follow a crash; production's alias was moved away from files that somebody changed since."""
    commit(repository, {"mlgate.yaml": CONFIG + STAGED})
    workspace = open_workspace(repository)
    for text in ("one", "two"):
        workspace = next_change(repository, f"print('{text}')\n")
        reviewed(workspace, text)
        promote(workspace, "churn")
        promote(workspace, "churn", RELEASE)
    tampered = read_history(workspace, "churn")[0].head
    assert tampered is not None
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "MLmodel").write_text("evil", encoding="utf-8")
        runs.save_folder(workspace.registry, tampered.run_id, "model", Path(folder))
    reviewed(next_change(repository, "print('three')\n"), "three")
    promote(open_workspace(repository), "churn")
    versions.set_alias(workspace.registry, "churn", "production", "2")
    versions.set_alias(workspace.registry, "churn", "staging", "3")
    health = look_at(workspace, "churn", fix=True)
    assert [one.sentence.partition(":")[0] for one in health.mended] == [
        "staging points to version 3, the history says version 5"
    ]
    assert versions.read_aliases(workspace.registry, "churn") == {"production": "2", "staging": "5"}
    assert [one.reason for one in health.problems] == ["alias_differs", "changed_bytes"]


def test_a_deleted_version_and_an_open_copy_are_named(promoted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The version before production is gone; a run of a promotion that ended early is told once it is old."""
    workspace = open_workspace(promoted)
    workspace.registry.client.delete_model_version("churn", "2")
    experiment = workspace.registry.client.get_experiment_by_name("churn/production").experiment_id
    workspace.registry.client.create_run(experiment, start_time=1_700_000_000_000)
    code, found = doctor(capsys)
    assert code == 1
    assert [one.sentence for one in found.models[0].problems] == [
        "version 2, which version 3 replaced, was deleted: production cannot go back to it"
    ]
    assert [one.reason for one in found.models[0].advice] == ["unfinished_copy"]


@pytest.mark.parametrize("confirmed", [{}, {CONFIRMED: YES}], ids=["overtaken", "confirmed by a stranger"])
def test_fix_puts_nothing_into_the_place_of_a_deleted_version(promoted: Path, confirmed: dict[str, str]) -> None:
    """Version 3 is production; 4 was overtaken by it, and is not what follows when an administrator deletes 3."""
    workspace = open_workspace(promoted)
    third = versions.read_version(workspace.registry, "churn", "3")
    assert third is not None
    lost = {key: value for key, value in third.tags.items() if key not in {CONFIRMED, KEY}}
    tags = {**lost, STALE: YES, **confirmed}
    versions.create_version(workspace.registry, "churn", source=third.source, run_id=third.run_id, tags=tags)
    workspace.registry.client.delete_model_version("churn", "3")
    health = look_at(workspace, "churn", fix=True)
    assert health.mended == ()
    assert "deleted_version" in [one.reason for one in health.problems]
    assert versions.read_aliases(workspace.registry, "churn") == {}
    versions.set_alias(workspace.registry, "churn", "production", "2")
    assert not [one for one in look_at(workspace, "churn").problems if one.reason != "forged_entry"]


def test_an_embedded_store_has_no_users(promoted: Path) -> None:
    """Whoever can write the file can move production."""
    health = look_at(open_workspace(promoted), "churn", role="candidate")
    assert [one.reason for one in health.problems] == ["no_users"]


def test_workflow_files_are_found_from_a_folder_of_the_repository(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A model below the repository's root; the registry is not asked, and file, line and remedy are printed."""
    below = repository / "models" / "churn"
    below.mkdir(parents=True)
    shutil.copy(repository / "mlgate.yaml", below)
    commit(repository, {".github/workflows/promote.yml": GOOD.replace("    environment: production\n", "")})
    monkeypatch.chdir(below)
    assert run(["doctor", "--workflows"]) == 1
    said = capsys.readouterr().out
    assert ".github/workflows/promote.yml:9 · the job promote moves production without an environment" in said
    assert "→ environment: production" in said
    assert not (below / "mlflow.db").exists()
    assert "MLFLOW_TRACKING_URI" not in os.environ
