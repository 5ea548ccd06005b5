"""Going back on a real MLflow store: to which versions, and what becomes of several requests at once."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlgate.__main__ import run
from mlgate.adapters.registry import runs, versions
from mlgate.errors import OvertakenError, StaleError
from mlgate.promotion.values import Wish
from mlgate.steps import stage
from mlgate.steps.promote import promote
from mlgate.steps.rollback import rollback
from tests.integration.conftest import CONFIG, commit, open_workspace
from tests.integration.promotion.support import next_change, registered, reviewed, served

if TYPE_CHECKING:
    from mlgate.promotion.history import Entry


def promoted(folder: Path, *contents: str) -> None:
    """Promote a model for each of the contents, one after another."""
    for content in contents:
        workspace = next_change(folder, f"print('{content}')\n")
        reviewed(workspace, content)
        assert promote(workspace, "churn").status == "done"


def test_one_goes_back_to_a_rollback_whose_original_was_deleted(stored: Path) -> None:
    """Its files are the same; version 1, which brought them first, is gone from the list."""
    promoted(stored, "one", "two")
    workspace = open_workspace(stored)
    assert rollback(workspace, "churn", Wish(to="previous", reason="alarms")).to_version == "3"
    promoted(stored, "three")
    workspace = open_workspace(stored)
    workspace.registry.client.delete_model_version("churn", "1")
    assert rollback(workspace, "churn", Wish(to="3", reason="alarms again")).to_version == "5"
    assert served(workspace) == "one"


def by_hand(folder: Path, content: str) -> None:
    """Register a version and point production's alias to it, as was done before mlgate came."""
    workspace = open_workspace(folder)
    candidate = registered(workspace, content)
    (entry,) = versions.read_versions(workspace.registry, "churn-candidates")
    assert entry.run_id == candidate.run_id
    versions.create_version(workspace.registry, "churn", source=entry.source, run_id=entry.run_id, tags={})
    versions.set_alias(workspace.registry, "churn", "production", "1")


@pytest.mark.parametrize("to", ["previous", "1"])
def test_one_goes_back_to_what_was_adopted(stored: Path, to: str) -> None:
    """The model that was in production before mlgate came is the one to restore when mlgate's first is bad."""
    by_hand(stored, "by hand")
    promoted(stored, "one")
    workspace = open_workspace(stored)
    back = rollback(workspace, "churn", Wish(to=to, reason="alarms"))
    assert (back.status, back.from_version, back.to_version) == ("done", "2", "3")
    assert served(workspace) == "by hand"
    assert rollback(workspace, "churn", Wish(to="previous", reason="more")).reason == "no_target"
    promoted(stored, "two")
    workspace = open_workspace(stored)
    assert rollback(workspace, "churn", Wish(to="1", reason="alarms again")).status == "done"
    assert served(workspace) == "by hand"


def test_what_was_adopted_is_checked_before_one_goes_back(stored: Path, tmp_path: Path) -> None:
    """Its files are no copy of mlgate's: whoever made it may have written over them since."""
    by_hand(stored, "by hand")
    promoted(stored, "one")
    workspace = open_workspace(stored)
    other = tmp_path / "other"
    other.mkdir()
    (other / "MLmodel").write_text("written over", encoding="utf-8")
    adopted = versions.read_version(workspace.registry, "churn", "1")
    assert adopted is not None
    runs.save_folder(workspace.registry, adopted.run_id, "model", other)
    with pytest.raises(StaleError, match="are not those that were promoted"):
        rollback(workspace, "churn", Wish(to="1", reason="alarms"))
    assert served(workspace) == "one"


def test_what_cannot_be_read_is_adopted_with_a_warning(stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first promotion replaces a version whose files are gone; nobody can go back to that."""
    by_hand(stored, "by hand")
    (entry,) = versions.read_versions(open_workspace(stored).registry, "churn")
    shutil.rmtree(Path(entry.source.removeprefix("file://").replace("%20", " ")))
    promoted(stored, "one")
    assert "production cannot go back to version 1 of churn" in capsys.readouterr().err
    assert rollback(open_workspace(stored), "churn", Wish(to="previous", reason="alarms")).reason == "no_target"


@pytest.fixture
def two_models(stored: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of two models, each of which was promoted twice."""
    two = CONFIG.replace("  churn:\n", "  churn: &same\n", 1).replace("registry:", "  fraud: *same\nregistry:")
    commit(stored, {"mlgate.yaml": two})
    for content in ("one", "two"):
        workspace = next_change(stored, f"print('{content}')\n")
        for name in ("churn", "fraud"):
            reviewed(workspace, content, name=name)
            promote(workspace, name)
    monkeypatch.chdir(stored)
    return stored


@pytest.mark.parametrize("command", [["rollback"], ["run", "--operation", "rollback"]], ids=["rollback", "run"])
def test_of_several_models_one_is_named(
    two_models: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    """An alarm is about one of them: without a name nothing is moved, with one that one."""
    assert run([*command, "--reason", "alarms"]) == 2
    assert "churn, fraud" in capsys.readouterr().err
    assert run([*command, "--reason", "alarms", "--model", "churn"]) == 0
    workspace = open_workspace(two_models)
    assert (served(workspace, "churn"), served(workspace, "fraud")) == ("one", "two")


@pytest.mark.parametrize("command", [["rollback"], ["run", "--operation", "rollback"]], ids=["rollback", "run"])
def test_a_second_rollback_for_one_alarm_is_told(
    stored: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    """Both saw version 3 fail, and said so; an empty `from` is that of an action without one."""
    promoted(stored, "one", "two", "three")
    monkeypatch.chdir(stored)
    assert run([*command, "--reason", "alarms", "--from", "3"]) == 0
    assert run([*command, "--reason", "I saw it too", "--from", "3"]) == 1
    assert served(open_workspace(stored)) == "two"
    assert run([*command, "--reason", "still alarms", "--from", ""]) == 0
    assert served(open_workspace(stored)) == "one"


def test_from_is_for_a_rollback(
    stored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A promotion that silently passed it by would promise what it does not do."""
    monkeypatch.chdir(stored)
    assert run(["run", "--operation", "promote", "--from", "3"]) == 2
    assert "--from" in capsys.readouterr().err


def test_one_model_s_trouble_hides_no_other_s_rollback(
    two_models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first went back, and is printed; the second's files were written over, which decides the exit code."""
    workspace = open_workspace(two_models)
    other = tmp_path / "other"
    other.mkdir()
    (other / "MLmodel").write_text("written over", encoding="utf-8")
    first = versions.read_version(workspace.registry, "fraud", "1")
    assert first is not None
    runs.save_folder(workspace.registry, first.run_id, "model", other)
    assert run(["rollback", "--model", "churn", "--model", "fraud", "--reason", "alarms"]) == 4
    said = capsys.readouterr()
    assert "models:/churn@production is version 3 now" in said.out
    assert "the files of fraud version 1 are not those that were promoted" in said.err


def test_a_rollback_that_was_overtaken_is_not_told_to_go_back_once_more(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else's answer to the same alarm came first: the same command again would go back twice."""
    promoted(stored, "one", "two", "three")
    slow, fast = open_workspace(stored), open_workspace(stored)
    append = stage.append

    def overtaken(*args: Any) -> Entry:
        monkeypatch.setattr("mlgate.steps.apply.append", append)
        rollback(fast, "churn", Wish(to="previous", reason="I saw it first"))
        return append(*args)

    monkeypatch.setattr("mlgate.steps.apply.append", overtaken)
    with pytest.raises(OvertakenError) as told:
        rollback(slow, "churn", Wish(to="previous", reason="alarms"))
    assert "run the same command again" not in told.value.hint
    assert "`mlgate history`" in told.value.hint
    assert "--from VERSION" in told.value.hint
    assert served(slow) == "two"


def test_a_rollback_to_what_a_hand_had_restored_fences_what_was_bad(stored: Path) -> None:
    """Somebody pointed the alias back first, and then said so: the bad one is fenced, not the one that serves."""
    promoted(stored, "one", "two")
    workspace = open_workspace(stored)
    versions.set_alias(workspace.registry, "churn", "production", "1")
    assert rollback(workspace, "churn", Wish(to="1", reason="alarms")).to_version == "3"
    assert promote(workspace, "churn").reason == "fenced"  # two is what is checked out
    assert served(workspace) == "one"


def test_a_rollback_s_job_that_is_run_again_leaves_what_was_promoted_since(stored: Path) -> None:
    """Run 77 went back and what mends it was promoted: its job does nothing when run again, and run 78 goes back."""
    promoted(stored, "one", "two")
    runner = {"GITHUB_RUN_ID": "77", "GITHUB_REPOSITORY": "o/r", "GITHUB_ACTIONS": "true"}
    wish = Wish(to="previous", reason="alarms")
    assert rollback(open_workspace(stored, runner), "churn", wish).to_version == "3"
    promoted(stored, "mended")
    again = rollback(open_workspace(stored, runner), "churn", wish)
    assert (again.status, again.to_version) == ("already", "4")
    assert served(open_workspace(stored)) == "mended"
    assert rollback(open_workspace(stored, {**runner, "GITHUB_RUN_ID": "78"}), "churn", wish).status == "done"
