"""A small stand-in for GitHub's API that fails as it is told to, and counts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, dict[str, str], Any]


class Hub:
    """A pull request whose comments are real, and answers that are put in front of the next requests."""

    def __init__(self) -> None:
        """Start empty."""
        self.url = ""
        self.comments: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.next: dict[str, list[Answer]] = {}
        self.first: dict[str, Callable[[], object]] = {}  # what happens before the next request of a method
        self.writes_although_it_fails = False
        self.lag = 0  # lists after a write that do not show what it made
        self.unseen = 0
        self.blind = False  # nor does a comment's own page
        self.names_the_last = True
        self.login = "github-actions[bot]"  # who the token writes as
        self.viewer = ""  # who that is in GraphQL; "" where nothing answers there
        self.only_own = False  # whether others' comments may not be changed
        self.commit_pulls: list[dict[str, Any]] = []

    def answer(self, method: str, path: str, body: dict[str, Any]) -> Answer:
        """Answer as told, else as GitHub does."""
        self.asked.append(f"{method} {path}")
        self.first.pop(method, lambda: None)()
        if path.endswith("/graphql"):
            return self.query(body)
        planned = self.next.get(method, [])
        if planned and (method != "GET" or "/comments" in path or "/pulls" in path):
            if method == "POST" and self.writes_although_it_fails:
                self.write(body)
            return planned.pop(0)
        if "/issues/comments/" in path:
            return self.one(method, path, body)
        if method == "POST":
            return 201, {}, self.write(body)
        return 200, self.more(path), self.read(path)

    def one(self, method: str, path: str, body: dict[str, Any]) -> Answer:
        """Read, change or remove one comment."""
        kept = self.kept(path)
        if kept is None or (self.blind and method == "GET"):
            return 404, {}, {"message": "Not Found"}
        if self.only_own and method != "GET" and kept["user"] != {"login": self.login}:
            return 403, {}, {"message": "Resource not accessible by integration"}
        if method == "DELETE":
            self.comments = [one for one in self.comments if one is not kept]
            return 204, {}, None
        kept |= body
        return 200, {}, kept

    def query(self, body: dict[str, Any]) -> Answer:
        """Say who asks, which is all that GraphQL knows here."""
        if not self.viewer or body["query"] != "query { viewer { login } }":
            return 404, {}, {"message": "Not Found"}
        return 200, {}, {"data": {"viewer": {"login": self.viewer}}}

    def kept(self, path: str) -> dict[str, Any] | None:
        """Find the comment that a path names."""
        return next((one for one in self.comments if one["id"] == int(path.rpartition("/")[2])), None)

    def more(self, path: str) -> dict[str, str]:
        """Name the next and the last page of the comments, where there are more."""
        page = int(parse_qs(urlsplit(path).query).get("page", ["1"])[0])
        if "/comments" not in path or len(self.comments) <= 100 * page:
            return {}
        address, last = f"{self.url}{path.partition('?')[0]}?per_page=100", -(-len(self.comments) // 100)
        named = {"next": page + 1, **({"last": last} if self.names_the_last else {})}
        return {"link": ", ".join(f'<{address}&page={number}>; rel="{name}"' for name, number in named.items())}

    def read(self, path: str) -> Any:
        """Read comments, the pulls of a commit, the commit, or the pull request."""
        if "/comments" in path and self.unseen:
            self.unseen -= 1
            return self.comments[:-1]
        if "/comments" in path:
            page = int(parse_qs(urlsplit(path).query).get("page", ["1"])[0])
            return self.comments[100 * (page - 1) : 100 * page]
        if "/commits/" in path:
            return self.commit_pulls if "/pulls" in path else {"sha": "a" * 40, "url": self.url + path}
        return {"number": 1, "url": f"{self.url}/repos/o/r/pulls/1", "issue_url": f"{self.url}/repos/o/r/issues/1"}

    def write(self, body: dict[str, Any], login: str = "") -> dict[str, Any]:
        """Keep a comment, of the token's where no other `login` is named."""
        number = self.comments[-1]["id"] + 1 if self.comments else 1
        url = f"{self.url}/repos/o/r/issues/comments/{number}"
        made = {"id": number, "body": body["body"], "user": {"login": login or self.login}, "url": url}
        self.unseen = self.lag
        self.comments.append({**made, "html_url": f"{self.url}/o/r/pull/1#{number}"})
        return self.comments[-1]


@contextmanager
def serve_hub() -> Iterator[Hub]:
    """Serve a hub on loopback while inside."""
    state = Hub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            status, headers, content = state.answer(self.command, self.path, body)
            text = b"" if content is None else json.dumps(content).encode()
            self.send_response(status)
            for name, value in {
                "content-type": "application/json",
                "content-length": str(len(text)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 (the names that http.server calls)

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
