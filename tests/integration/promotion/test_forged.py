"""Evidence that is forged, borrowed or old, files that were swapped, history that was edited: nothing is promoted."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mlgate.adapters.registry import runs, versions
from mlgate.errors import StaleError
from mlgate.promotion.tags import evidence_digest
from mlgate.promotion.values import Wish
from mlgate.records import ComparisonRecord, Version
from mlgate.steps.promote import promote
from mlgate.steps.rollback import rollback
from mlgate.steps.workspace import Workspace
from mlgate.tag_names import EVIDENCE, INPUTS
from tests.integration.conftest import CONFIG, commit, git, open_workspace
from tests.integration.promotion.support import FAILED, PASSED, compared, keep, registered, reviewed, served

DATA = "id,x,left\n1,0.5,0\n2,0.7,1\n"


@dataclass
class Scene:
    """Production serves "old"; the candidate "new" was reviewed for the code that is checked out, and passed."""

    folder: Path
    store: str
    name: str
    candidate: ComparisonRecord

    @property
    def workspace(self) -> Workspace:
        """The checkout as a new job opens it."""
        return open_workspace(self.folder, {"MLFLOW_TRACKING_URI": self.store})

    def change(self, text: str) -> Workspace:
        """Commit another training."""
        commit(self.folder, {"train.py": text})
        return self.workspace

    def rewrite(self, **fields: object) -> None:
        """Change fields of the record that is kept, and its digest with it, as who may write candidates can."""
        keep(self.workspace, self.candidate.model_copy(update=fields))

    def save(self, name: str, text: str, *, of: Version | None = None) -> None:
        """Put a file among the model's."""
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, name).write_text(text, encoding="utf-8")
            runs.save_folder(self.workspace.registry, (of or self.candidate.candidate).run_id, "model", Path(folder))


def scene(folder: Path, store: str, name: str) -> Scene:
    """Set the scene, for a model of its own."""
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    config = CONFIG.replace("churn:", f"{name}:")
    commit(folder, {"mlgate.yaml": config, "train.py": "old\n", "train.csv": DATA, "held_out.csv": DATA})
    workspace = open_workspace(folder, {"MLFLOW_TRACKING_URI": store})
    reviewed(workspace, "old", name=name)
    assert promote(workspace, name).status == "done"
    commit(folder, {"train.py": "new\n"})
    workspace = open_workspace(folder, {"MLFLOW_TRACKING_URI": store})
    return Scene(folder=folder, store=store, name=name, candidate=reviewed(workspace, "new", name=name))


def edited_verdict(scene: Scene) -> None:
    """A candidate that failed, and a record on which somebody wrote PASS."""
    failed = compared(scene.workspace, scene.candidate.candidate, FAILED, scene.name)
    forged = failed.model_copy(update={"verdict": PASSED}).model_dump_json(indent=2)
    runs.save_text(scene.workspace.registry, failed.candidate.run_id, "comparison.json", forged)


def evidence_of_another_run(scene: Scene) -> None:
    """The newest candidate carries the record, with the right digest, of one that passed."""
    bad = reviewed(scene.workspace, "bad", FAILED, scene.name)
    keep(scene.workspace, scene.candidate, on=bad.candidate)


def same_run_registered_again(scene: Scene) -> None:
    """Another version of the candidate's run, with its tags, whose source is another model."""
    bad = registered(scene.workspace, "bad", scene.name)
    registry, good = scene.workspace.registry, scene.candidate.candidate
    source = registry.client.get_model_version(bad.name, bad.version).source
    tags = dict(registry.client.get_model_version(good.name, good.version).tags)
    versions.create_version(registry, good.name, source=source, run_id=good.run_id, tags=tags)


def evidence_of_another_model(scene: Scene) -> None:
    """The record says that it is about another model of the repository."""
    scene.rewrite(model="another")


def evidence_that_is_no_record(scene: Scene) -> None:
    """The candidate's file holds anything, and the tag its digest."""
    text, candidate = "{}", scene.candidate.candidate
    runs.save_text(scene.workspace.registry, candidate.run_id, "comparison.json", text)
    versions.tag_version(scene.workspace.registry, candidate.name, candidate.version, {EVIDENCE: evidence_digest(text)})


def evidence_of_an_older_head(scene: Scene) -> None:
    """The pull request moved on after the comparison."""
    scene.change("newer\n")


def older_candidate_tagged_for_the_newer_head(scene: Scene) -> None:
    """The same, and the candidate's tag says that it was made from the newer inputs."""
    workspace, candidate = scene.change("newer\n"), scene.candidate.candidate
    digest = workspace.code(scene.name).inputs_digest
    versions.tag_version(workspace.registry, candidate.name, candidate.version, {INPUTS: digest})


def reverted_commit(scene: Scene) -> None:
    """The merge is reverted without a pull request: the old model was production before, and stays replaced."""
    assert promote(scene.workspace, scene.name).status == "done"
    git(scene.folder, "revert", "--no-edit", "HEAD")


def records_of_another_pull_request(scene: Scene) -> None:
    """The candidate failed; .mlgate holds what another pull request's workflow wrote: passed, promoted."""
    workspace = scene.workspace
    workspace.write(scene.candidate)
    compared(workspace, scene.candidate.candidate, FAILED, scene.name)


def another_gate(scene: Scene) -> None:
    """The merged mlgate.yaml asks for less than the one that judged."""
    text = (scene.folder / "mlgate.yaml").read_text(encoding="utf-8")
    commit(scene.folder, {"mlgate.yaml": text.replace("0.6", "0.1")})


def other_data(scene: Scene) -> None:
    """The held-out rows that are checked out are not those of the comparison."""
    commit(scene.folder, {"held_out.csv": DATA + "3,0.1,1\n"})


def uncommitted_code(scene: Scene) -> None:
    """A file of the inputs differs from the commit."""
    (scene.folder / "train.py").write_text("new, and more\n", encoding="utf-8")


def old_evidence(scene: Scene) -> None:
    """The comparison is a month old."""
    scene.rewrite(created_at=datetime.now(UTC) - timedelta(days=31))


def evidence_from_the_future(scene: Scene) -> None:
    """The comparison says that it is of tomorrow, so as never to be too old."""
    scene.rewrite(created_at=datetime.now(UTC) + timedelta(days=1))


def compared_with_an_older_production(scene: Scene) -> None:
    """Production moved after the comparison, by a change that left the inputs as they are."""
    other = scene.change("other\n")
    reviewed(other, "other", name=scene.name)
    assert promote(other, scene.name).status == "done"
    scene.change("new\n")


def swapped_file(scene: Scene) -> None:
    """The model's file has other bytes than those that were compared."""
    scene.save("MLmodel", "evil")


def added_file(scene: Scene) -> None:
    """The model has one more file, which a loader might run."""
    scene.save("loader.py", "evil")


def alias_moved_by_hand(scene: Scene) -> None:
    """Production was moved to a version that the history does not call its head."""
    registry, candidate = scene.workspace.registry, scene.candidate.candidate
    source = registry.client.get_model_version(candidate.name, candidate.version).source
    number = versions.create_version(registry, scene.name, source=source, run_id=candidate.run_id, tags={})
    versions.set_alias(registry, scene.name, "production", number)


def deleted_head(scene: Scene) -> None:
    """The version that was production is gone, and with it the alias."""
    assert promote(scene.workspace, scene.name).status == "done"
    workspace = scene.change("newer\n")
    reviewed(workspace, "newer", name=scene.name)
    workspace.registry.client.delete_model_version(scene.name, "2")


def deleted_candidate(scene: Scene) -> None:
    """The candidate's version is gone."""
    candidate = scene.candidate.candidate
    scene.workspace.registry.client.delete_model_version(candidate.name, candidate.version)


def deleted_evidence(scene: Scene) -> None:
    """The candidate's run has no comparison any more."""
    root = scene.workspace.registry.client.get_run(scene.candidate.candidate.run_id).info.artifact_uri
    (Path(root.removeprefix("file://")) / "mlgate" / "comparison.json").unlink()


def no_comparison(scene: Scene) -> None:
    """The newest candidate of these inputs was never compared, the older one failed."""
    compared(scene.workspace, scene.candidate.candidate, FAILED, scene.name)
    registered(scene.workspace, "unseen", scene.name)


def refused(scene: Scene) -> str:
    """Promote what is checked out, which is refused or stale; return the reason."""
    try:
        record = promote(scene.workspace, scene.name)
    except StaleError as error:
        return f"{error.message}; {error.hint}"
    return f"{record.status}: {record.reason}" if record.status == "refused" else f"it was {record.status}"


CASES: list[tuple[Callable[[Scene], None], str, str | None]] = [
    # what is done, the reason that is told, what is served after it
    (edited_verdict, "is missing or was changed", "old"),
    (evidence_of_another_run, "is about another candidate", "old"),
    (same_run_registered_again, "is about another candidate", "old"),
    (evidence_of_another_model, "is about another candidate", "old"),
    (evidence_that_is_no_record, "cannot be read by this mlgate", "old"),
    (evidence_of_an_older_head, "no_evidence", "old"),
    (older_candidate_tagged_for_the_newer_head, "inputs_changed", "old"),
    (reverted_commit, "it was already", "new"),
    (records_of_another_pull_request, "not_passed", "old"),
    (another_gate, "config_changed", "old"),
    (other_data, "data_changed", "old"),
    (uncommitted_code, "dirty", "old"),
    (old_evidence, "too_old", "old"),
    (evidence_from_the_future, "too_old", "old"),
    (compared_with_an_older_production, "no predictions of candidate and production", "other"),
    (swapped_file, "are not those that were compared", "old"),
    (added_file, "are not those that were compared", "old"),
    (alias_moved_by_hand, "alias_differs", "new"),
    (deleted_head, "alias_differs", None),
    (deleted_candidate, "no_evidence", "old"),
    (deleted_evidence, "is missing or was changed", "old"),
    (no_comparison, "not_passed", "old"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One embedded store for the module."""
    return f"sqlite:///{tmp_path_factory.mktemp('registry') / 'mlflow.db'}"


@pytest.mark.parametrize(("spoil", "reason", "after"), CASES, ids=[case[0].__name__ for case in CASES])
def test_nothing_is_promoted(
    tmp_path: Path, store: str, spoil: Callable[[Scene], None], reason: str, after: str | None
) -> None:
    """Production stays what it is, and the reason has a name."""
    played = scene(tmp_path / "repository", store, spoil.__name__)
    spoil(played)
    before = [entry.version for entry in versions.read_versions(played.workspace.registry, played.name)]
    assert reason in refused(played)
    assert [entry.version for entry in versions.read_versions(played.workspace.registry, played.name)] == before
    assert served(played.workspace, played.name) == after


def test_a_revert_after_a_rollback_is_done_already(tmp_path: Path, store: str) -> None:
    """Going back put the old model's files in place; the revert that follows it has nothing left to do."""
    played = scene(tmp_path / "repository", store, "reverted_after_rollback")
    assert promote(played.workspace, played.name).status == "done"
    assert rollback(played.workspace, played.name, Wish(to="previous", reason="alarms")).status == "done"
    git(played.folder, "revert", "--no-edit", "HEAD")
    assert promote(played.workspace, played.name).status == "already"
    assert served(played.workspace, played.name) == "old"
