"""What GitHub answers on a bad day, and that it ends soon, with words that say what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from urllib3 import HTTPResponse

from mlgate.adapters.github import GitHub, NotPermitted, Posted, retry
from mlgate.adapters.github.retry import MAX_WAIT_SECONDS, Retry
from mlgate.errors import GitHubError
from tests.bed.hub import Answer, Hub
from tests.bed.wanted import Words

WORDS = Words("report")
BODY = WORDS.body
BROKEN: Answer = (502, {}, {"message": "bad gateway"})


@pytest.fixture
def post(hub: Hub) -> Callable[[], Posted | NotPermitted]:
    """Post the report as a job does, with short pauses."""
    return lambda: GitHub(hub.url, "o/r", "ghs_job", pause=0.01).upsert_comment(1, WORDS)


def count(hub: Hub, method: str) -> int:
    """Count the requests of a method."""
    return sum(line.startswith(method) for line in hub.asked)


def test_updating_takes_two_requests(hub: Hub, post: Callable[[], Any]) -> None:
    """A hundred comments at once, and the update."""
    hub.write({"body": Words("old").body})
    post()
    assert hub.asked == [
        "GET /repos/o/r/issues/1/comments?per_page=100",
        "PATCH /repos/o/r/issues/comments/1",
    ]


def test_an_answer_that_was_lost_does_not_double_the_comment(hub: Hub, post: Callable[[], Any]) -> None:
    """The server wrote the comment and then failed: it is found again instead of being written twice."""
    hub.next, hub.writes_although_it_fails = {"POST": [BROKEN]}, True
    assert post().action == "created"
    assert [one["body"] for one in hub.comments] == [BODY]
    assert count(hub, "POST") == 1


@pytest.mark.parametrize("lag", [1, 2, 20])
@pytest.mark.parametrize("blind", [False, True])
@pytest.mark.parametrize("shared", [False, True])
def test_a_list_that_lags_behind_does_not_double_the_comment(hub: Hub, lag: int, *, blind: bool, shared: bool) -> None:
    """GitHub may list the comments as they were a moment ago; ours is known by its number, and not made again."""
    hub.lag, hub.blind = lag, blind
    posted = GitHub(hub.url, "o/r", "ghs_job", pause=0.01).upsert_comment(1, Words("report", matrix=shared))
    assert isinstance(posted, Posted)
    assert (posted.action, posted.number) == ("created", 1)
    assert (count(hub, "POST"), count(hub, "DELETE"), len(hub.comments)) == (1, 0, 1)


def test_a_failure_that_wrote_nothing_is_tried_again(hub: Hub, post: Callable[[], Any]) -> None:
    """After looking, the comment is sent once more."""
    hub.next = {"POST": [BROKEN, BROKEN]}
    assert post().action == "created"
    assert len(hub.comments) == 1
    assert count(hub, "POST") == 3


def test_a_server_that_stays_broken_is_an_error_soon(hub: Hub, post: Callable[[], Any]) -> None:
    """Four tries, then a message that says what was asked and what to do."""
    hub.next = {"POST": [BROKEN] * 20}
    with pytest.raises(GitHubError, match=r"502.*comment on pull request #1 of o/r") as caught:
        post()
    assert "again" in caught.value.hint
    assert count(hub, "POST") == 4


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_reading_and_updating_are_tried_again(hub: Hub, post: Callable[[], Any], method: str) -> None:
    """Both do the same when done twice."""
    hub.write({"body": Words("old").body})
    hub.next = {method: [BROKEN]}
    assert post().action == "updated"
    assert [one["body"] for one in hub.comments] == [BODY]


@pytest.mark.parametrize("matrix", [False, True])
def test_a_comment_that_vanishes_before_it_is_changed_is_made_anew(hub: Hub, *, matrix: bool) -> None:
    """Somebody removed it after it was read."""
    hub.write({"body": "talk"})
    hub.write({"body": Words("old").body})
    hub.first["PATCH"] = hub.comments.pop
    posted = GitHub(hub.url, "o/r", "ghs_job", pause=0.01).upsert_comment(1, Words("report", matrix=matrix))
    assert isinstance(posted, Posted)
    assert posted.action == "created"
    assert [one["body"] for one in hub.comments] == ["talk", BODY]


def test_a_comment_that_another_job_took_up_is_left(hub: Hub, post: Callable[[], Any]) -> None:
    """Of two that were read, the older one vanishes: the other one is the one now."""
    for _ in range(2):
        hub.write({"body": Words("old").body})
    hub.first["PATCH"] = lambda: hub.comments.pop(0)
    assert (post().action, [(one["id"], one["body"]) for one in hub.comments]) == ("updated", [(2, BODY)])


def test_what_this_job_made_may_vanish_too(hub: Hub) -> None:
    """Another job took it up into its own before this one looked again."""
    job = Words("report", matrix=True)
    hub.first["POST"] = lambda: hub.write({"body": Words("another job's").body})
    hub.first["PATCH"] = hub.comments.clear
    posted = GitHub(hub.url, "o/r", "ghs_job", pause=0.01).upsert_comment(1, job)
    assert isinstance(posted, Posted)
    assert [(one["id"], one["body"]) for one in hub.comments] == [(posted.number, BODY)]


def test_a_comment_that_may_not_be_changed_is_an_error(hub: Hub, post: Callable[[], Any]) -> None:
    """GitHub says of some tokens that a comment is not there although they can read it: no other one is made."""
    hub.write({"body": Words("old").body})
    hub.next = {"PATCH": [(404, {}, {"message": "Not Found"})] * 20}
    with pytest.raises(GitHubError, match=r"404.*comment on pull request #1 of o/r"):
        post()
    assert (len(hub.comments), count(hub, "PATCH"), count(hub, "POST")) == (1, 1, 0)


@pytest.mark.parametrize("status", [404, 502, 503])
def test_a_double_is_removed_in_spite_of_a_bad_moment(hub: Hub, post: Callable[[], Any], status: int) -> None:
    """Removing is tried again; where a try had done it although it seemed to fail, that is as well."""
    for _ in range(2):
        hub.write({"body": Words("old").body})
    hub.next = {"DELETE": [(status, {}, {"message": "told to"})]}
    if status == 404:
        hub.first["DELETE"] = hub.comments.pop
    assert post().action == "updated"
    assert [one["body"] for one in hub.comments] == [BODY]


@pytest.mark.parametrize("status", [403, 502])
@pytest.mark.parametrize("matrix", [False, True])
@pytest.mark.parametrize("raced", [True, False])
def test_a_double_that_stays_is_no_failure(hub: Hub, status: int, *, matrix: bool, raced: bool) -> None:
    """The report is written once all the same, also when this job made the double; the next job removes it."""
    if raced:
        hub.first["POST"] = lambda: hub.write({"body": Words("another job's").body})
    else:
        hub.write({"body": Words("old").body})
        hub.write({"body": Words("old").body})
    hub.next = {"DELETE": [(status, {}, {"message": "told to"})] * 20}
    github = GitHub(hub.url, "o/r", "ghs_job", pause=0.01)
    posted = github.upsert_comment(1, Words("report", matrix=matrix))
    assert isinstance(posted, Posted)
    assert (posted.action, posted.number, len(hub.comments)) == ("updated", 1, 2)
    assert hub.comments[0]["body"] == BODY
    assert count(hub, "PATCH") == 1
    hub.next = {}
    github.upsert_comment(1, Words("later", matrix=matrix))
    assert [one["body"] for one in hub.comments] == [Words("later").body]


def test_reading_from_a_server_that_stays_broken_is_an_error(hub: Hub, post: Callable[[], Any]) -> None:
    """The number of tries is capped."""
    hub.next = {"GET": [BROKEN] * 20}
    with pytest.raises(GitHubError) as caught:
        post()
    assert "again" in caught.value.hint
    assert count(hub, "GET") <= 4


@pytest.mark.parametrize("status", [403, 429])
def test_a_rate_limit_is_waited_for(hub: Hub, post: Callable[[], Any], status: int) -> None:
    """GitHub says how long; the comment is then written once."""
    limited = (status, {"Retry-After": "1"}, {"message": "You have exceeded a secondary rate limit"})
    hub.next = {"POST": [limited]}
    assert post().action == "created"
    assert len(hub.comments) == 1


@pytest.mark.parametrize("status", [403, 429])
def test_a_wait_is_told(hub: Hub, status: int) -> None:
    """Whoever reads the log sees what the job waits for, and how long."""
    said: list[str] = []
    hub.next = {"POST": [(status, {"Retry-After": "1"}, {"message": "You have exceeded a secondary rate limit"})]}
    GitHub(hub.url, "o/r", "ghs_job", pause=0.01, say=said.append).upsert_comment(1, WORDS)
    assert said == ["GitHub's rate limit is reached: waiting 1 s, then asking again"]


@pytest.mark.parametrize("status", [403, 429])
def test_a_limit_that_stays_is_an_error(
    hub: Hub, post: Callable[[], Any], monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """Three waits, none longer than the cap; the message speaks of the limit, not of the network."""
    monkeypatch.setattr(retry, "MAX_WAIT_SECONDS", 0.01)
    limited = (status, {"Retry-After": "3600"}, {"message": "You have exceeded a secondary rate limit"})
    hub.next = {"POST": [limited] * 9}
    with pytest.raises(GitHubError, match=r"rate limit is used up; asked to comment on pull request #1") as caught:
        post()
    assert "later" in caught.value.hint
    assert count(hub, "POST") == 4


def test_a_limit_without_a_time_is_an_error_at_once(hub: Hub, post: Callable[[], Any]) -> None:
    """There is nothing to wait for."""
    hub.next = {"POST": [(429, {}, {"message": "API rate limit exceeded"})]}
    with pytest.raises(GitHubError, match="rate limit"):
        post()
    assert count(hub, "POST") == 1


def test_all_waits_of_a_job_together_have_an_end(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many requests that each wait a little do not add up to an hour."""
    monkeypatch.setattr(retry, "MAX_WAIT_SECONDS", 0.02)
    monkeypatch.setattr(retry, "MAX_WAITS_SECONDS", 0.05)
    limited = (403, {"Retry-After": "60"}, {"message": "You have exceeded a secondary rate limit"})
    hub.next = {"GET": [limited] * 9}
    with pytest.raises(GitHubError, match="rate limit"):
        GitHub(hub.url, "o/r", "ghs_job", pause=0.01).upsert_comment(1, WORDS)
    assert count(hub, "GET") == 3


@pytest.mark.parametrize("status", [413, 502, 503])
def test_a_server_that_asks_to_wait_is_waited_for_as_a_limit_is(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """Each wait is told, and comes from the same five minutes; the message does not speak of a limit."""
    monkeypatch.setattr(retry, "MAX_WAIT_SECONDS", 0.02)
    monkeypatch.setattr(retry, "MAX_WAITS_SECONDS", 0.05)
    said: list[str] = []
    hub.next = {"GET": [(status, {"Retry-After": "3600"}, {"message": "later"})] * 9}
    with pytest.raises(GitHubError, match=str(status)) as caught:
        GitHub(hub.url, "o/r", "ghs_job", pause=0.01, say=said.append).upsert_comment(1, WORDS)
    assert "rate limit" not in caught.value.message
    assert said == [f"GitHub is not available ({status}): waiting 0 s, then asking again"] * 2
    assert count(hub, "GET") == 3


def test_an_hour_s_wait_is_cut_short() -> None:
    """A job does not sleep through its budget because a server asks for it."""
    response = HTTPResponse(headers={"Retry-After": "3600"})
    assert Retry().get_retry_after(response) == MAX_WAIT_SECONDS


@pytest.mark.parametrize("said", ["-5", "1.5", "soon", "\u0663", "9" * 5000, "Fri, 31 Dec 99999 23:59:59 GMT"])
def test_a_wait_that_is_no_time_is_none(said: str) -> None:
    """It is tried again as if the server had not said when."""
    assert Retry().get_retry_after(HTTPResponse(headers={"Retry-After": said})) is None


def test_a_used_up_limit_that_resets_too_late_is_an_error(hub: Hub, post: Callable[[], Any]) -> None:
    """The message speaks of the limit, not of a permission."""
    late = {"X-RateLimit-Reset": "99999999999", "X-RateLimit-Remaining": "0"}
    hub.next = {"POST": [(403, late, {"message": "API rate limit exceeded for installation"})] * 9}
    with pytest.raises(GitHubError, match="rate limit"):
        post()


def test_a_missing_permission_is_not_tried_again(hub: Hub, post: Callable[[], Any]) -> None:
    """One request shows it; the caller gets a sentence."""
    hub.next = {"POST": [(403, {}, {"message": "Resource not accessible by integration"})]}
    assert isinstance(post(), NotPermitted)
    assert count(hub, "POST") == 1


@pytest.mark.parametrize(
    ("status", "said", "todo"), [(401, "Bad credentials", "github-token"), (422, "Validation Failed", "report this")]
)
def test_a_refusal_says_what_to_do(hub: Hub, post: Callable[[], Any], status: int, said: str, todo: str) -> None:
    """Bad tokens and bad requests have their own next step."""
    hub.next = {"POST": [(status, {}, {"message": said})]}
    with pytest.raises(GitHubError, match=f"{status} {said}") as caught:
        post()
    assert todo in caught.value.hint


def test_a_server_that_is_not_there_is_an_error() -> None:
    """No connection: the address is what to check."""
    with pytest.raises(GitHubError, match="did not answer") as caught:
        GitHub("http://127.0.0.1:9", "o/r", "ghs_job", pause=0.01).upsert_comment(1, WORDS)
    assert "GITHUB_API_URL" in caught.value.hint


def test_the_token_is_in_no_message(hub: Hub) -> None:
    """An error is printed in a public log."""
    hub.next = {"POST": [(401, {}, {"message": "Bad credentials"})]}
    with pytest.raises(GitHubError) as caught:
        GitHub(hub.url, "o/r", "ghs_secret", pause=0.01).upsert_comment(1, WORDS)
    assert "secret" not in f"{caught.value} {caught.value.hint}"


def pull(number: int, merged: str | None, sha: str) -> dict[str, Any]:
    """Describe a pull request of a commit."""
    return {"number": number, "merged_at": merged, "merge_commit_sha": sha, "url": "http://127.0.0.1/x"}


def test_a_commit_belongs_to_the_pull_request_that_it_merged(hub: Hub) -> None:
    """Of several that hold the commit, it is the one whose merge made it; an open one never."""
    github = GitHub(hub.url, "o/r", "ghs_job", pause=0.01)
    day = "2026-01-01T00:00:00Z"
    hub.commit_pulls = [pull(3, None, "c" * 40), pull(5, day, "b" * 40), pull(9, day, "a" * 40)]
    assert github.pull_of_commit("a" * 40) == 9
    hub.commit_pulls = hub.commit_pulls[:1]
    assert github.pull_of_commit("a" * 40) is None
