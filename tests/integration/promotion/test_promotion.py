"""Promotion and rollback on a real MLflow store: what was reviewed becomes production, or nothing does."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mlgate.adapters import files
from mlgate.adapters.registry import runs, versions
from mlgate.errors import RequestError, StaleError
from mlgate.promotion.tags import candidate_tags, evidence_tags
from mlgate.records import ComparisonRecord, Version
from mlgate.steps import stage
from mlgate.steps.doctor import examine
from mlgate.steps.production import find_production, read_history
from mlgate.steps.promote import promote
from mlgate.steps.rollback import rollback
from mlgate.training import identity
from mlgate.verdict import Outcome, Verdict
from tests.integration.conftest import commit, git, open_workspace

if TYPE_CHECKING:
    from mlgate.steps.workspace import Workspace

PASSED = Verdict(outcome=Outcome.PASS, decided_by="every rule", sentence="the rule holds")
FAILED = Verdict(outcome=Outcome.FAIL, decided_by="roc_auc", sentence="worse")


def reviewed(
    workspace: Workspace, content: str | Callable[[Path], object], verdict: Verdict = PASSED
) -> ComparisonRecord:
    """Register a candidate, and keep the evidence of its comparison.

    Its only file holds `content`, or `content` writes its files into a folder.
    """
    registry, model, code = workspace.registry, workspace.model("churn"), workspace.code("churn")
    _, run_id = runs.open_run(registry, "churn", {}, {})
    with tempfile.TemporaryDirectory() as folder:
        if isinstance(content, str):
            Path(folder, "MLmodel").write_text(content, encoding="utf-8")
        else:
            content(Path(folder))
        digest = files.manifest_digest(files.manifest(Path(folder)))
        source = runs.save_folder(registry, run_id, "model", Path(folder))
    name = workspace.candidates("churn")
    number = versions.create_version(
        registry, name, source=source, run_id=run_id, tags=candidate_tags(model, code, digest)
    )
    data = workspace.data_files("churn")
    production = find_production(workspace, "churn")
    record = ComparisonRecord(
        model="churn",
        mlgate="0",
        code=code,
        verdict=verdict,
        candidate=Version(name=name, version=number, run_id=run_id, manifest_digest=digest),
        production=Version(name="churn", version=production.version, run_id=production.run_id, manifest_digest="")
        if production
        else None,
        held_out=data["held_out"],
        train_data=(data["train"],),
        config_digest=identity.config_digest(model),
        gate_digest=identity.gate_digest(model),
        confidence_level=0.95,
        results=(),
    )
    text = record.model_dump_json(indent=2)
    runs.save_text(registry, run_id, "comparison.json", text)
    versions.tag_version(registry, name, number, evidence_tags(record, text))
    return record


def served(workspace: Workspace) -> str | None:
    """Read what a server would load: the file of the version behind the alias."""
    version = versions.read_alias(workspace.registry, "churn", "production")
    if version is None:
        return None
    with versions.version_files(workspace.registry, "churn", version) as (folder, _):
        return (folder / "MLmodel").read_text(encoding="utf-8")


def next_change(folder: Path, text: str) -> Workspace:
    """Commit another training and open the repository again."""
    commit(folder, {"train.py": text})
    return open_workspace(folder)


def test_the_story(repository: Path) -> None:
    """First promotion, second, repeated, rolled back, fenced: production is always the one the story says."""
    first = open_workspace(repository)
    assert promote(first, "churn").reason == "no_evidence"
    reviewed(first, "one")
    assert promote(first, "churn", dry_run=True).status == "planned"
    assert served(first) is None
    assert promote(first, "churn", reason="the first").status == "done"
    assert served(first) == "one"

    second = next_change(repository, "print('v2')\n")
    reviewed(second, "two", FAILED)
    assert promote(second, "churn").reason == "not_passed"
    assert served(second) == "one"
    reviewed(second, "two")
    assert promote(second, "churn").to_version == "2"
    assert promote(second, "churn").status == "already"
    assert served(second) == "two"

    back = rollback(second, "churn", to="previous", reason="alarms")
    assert (back.status, back.from_version, back.to_version) == ("done", "2", "3")
    assert served(second) == "one"
    assert rollback(second, "churn", to="previous", reason="more").reason == "no_target"

    third = next_change(repository, "print('v3')\n")
    reviewed(third, "two")
    assert promote(third, "churn").reason == "fenced"
    assert promote(third, "churn", unfence=True).status == "done"
    assert served(third) == "two"
    history, _, alias = read_history(third, "churn")
    assert [entry.operation for entry in history.valid] == ["promote", "promote", "rollback", "promote"]
    assert history.valid[2].tags["mlgate.reason"] == "alarms"
    assert alias == "4"
    assert examine(third, "churn", fix=False) == ([], [])


def test_a_squash_merge_finds_what_was_reviewed(repository: Path) -> None:
    """The merged commit is another one; its inputs are those that were compared."""
    git(repository, "checkout", "-b", "pr")
    reviewed(next_change(repository, "print('better')\n"), "better")
    git(repository, "checkout", "main")
    git(repository, "merge", "--squash", "pr")
    git(repository, "commit", "-m", "Better model (#7)")
    workspace = open_workspace(repository)
    assert promote(workspace, "churn").status == "done"
    assert served(workspace) == "better"


def test_swapped_bytes_are_refused(repository: Path) -> None:
    """A candidate whose file was overwritten after the comparison never reaches the history."""
    workspace = open_workspace(repository)
    record = reviewed(workspace, "good")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "MLmodel").write_text("evil", encoding="utf-8")
        runs.save_folder(workspace.registry, record.candidate.run_id, "model", Path(folder))
    with pytest.raises(StaleError, match="are not those that were compared"):
        promote(workspace, "churn")
    assert served(workspace) is None
    assert read_history(workspace, "churn")[0].valid == ()


def test_forged_evidence_is_refused(repository: Path) -> None:
    """A verdict edited after the comparison does not have the digest that the candidate's tag names."""
    workspace = open_workspace(repository)
    record = reviewed(workspace, "bad", FAILED)
    forged = record.model_copy(update={"verdict": PASSED}).model_dump_json(indent=2)
    runs.save_text(workspace.registry, record.candidate.run_id, "comparison.json", forged)
    with pytest.raises(StaleError, match="is missing or was changed"):
        promote(workspace, "churn")


def test_a_race_has_one_winner(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A promotion that is overtaken between its plan and its entry moves nothing and says so."""
    workspace = open_workspace(repository)
    reviewed(workspace, "slow")
    other = open_workspace(repository)
    overtaking = True

    def overtaken(*args: object, **kwargs: object) -> str:
        nonlocal overtaking
        if overtaking:
            overtaking = False
            faster = reviewed(other, "fast")
            assert promote(other, "churn").candidate == faster.candidate.version
        return append(*args, **kwargs)  # type: ignore[arg-type]  # passed on as received

    append = stage.append
    monkeypatch.setattr("mlgate.steps.promote.append", overtaken)
    with pytest.raises(StaleError, match="another promotion of churn was faster: production is version 1 now"):
        promote(workspace, "churn")
    assert served(workspace) == "fast"
    assert examine(workspace, "churn", fix=False) == ([], [])


def test_a_crash_before_the_alias_is_finished_by_the_next_run(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The entry is there, the alias is not: doctor says so, the same command finishes it."""
    workspace = open_workspace(repository)
    reviewed(workspace, "one")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("mlgate.steps.promote.move_alias", crash)
        with pytest.raises(KeyboardInterrupt):
            promote(workspace, "churn")
    assert served(workspace) is None
    problems, _ = examine(workspace, "churn", fix=False)
    assert [problem.reason for problem in problems] == ["alias_differs"]
    assert promote(workspace, "churn").status == "done"
    assert served(workspace) == "one"


def test_doctor_mends_an_alias_moved_by_hand(repository: Path) -> None:
    """The history is right; `--fix` moves the alias back; nothing is promoted on top meanwhile."""
    workspace = open_workspace(repository)
    reviewed(workspace, "one")
    promote(workspace, "churn")
    workspace = next_change(repository, "print('v2')\n")
    reviewed(workspace, "two")
    promote(workspace, "churn")
    versions.set_alias(workspace.registry, "churn", "production", "1")
    third = next_change(repository, "print('v3')\n")
    reviewed(third, "three")
    assert promote(third, "churn").reason == "alias_differs"
    _, mended = examine(third, "churn", fix=True)
    assert [problem.reason for problem in mended] == ["alias_differs"]
    assert served(third) == "two"


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 501], ids=["empty", "blank", "long"])
def test_a_rollback_needs_a_reason_that_is_read(repository: Path, reason: str) -> None:
    """A reason that says nothing, or too much, is refused before the registry is asked."""
    with pytest.raises(RequestError, match="reason"):
        rollback(open_workspace(repository), "churn", to="previous", reason=reason)
    assert not (repository / "mlflow.db").exists()


def test_the_history_keeps_a_reason_on_one_line() -> None:
    """However it was typed."""
    assert stage.one_line("  slow\n\tanswers ") == "slow answers"
