"""Promotion and rollback on a real MLflow store: what was reviewed becomes production, or nothing does."""

from __future__ import annotations

import os
import pickle
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlgate.__main__ import run
from mlgate.adapters.files import find_record
from mlgate.adapters.registry import runs, versions
from mlgate.errors import OvertakenError, RequestError, StaleError
from mlgate.promotion.values import Wish
from mlgate.records import ComparisonRecord
from mlgate.steps import stage
from mlgate.steps.ask import Ask
from mlgate.steps.doctor import look_at
from mlgate.steps.production import read_history
from mlgate.steps.promote import promote
from mlgate.steps.rollback import rollback
from mlgate.steps.verify import verify
from mlgate.verdict import Outcome
from tests.integration.conftest import CONFIG, commit, git, open_workspace
from tests.integration.promotion.support import FAILED, PASSED, next_change, reviewed, served

if TYPE_CHECKING:
    from mlgate.promotion.history import Entry


def test_the_story(repository: Path) -> None:
    """First promotion, second, repeated, rolled back, fenced: production is always the one the story says."""
    first = open_workspace(repository)
    assert promote(first, "churn").reason == "no_evidence"
    reviewed(first, "one")
    assert promote(first, "churn", Ask(dry_run=True)).status == "planned"
    assert served(first) is None
    assert promote(first, "churn", Ask(reason="the first")).status == "done"
    assert served(first) == "one"

    second = next_change(repository, "print('v2')\n")
    reviewed(second, "two", FAILED)
    assert promote(second, "churn").reason == "not_passed"
    assert served(second) == "one"
    reviewed(second, "two")
    assert promote(second, "churn").to_version == "2"
    assert promote(second, "churn").status == "already"
    assert served(second) == "two"

    back = rollback(second, "churn", Wish(to="previous", reason="alarms"))
    assert (back.status, back.from_version, back.to_version) == ("done", "2", "3")
    assert served(second) == "one"
    assert (
        rollback(second, "churn", Wish(to="previous", from_version="2", reason="I saw it too")).reason
        == "production_moved"
    )
    assert rollback(second, "churn", Wish(to="previous", reason="more")).reason == "no_target"

    third = next_change(repository, "print('v3')\n")
    reviewed(third, "two")
    assert promote(third, "churn").reason == "fenced"
    assert promote(third, "churn", Ask(unfence=True, reason="mended")).status == "done"
    assert served(third) == "two"
    history, _, alias = read_history(third, "churn")
    assert [entry.operation for entry in history.valid] == ["promote", "promote", "rollback", "promote"]
    assert history.valid[2].tags["mlgate.reason"] == "alarms"
    assert alias == "4"
    assert look_at(third, "churn").problems == ()


def test_an_older_merge_s_job_that_is_run_again_puts_nothing_back(repository: Path) -> None:
    """Its candidate would be compared again and win; it was production before, and its time is over."""
    older = open_workspace(repository)
    reviewed(older, "one")
    assert promote(older, "churn").to_version == "1"
    at = git(repository, "rev-parse", "HEAD").strip()
    newer = next_change(repository, "print('v2')\n")
    reviewed(newer, "two")
    assert promote(newer, "churn").to_version == "2"
    git(repository, "checkout", "-q", at)
    again = promote(open_workspace(repository), "churn")
    assert (again.status, again.to_version) == ("already", "2")
    assert again.sentence.startswith("promoted already as version 1, and replaced since by version 2")
    assert served(newer) == "two"


def test_records_that_only_tell_stop_no_promotion(stored: Path) -> None:
    """One that cannot be read is another's: a dry run leaves all of them alone, a promotion puts its evidence there."""
    workspace = open_workspace(stored)
    record = reviewed(workspace, "one")
    told = workspace.records / "churn"
    told.mkdir(parents=True)
    for name in ("validation.json", "training.json", "comparison.json"):
        (told / name).write_text("{}", encoding="utf-8")
    assert promote(workspace, "churn", Ask(dry_run=True)).status == "planned"
    assert {path.read_text(encoding="utf-8") for path in told.iterdir() if path.stem != "promotion"} == {"{}"}
    assert len(list(told.iterdir())) == 4
    assert promote(workspace, "churn").status == "done"
    assert not {"validation.json", "training.json"} & {path.name for path in told.iterdir()}
    assert find_record(workspace.records, "churn", ComparisonRecord) == record


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

    def overtaken(*args: Any) -> Entry:
        nonlocal overtaking
        if overtaking:
            overtaking = False
            faster = reviewed(other, "fast")
            assert promote(other, "churn").candidate == faster.candidate.version
        return append(*args)

    append = stage.append
    monkeypatch.setattr("mlgate.steps.apply.append", overtaken)
    with pytest.raises(OvertakenError, match="another promotion of churn was faster: production is version 1 now"):
        promote(workspace, "churn", Ask(recompare=False))
    assert served(workspace) == "fast"
    assert look_at(workspace, "churn").problems == ()


def test_a_crash_before_the_alias_is_finished_by_the_next_run(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The entry is there, the alias is not: doctor says so, the same command finishes it."""
    workspace = open_workspace(repository)
    reviewed(workspace, "one")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("mlgate.steps.apply.move_alias", crash)
        with pytest.raises(KeyboardInterrupt):
            promote(workspace, "churn")
    assert served(workspace) is None
    assert [problem.reason for problem in look_at(workspace, "churn").problems] == ["alias_differs"]
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
    assert [problem.reason for problem in look_at(third, "churn", fix=True).mended] == ["alias_differs"]
    assert served(third) == "two"


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 501], ids=["empty", "blank", "long"])
def test_a_rollback_needs_a_reason_that_is_read(repository: Path, reason: str) -> None:
    """A reason that says nothing, or too much, is refused before the registry is asked."""
    with pytest.raises(RequestError, match="reason"):
        rollback(open_workspace(repository), "churn", Wish(to="previous", reason=reason))
    assert not (repository / "mlflow.db").exists()


def test_the_history_keeps_a_reason_on_one_line() -> None:
    """However it was typed."""
    assert stage.one_line("  slow\n\tanswers ") == "slow answers"


class Marker:
    """A pickle that leaves a file behind when it is loaded."""

    def __init__(self, path: Path) -> None:
        """Remember which."""
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        """Have loading run a command."""
        return (os.system, (f"touch '{self.path}'",))


def test_moving_a_model_runs_none_of_its_code(repository: Path, tmp_path: Path) -> None:
    """Promoted, judged again by doctor and verify, rolled back: the pickle was never loaded, nor the code beside it."""
    trace = tmp_path / "trace"

    def poisoned(folder: Path) -> None:
        (folder / "model.pkl").write_bytes(pickle.dumps(Marker(trace)))
        (folder / "code").mkdir()
        (folder / "code" / "evil.py").write_text(f"open({str(trace)!r}, 'w')\n", encoding="utf-8")
        flavor = "flavors: {python_function: {loader_module: evil, code: code, data: model.pkl}}\n"
        (folder / "MLmodel").write_text(flavor, encoding="utf-8")

    first = open_workspace(repository)
    reviewed(first, poisoned)
    assert promote(first, "churn").status == "done"
    second = next_change(repository, "print('v2')\n")
    reviewed(second, "two")
    promote(second, "churn")
    assert look_at(second, "churn", deep=True).problems == ()
    assert verify(second, "churn").verdict.outcome is Outcome.PASS
    assert rollback(second, "churn", Wish(to="1", reason="alarms")).status == "done"
    assert not trace.exists()
    pickle.loads(pickle.dumps(Marker(trace)))  # noqa: S301 (made here: the trap works)
    assert trace.exists()


def test_a_candidate_in_another_store_is_not_fetched(repository: Path) -> None:
    """Whoever adds a version says where its files are: not where the promoter's job can reach and they cannot."""
    workspace = open_workspace(repository)
    reviewed(workspace, "one")
    (entry,) = versions.read_versions(workspace.registry, "churn-candidates")
    source = "http://169.254.169.254/latest/meta-data"
    versions.create_version(
        workspace.registry, "churn-candidates", source=source, run_id=entry.run_id, tags=dict(entry.tags)
    )
    with pytest.raises(StaleError, match=r"keeps its files in http://169\.254\.169\.254"):
        promote(workspace, "churn")
    assert served(workspace) is None


def test_one_model_s_trouble_keeps_no_other_from_being_told(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two models: one is promoted and printed, the other's evidence was changed, and decides the exit code."""
    two = CONFIG.replace("  churn:\n", "  broken: &same\n", 1).replace("registry:", "  churn: *same\nregistry:")
    commit(repository, {"mlgate.yaml": two})
    workspace = open_workspace(repository)
    record = reviewed(workspace, "bad", name="broken")
    runs.save_text(workspace.registry, record.candidate.run_id, "comparison.json", "{}")
    reviewed(workspace, "good")
    monkeypatch.chdir(repository)
    assert run(["promote"]) == 4
    said = capsys.readouterr()
    assert "models:/churn@production is version 1 now" in said.out
    assert "is missing or was changed" in said.err + said.out
    assert served(workspace) == "good"


def test_a_model_that_has_the_name_of_mlflow_s_note_is_bound_as_well(repository: Path) -> None:
    """Its MLmodel names that file as the model: whoever writes over it after the comparison promotes nothing."""

    def write(folder: Path) -> None:
        (folder / "MLmodel").write_text("flavors: {sklearn: {pickled_model: registered_model_meta}}", encoding="utf-8")
        (folder / "registered_model_meta").write_bytes(pickle.dumps("judged"))

    workspace = open_workspace(repository)
    record = reviewed(workspace, write)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "registered_model_meta").write_bytes(pickle.dumps("another"))
        runs.save_folder(workspace.registry, record.candidate.run_id, "model", Path(folder))
    with pytest.raises(StaleError, match="are not those that were compared"):
        promote(workspace, "churn")
