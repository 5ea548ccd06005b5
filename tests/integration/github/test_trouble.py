"""What GitHub answers on a bad day: a small server on loopback that fails as it is told to, and counts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from urllib3 import HTTPResponse

from mlgate.adapters.github import GitHub, NotPermitted, Posted
from mlgate.adapters.github.retry import MAX_WAIT_SECONDS, Retry
from mlgate.errors import GitHubError
from tests.bed.wanted import Words

WORDS = Words("report")
BODY = WORDS.body
Answer = tuple[int, dict[str, str], Any]
BROKEN: Answer = (502, {}, {"message": "bad gateway"})


class Hub:
    """A pull request whose comments are real, and answers that are put in front of the next requests."""

    def __init__(self) -> None:
        """Start empty."""
        self.url = ""
        self.comments: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.next: dict[str, list[Answer]] = {}
        self.writes_although_it_fails = False
        self.commit_pulls: list[dict[str, Any]] = []

    def answer(self, method: str, path: str, body: dict[str, Any]) -> Answer:
        """Answer as told, else as GitHub does."""
        self.asked.append(f"{method} {path}")
        planned = self.next.get(method, [])
        if planned and (method != "GET" or "/comments" in path or "/pulls" in path):
            if method == "POST" and self.writes_although_it_fails:
                self.write(body)
            return planned.pop(0)
        if method == "POST":
            return 201, {}, self.write(body)
        if method == "PATCH":
            changed = self.comments[int(path.rpartition("/")[2]) - 1]
            changed["body"] = body["body"]
            return 200, {}, changed
        return 200, self.more(path), self.read(path)

    def more(self, path: str) -> dict[str, str]:
        """Name the next page of the comments, where there is one."""
        page = int(parse_qs(urlsplit(path).query).get("page", ["1"])[0])
        if "/comments" not in path or len(self.comments) <= 100 * page:
            return {}
        return {"link": f'<{self.url}{path.partition("?")[0]}?per_page=100&page={page + 1}>; rel="next"'}

    def read(self, path: str) -> Any:
        """Read comments, the pulls of a commit, the commit, or the pull request."""
        if "/comments" in path:
            page = int(parse_qs(urlsplit(path).query).get("page", ["1"])[0])
            return self.comments[100 * (page - 1) : 100 * page]
        if "/commits/" in path:
            return self.commit_pulls if "/pulls" in path else {"sha": "a" * 40, "url": self.url + path}
        return {"number": 1, "url": f"{self.url}/repos/o/r/pulls/1", "issue_url": f"{self.url}/repos/o/r/issues/1"}

    def write(self, body: dict[str, Any]) -> dict[str, Any]:
        """Keep a comment."""
        number = len(self.comments) + 1
        url = f"{self.url}/repos/o/r/issues/comments/{number}"
        made = {"id": number, "body": body["body"], "user": {"login": "github-actions[bot]"}, "url": url}
        self.comments.append({**made, "html_url": f"{self.url}/o/r/pull/1#{number}"})
        return self.comments[-1]


@pytest.fixture
def hub() -> Iterator[Hub]:
    """Serve a hub on loopback."""
    state = Hub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            status, headers, content = state.answer(self.command, self.path, body)
            text = json.dumps(content).encode()
            self.send_response(status)
            for name, value in {
                "content-type": "application/json",
                "content-length": str(len(text)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PATCH = answer  # noqa: N815 (the names that http.server calls)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


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


@pytest.mark.parametrize("shared", [False, True])
def test_five_hundred_comments_take_at_most_four_requests(hub: Hub, *, shared: bool) -> None:
    """Ours is among the first hundred: no other page is read; a job of a matrix looks once more at what it wrote."""
    for number in range(500):
        hub.write({"body": Words("old").body if number == 7 else f"talk {number}"})
    posted = GitHub(hub.url, "o/r", "ghs_job", pause=0.01).upsert_comment(1, Words("report", shared=shared))
    assert isinstance(posted, Posted)
    assert (posted.action, posted.number) == ("updated", 8)
    assert len(hub.asked) == (3 if shared else 2), hub.asked


def test_an_answer_that_was_lost_does_not_double_the_comment(hub: Hub, post: Callable[[], Any]) -> None:
    """The server wrote the comment and then failed: it is found again instead of being written twice."""
    hub.next, hub.writes_although_it_fails = {"POST": [BROKEN]}, True
    assert post().action == "created"
    assert [one["body"] for one in hub.comments] == [BODY]
    assert count(hub, "POST") == 1


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


def test_an_hour_s_wait_is_cut_short() -> None:
    """A job does not sleep through its budget because a server asks for it."""
    response = HTTPResponse(headers={"Retry-After": "3600"})
    assert Retry().get_retry_after(response) == MAX_WAIT_SECONDS


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
