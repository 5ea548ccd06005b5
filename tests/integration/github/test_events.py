"""What `mlgate report` tells GitHub on each event: comment, check run, annotations, and nothing that is guessed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bed import reporting
from tests.bed.checks import CheckPages, check_pages
from tests.bed.emulate import REPOSITORY, Server
from tests.bed.hub import Hub
from tests.bed.reporting import ANNOTATION, EVENTS, HEAD, MERGE

Report = Callable[..., int]


@pytest.fixture
def pages() -> Iterator[CheckPages]:
    """Serve check runs; nobody answers about pull requests."""
    with check_pages() as serving:
        yield serving


@pytest.fixture
def report(pages: CheckPages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """Report on a model that failed, as a job of an event does."""
    monkeypatch.setenv("GITHUB_API_URL", pages.url)
    return lambda event, *options, **environment: reporting.report(
        tmp_path, monkeypatch, event, *options, **environment
    )


@pytest.mark.parametrize(
    ("event", "commit"), [("pull_request", HEAD), ("merge_group", MERGE), ("push", MERGE), ("workflow_run", HEAD)]
)
def test_the_check_is_of_the_commit_that_people_see(
    pages: CheckPages, report: Report, capsys: pytest.CaptureFixture[str], event: str, commit: str
) -> None:
    """The head of a pull request, the queue's commit, the pushed one, or the one that GitHub says the run was of."""
    assert report(event, "--check") == 0
    (made,) = pages.runs
    assert (made["head_sha"], made["name"], made["conclusion"]) == (commit, "mlgate / flight-delay", "failure")
    whose = ", as the pull request's own run claims" if event == "workflow_run" else ""
    assert made["output"]["title"] == f"FAIL{whose}: the candidate must not replace production"
    assert "roc_auc" in made["output"]["summary"]
    assert [(one["path"], one["start_line"]) for one in made["annotations"]] == [("mlgate.yaml", 12)]
    assert "check: created check run 'mlgate / flight-delay'" in capsys.readouterr().out


@pytest.mark.parametrize(("event", "ref"), [("merge_group", "refs/heads/queue"), ("push", "refs/heads/topic")])
def test_without_a_pull_request_none_is_guessed(
    pages: CheckPages, report: Report, capsys: pytest.CaptureFixture[str], event: str, ref: str
) -> None:
    """The queue's branch names one, and a branch may have one: no comment is written, none is asked for."""
    assert report(event, "--check", GITHUB_REF=ref) == 0
    assert all("check-runs" in line for line in pages.asked), pages.asked
    assert f"a {event} run has no pull request to comment on" in capsys.readouterr().out
    assert "FAIL" in Path(os.environ["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8")


def test_a_push_to_main_without_a_merge_has_no_comment(pages: CheckPages, report: Report) -> None:
    """GitHub is asked for the pull request that was merged as this commit, and names none."""
    assert report("push", "--check", GITHUB_REF="refs/heads/main") == 0
    written = [line for line in pages.asked if not line.startswith("GET")]
    assert set(written) == {"POST /repos/o/r/check-runs"}


def test_what_failed_is_annotated_once(pages: CheckPages, report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    """By the check run where there is one, else by the job; by no one twice."""
    report("push")
    assert capsys.readouterr().out.count(ANNOTATION) == 1
    assert pages.asked == []
    report("push", "--check")
    assert ANNOTATION not in capsys.readouterr().out


@pytest.mark.parametrize("denied", [{"checks"}, {"checks", "statuses"}])
def test_a_missing_permission_changes_nothing_else(
    pages: CheckPages, report: Report, capsys: pytest.CaptureFixture[str], denied: set[str]
) -> None:
    """A status takes the check's place, or a warning says what to grant; the job annotates what failed."""
    pages.denied = denied
    assert report("merge_group", "--check") == 0
    said = capsys.readouterr().out
    assert ANNOTATION in said
    assert "checks: write" in said
    assert ("::warning::" in said) == ("statuses" in denied)
    assert [one["context"] for one in pages.told] == ([] if "statuses" in denied else ["mlgate / flight-delay"])


@pytest.mark.parametrize("value", ["true", "false", ""])
def test_the_input_switches_it_on(pages: CheckPages, report: Report, value: str) -> None:
    """As the action hands it over; without a word it is off."""
    report("push", MLGATE_REPORT_CHECK=value)
    assert len(pages.runs) == (value == "true")


def test_an_unreachable_github_is_a_warning(
    report: Report, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report is written, the exit code stays."""
    monkeypatch.setattr("mlgate.adapters.github.retry.MAX_WAIT_SECONDS", 0.01)
    assert report("push", "--check", GITHUB_API_URL="http://127.0.0.1:9") == 0
    said = capsys.readouterr().out
    assert "::warning::the check of cccccccccccc was not written: GitHub did not answer" in said
    assert ANNOTATION in said


@pytest.mark.parametrize(
    "limited",
    [
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999"}, "API rate limit exceeded"),
        (403, {"Retry-After": "3600"}, "You have exceeded a secondary rate limit"),
        (429, {"Retry-After": "3600"}, "You have exceeded a secondary rate limit"),
    ],
)
def test_a_rate_limit_is_a_warning(
    hub: Hub,
    report: Report,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    limited: tuple[int, dict[str, str], str],
) -> None:
    """What is waited for is in the log; in the end exit code and report are what they are without GitHub."""
    monkeypatch.setattr("mlgate.adapters.github.retry.MAX_WAIT_SECONDS", 0.01)
    status, headers, message = limited
    hub.next = {"GET": [(status, headers, {"message": message})] * 20}
    assert report("pull_request", GITHUB_API_URL=hub.url) == 0
    said = capsys.readouterr()
    assert "::warning::the comment on pull request 1 was not written: GitHub's rate limit is used up" in said.out
    assert "the verdict is unchanged" in said.out
    assert ("GitHub's rate limit is reached: waiting 0 s" in said.err) == ("Retry-After" in headers)
    assert ANNOTATION in said.out


def test_a_pull_request_gets_comment_and_check(server: Server, report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once each, however often the job runs; on emulate, which answers for the comment."""
    pull = server.open_pull()
    event = {"pull_request": {"number": pull.number, "head": {"sha": pull.head.sha}}}
    monkeypatch.setitem(EVENTS, "pull_request", event)
    token = server.token(pull_requests="write", checks="write")
    with check_pages(server.url) as pages:
        for _ in range(2):
            given = {"GITHUB_API_URL": pages.url, "GITHUB_REPOSITORY": REPOSITORY}
            assert report("pull_request", "--check", "--github-token", token, **given) == 0
        assert [one["head_sha"] for one in pages.runs] == [pull.head.sha]
    assert pull.get_issue_comments().totalCount == 1


@pytest.mark.parametrize(("permission", "kept"), [("read", 0), ("write", 1)])
def test_the_permission_is_checks_write(server: Server, report: Report, permission: str, kept: int) -> None:
    """As emulate enforces it: with less, no check run is made."""
    commit = server.person().get_repo(REPOSITORY).get_branch("main").commit.sha
    token = server.token(checks=permission)
    given = {"GITHUB_API_URL": server.url, "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_SHA": commit}
    assert report("push", "--check", "--github-token", token, **given) == 0
    found = server.person().get_repo(REPOSITORY).get_commit(commit).get_check_runs()
    assert found.totalCount == kept
