"""A configuration that cannot be used: the pull request's comment says so, and shows no older verdict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from github.PullRequest import PullRequest

from mlgate.__main__ import run
from tests.bed.emulate import REPOSITORY, Server
from tests.golden import cases
from tests.integration.github.conftest import Job

BROKEN = "version: 1\nmodels:\n  churn:\n    gate: @everyone\n"
COMMANDS = (["run"], ["report"])


def bodies(pull: PullRequest) -> list[str]:
    """Read the comments."""
    return [comment.body for comment in pull.get_issue_comments()]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in a checkout whose configuration is broken."""
    (tmp_path / "mlgate.yaml").write_text(BROKEN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def be_in_a_job(folder: Path, server: Server, around: pytest.MonkeyPatch, pull: PullRequest, **event: Any) -> None:
    """Tell the command what a runner tells it."""
    told = {"pull_request": {"number": pull.number, "head": {"sha": pull.head.sha}, "merged": False}, **event}
    (folder / "event.json").write_text(json.dumps(told), encoding="utf-8")
    token = server.token(pull_requests="write")
    for name, value in {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": server.url,
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(folder / "event.json"),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "MLGATE_RUN_GITHUB_TOKEN": token,
        "MLGATE_REPORT_GITHUB_TOKEN": token,
    }.items():
        around.setenv(name, value)


def passed_before(folder: Path, server: Server, pull: PullRequest) -> None:
    """Leave the comment of an earlier commit."""
    job = Job(folder / "before", server, event={"pull_request": {"number": pull.number, "head": {"sha": "a" * 40}}})
    job.leave(cases.CASES["passed"])
    job.report()
    assert "**PASS**" in bodies(pull)[0]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_no_older_verdict_stays(
    folder: Path, server: Server, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    """Comment, summary and outputs say what is wrong, and the command ends with it."""
    pull = server.open_pull()
    passed_before(folder, server, pull)
    be_in_a_job(folder, server, monkeypatch, pull)
    assert run(command) == 2
    (body,) = bodies(pull)
    assert "PASS" not in body
    assert "**ERROR**: nothing was judged." in body
    assert "mlgate.yaml, line 4: not readable as YAML" in body
    assert "nothing was judged" in (folder / "summary.md").read_text(encoding="utf-8")
    assert "verdict" in (folder / "output").read_text(encoding="utf-8")
    assert "ERROR" in (folder / "output").read_text(encoding="utf-8")


def test_no_comment_is_made(folder: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether this repository wants comments is in the file that cannot be read."""
    pull = server.open_pull()
    be_in_a_job(folder, server, monkeypatch, pull)
    assert run(["run"]) == 2
    assert bodies(pull) == []
    assert "nothing was judged" in (folder / "summary.md").read_text(encoding="utf-8")


def test_an_option_says_whether_a_comment_is_wanted(
    folder: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the file need not: `off` leaves the comment as it is, `always` makes one."""
    pull, quiet = server.open_pull(), server.open_pull()
    passed_before(folder, server, pull)
    be_in_a_job(folder, server, monkeypatch, pull)
    assert run(["report", "--comment", "off"]) == 2
    assert "**PASS**" in bodies(pull)[0]
    be_in_a_job(folder, server, monkeypatch, quiet)
    assert run(["report", "--comment", "always"]) == 2
    assert "nothing was judged" in bodies(quiet)[0]


def test_a_secret_of_the_job_is_not_repeated(folder: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor the beginning of a long one."""
    pull = server.open_pull()
    passed_before(folder, server, pull)
    be_in_a_job(folder, server, monkeypatch, pull)
    for secret in ("s3cr3t-and-short", "eyJhbGciOiJSUzI1NiIs" * 9):
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", secret)
        (folder / "mlgate.yaml").write_text(f"version: 1\nmodels: {secret}\n", encoding="utf-8")
        assert run(["run"]) == 2
        told = bodies(pull)[0] + (folder / "summary.md").read_text(encoding="utf-8")
        assert "models: expected keys and values" in told
        assert secret[:12] not in told


def test_the_project_is_found_behind_a_relative_path(
    folder: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the same project, whose older verdict must not stay."""
    pull = server.open_pull()
    passed_before(folder, server, pull)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(folder))
    (folder / "sub").mkdir()
    monkeypatch.chdir(folder / "sub")
    be_in_a_job(folder, server, monkeypatch, pull)
    assert run(["run", "--config", "../mlgate.yaml"]) == 2
    assert "PASS" not in bodies(pull)[0]


@pytest.mark.usefixtures("folder")
def test_what_the_runner_tells_may_be_wrong_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The configuration's error is the one that is shown."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_EVENT_NAME", "pull_request_target")
    assert run(["run"]) == 2
    assert "not readable as YAML" in capsys.readouterr().err


def test_a_dry_run_tells_nobody(folder: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """But its own summary."""
    pull = server.open_pull()
    passed_before(folder, server, pull)
    be_in_a_job(folder, server, monkeypatch, pull)
    assert run(["run", "--dry-run"]) == 2
    assert "**PASS**" in bodies(pull)[0]
    assert "nothing was judged" in (folder / "summary.md").read_text(encoding="utf-8")


def test_a_closed_pull_request_keeps_its_numbers(folder: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """What its last report said is not unsaid by a file that nobody will merge."""
    pull = server.open_pull()
    passed_before(folder, server, pull)
    be_in_a_job(folder, server, monkeypatch, pull, action="closed")
    assert run(["run"]) == 2
    assert "**Closed** without merging" in bodies(pull)[0]
    assert "0.7342" in bodies(pull)[0]


def test_another_project_s_sections_stay(folder: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what this configuration describes was not judged."""
    pull = server.open_pull()
    passed_before(folder, server, pull)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(folder))
    (folder / "models").mkdir()
    (folder / "models" / "mlgate.yaml").write_text(BROKEN, encoding="utf-8")
    monkeypatch.chdir(folder / "models")
    be_in_a_job(folder, server, monkeypatch, pull)
    assert run(["run"]) == 2
    (body,) = bodies(pull)
    assert "**ERROR**: nothing was judged in `models`." in body
    assert "### ✅ `flight-delay`" in body
    assert "0.7342" in body


def test_what_keeps_it_from_being_told_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """The error of the configuration is the command's, wherever GitHub is."""
    be_in_a_job(folder, server, monkeypatch, server.open_pull())
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9")
    (folder / ".mlgate").write_text("in the way", encoding="utf-8")
    assert run(["run"]) == 2
    assert "error: mlgate.yaml, line 4: not readable as YAML" in capsys.readouterr().err


def test_a_laptop_is_told_on_its_terminal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is written."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    assert [run(command) for command in COMMANDS] == [2, 2]
    assert [path.name for path in folder.iterdir()] == ["mlgate.yaml"]
