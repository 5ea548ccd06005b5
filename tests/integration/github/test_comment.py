"""One comment on a pull request, found again and updated in place, on a server that keeps state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mlgate.adapters.github import WORKFLOW_AUTHOR, NotPermitted, Posted
from mlgate.errors import GitHubError
from tests.bed.wanted import FIRST_LINE, Words

if TYPE_CHECKING:
    from github.PullRequest import PullRequest

    from tests.bed.emulate import Server

FIRST, SECOND = Words("first"), Words("second")


def bodies(pull: PullRequest) -> list[str]:
    """Read all comments of a pull request."""
    return [comment.body for comment in pull.get_issue_comments()]


def test_the_second_report_updates_the_first_comment(server: Server) -> None:
    """Two runs leave one comment, written by the workflow's bot, which says what the second run found."""
    pull = server.open_pull()
    token = server.token(pull_requests="write")
    first = server.connect(token).upsert_comment(pull.number, FIRST)
    second = server.connect(token).upsert_comment(pull.number, SECOND)
    assert isinstance(first, Posted)
    assert isinstance(second, Posted)
    assert (first.action, second.action) == ("created", "updated")
    assert first.number == second.number
    assert bodies(pull) == [SECOND.body]
    assert pull.get_issue_comment(first.number).user.login == WORKFLOW_AUTHOR


def test_the_same_report_changes_nothing(server: Server) -> None:
    """An unchanged body is not sent again."""
    pull = server.open_pull()
    hub = server.connect(server.token(pull_requests="write"))
    hub.upsert_comment(pull.number, FIRST)
    before = next(iter(pull.get_issue_comments())).updated_at
    again = hub.upsert_comment(pull.number, FIRST)
    assert isinstance(again, Posted)
    assert again.action == "unchanged"
    assert next(iter(pull.get_issue_comments())).updated_at == before


def test_our_comment_is_found_beyond_the_first_hundred(server: Server) -> None:
    """On a busy pull request the comment on the second page is updated, not doubled."""
    pull = server.open_pull()
    for number in range(105):
        pull.create_issue_comment(f"talk {number}")
    hub = server.connect(server.token(pull_requests="write"))
    created = hub.upsert_comment(pull.number, FIRST)
    updated = hub.upsert_comment(pull.number, SECOND)
    assert isinstance(created, Posted)
    assert isinstance(updated, Posted)
    assert created.number == updated.number
    assert [body for body in bodies(pull) if "mlgate" in body] == [SECOND.body]


def test_a_forged_marker_is_ignored(server: Server) -> None:
    """Someone else's comment with our marker is left as it is, and ours is written beside it."""
    pull = server.open_pull()
    forger = server.person("outsider").get_repo("acme/flight-delay").get_pull(pull.number)
    forger.create_issue_comment(f"{FIRST_LINE}\nforged: PASS")
    hub = server.connect(server.token(pull_requests="write"))
    hub.upsert_comment(pull.number, FIRST)
    hub.upsert_comment(pull.number, SECOND)
    assert bodies(pull) == [f"{FIRST_LINE}\nforged: PASS", SECOND.body]


def test_of_duplicates_the_oldest_stays(server: Server) -> None:
    """Where two runs once raced, the next one writes the older comment and takes the younger away."""
    pull = server.open_pull()
    token = server.token(pull_requests="write")
    bot = server.person(token).get_repo("acme/flight-delay").get_pull(pull.number)
    first = bot.create_issue_comment(f"{FIRST_LINE}\nraced")
    bot.create_issue_comment("talk of another workflow's")
    bot.create_issue_comment(f"{FIRST_LINE}\nraced, too")
    posted = server.connect(token).upsert_comment(pull.number, SECOND)
    assert isinstance(posted, Posted)
    assert posted.number == first.id
    assert bodies(pull) == [SECOND.body, "talk of another workflow's"]


def test_a_person_s_token_finds_its_own_comment(server: Server) -> None:
    """Where GitHub says who the token is, that account's comment is updated."""
    pull = server.open_pull()
    hub = server.connect("acme")
    hub.upsert_comment(pull.number, FIRST)
    server.connect("acme").upsert_comment(pull.number, SECOND)
    assert bodies(pull) == [SECOND.body]


def test_a_read_only_token_is_an_answer_not_an_error(server: Server) -> None:
    """On a pull request from a fork the token cannot write: the caller hears so, with what to do, and goes on."""
    pull = server.open_pull()
    answer = server.connect(server.token(contents="read")).upsert_comment(pull.number, FIRST)
    assert isinstance(answer, NotPermitted)
    assert "pull-requests: write" in answer.sentence
    assert bodies(pull) == []


def test_a_pull_request_that_is_not_there_is_an_error(server: Server) -> None:
    """The message names the pull request."""
    hub = server.connect(server.token(pull_requests="write"))
    with pytest.raises(GitHubError, match=r"404.*pull request #4711 of acme/flight-delay"):
        hub.upsert_comment(4711, FIRST)


def test_a_run_finds_its_pull_request_by_its_head(server: Server) -> None:
    """The number comes from GitHub, by the head that GitHub names, not from what the run uploaded."""
    pull = server.open_pull()
    hub = server.connect(server.token(pull_requests="write"))
    found = hub.pull_of_run("acme/flight-delay", pull.head.ref, pull.head.sha)
    assert found.number == pull.number


def test_of_two_pull_requests_with_one_head_none_is_guessed(server: Server) -> None:
    """One branch may be on its way into two others; the reason names both, and one that was closed is none."""
    pull = server.open_pull()
    repository = server.person().get_repo("acme/flight-delay")
    repository.create_git_ref(f"refs/heads/release-{pull.number}", repository.get_branch("main").commit.sha)
    other = repository.create_pull(title="too", body="", head=pull.head.ref, base=f"release-{pull.number}")
    hub = server.connect(server.token(pull_requests="write"))
    found = hub.pull_of_run("acme/flight-delay", pull.head.ref, pull.head.sha)
    assert found.number is None
    assert f"#{pull.number} and #{other.number} have the same head acme:{pull.head.ref}" in found.reason
    pull.edit(state="closed")
    assert hub.pull_of_run("acme/flight-delay", pull.head.ref, pull.head.sha).number == other.number


def test_a_stale_run_does_not_report(server: Server) -> None:
    """After another push the old run's report would be about code that is no longer there."""
    pull = server.open_pull()
    hub = server.connect(server.token(pull_requests="write"))
    found = hub.pull_of_run("acme/flight-delay", pull.head.ref, "0" * 40)
    assert found.number is None
    assert f"#{pull.number} is no longer 000000000000" in found.reason


def test_a_run_without_a_pull_request_says_so(server: Server) -> None:
    """A branch of the same name in someone else's repository is not it."""
    pull = server.open_pull()
    hub = server.connect(server.token(pull_requests="write"))
    for repository, branch in (("acme/flight-delay", "no-such"), ("acme/other", pull.head.ref)):
        found = hub.pull_of_run(repository, branch, pull.head.sha)
        assert found.number is None
        assert "no open pull request" in found.reason


def test_a_commit_whose_pull_requests_cannot_be_listed_has_none(server: Server) -> None:
    """A push without a pull request is reported in the summary; no number is guessed."""
    assert server.connect(server.token(pull_requests="write")).pull_of_commit("0" * 40) is None
