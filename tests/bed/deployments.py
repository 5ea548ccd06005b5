"""The routes that emulate lacks: deployments, their statuses, and the pull requests of a commit.

A real server that keeps state and answers as GitHub documents it; everything else goes to emulate, where one is named.
The bodies of requests are held against what GitHub's description of its API (OpenAPI) says of them.
"""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from jsonschema import Draft202012Validator

STATES = ["error", "failure", "inactive", "in_progress", "queued", "pending", "success"]
TEXT, SHORT, YES_OR_NO = {"type": "string"}, {"type": "string", "maxLength": 140}, {"type": "boolean"}
BODIES: dict[str, dict[str, Any]] = {
    "deployment": {
        "type": "object",
        "required": ["ref"],
        "additionalProperties": False,
        "properties": {
            "ref": TEXT,
            "task": TEXT,
            "auto_merge": YES_OR_NO,
            "required_contexts": {"type": "array", "items": TEXT},
            "payload": {"type": ["object", "string"]},
            "environment": TEXT,
            "description": SHORT,
            "transient_environment": YES_OR_NO,
            "production_environment": YES_OR_NO,
        },
    },
    "status": {
        "type": "object",
        "required": ["state"],
        "additionalProperties": False,
        "properties": {
            "state": {"enum": STATES},
            "target_url": TEXT,
            "log_url": TEXT,
            "description": SHORT,
            "environment": TEXT,
            "environment_url": TEXT,
            "auto_inactive": YES_OR_NO,
        },
    },
}
Json = dict[str, Any]
Answer = tuple[int, Any]


@dataclass
class Pages:
    """What the server keeps, and how it behaves: `next` holds statuses to answer writes with before it obeys again."""

    url: str = ""
    upstream: str = ""
    deployments: list[Json] = field(default_factory=list)
    statuses: dict[int, list[Json]] = field(default_factory=dict)
    merges: dict[str, str] = field(default_factory=dict)  # commits of a checkout, as which emulate merged
    unknown_refs: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    next: list[int] = field(default_factory=list)
    forbidden: bool = False
    writes_although_it_fails: bool = False

    def state(self, number: int) -> str:
        """Return the newest state of a deployment."""
        return self.statuses[number][0]["state"] if self.statuses[number] else "none"

    def active(self) -> list[tuple[str, str, str]]:
        """List what is shown as active: environment, model and version."""
        return [
            (one["environment"], one["payload"]["model"], one["payload"]["version"])
            for one in self.deployments
            if self.state(one["id"]) == "success"
        ]

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Json) -> Answer | None:
        """Answer, or None for a route that is emulate's."""
        self.asked.append(f"{method} {path}")
        parts = path.strip("/").split("/")[3:]  # repos/OWNER/NAME/...
        match method, parts:
            case "GET", ["commits", sha, "pulls"]:
                return 200, self._pulls_of(path.partition("/commits/")[0], sha)
            case "GET", ["commits", sha]:
                return 200, {"sha": sha, "url": self.url + path}
            case _, ["deployments", *rest]:
                return self._deployments(method, rest, query, body)
        return None

    def _deployments(self, method: str, rest: list[str], query: dict[str, list[str]], body: Json) -> Answer:
        if self.forbidden:
            return 403, {"message": "Resource not accessible by integration"}
        if method == "POST" and self.next:
            if self.writes_although_it_fails:
                self._write(rest, body)
            return self.next.pop(0), {"message": "told to fail"}
        if method == "POST":
            return self._write(rest, body)
        size = int(query.get("per_page", ["30"])[0])
        if rest:
            return 200, self.statuses[int(rest[0])][:size]
        environment = query.get("environment", [None])[0]
        found = [one for one in reversed(self.deployments) if environment in {None, one["environment"]}]
        return 200, found[:size]

    def _write(self, rest: list[str], body: Json) -> Answer:
        problems = list(Draft202012Validator(BODIES["status" if rest else "deployment"]).iter_errors(body))
        if problems:
            return 422, {"message": f"Validation Failed: {problems[0].message}"}
        if rest:
            return self._write_status(int(rest[0]), body)
        if body["ref"] in self.unknown_refs:
            return 422, {"message": f"No ref found for: {body['ref']}"}
        number = len(self.deployments) + 1
        made = {"id": number, "sha": body["ref"], "environment": "production", "payload": {}, **body}
        self.deployments.append(made)
        self.statuses[number] = []
        return 201, made

    def _write_status(self, number: int, body: Json) -> Answer:
        """Keep a status; a success ends what was active before it, where GitHub says that it does."""
        ours = self.deployments[number - 1]
        if body["state"] == "success" and body.get("auto_inactive", True):
            for one in self.deployments[: number - 1]:
                shared = one["environment"] == ours["environment"] and not one.get("production_environment")
                if shared and self.state(one["id"]) == "success":
                    self.statuses[one["id"]].insert(0, {"state": "inactive"})
        self.statuses[number].insert(0, body)
        return 201, body

    def _pulls_of(self, repository: str, sha: str) -> list[Json]:
        """List the merged pull requests whose merge made commit `sha` the head of its branch."""
        if not self.upstream:
            return []
        sha = self.merges.get(sha, sha)
        status, text = self.forward("GET", f"{repository}/pulls?state=closed", {}, b"")
        pulls = json.loads(text) if status == 200 else []
        return [one for one in pulls if one.get("merged_at") and one.get("merge_commit_sha") == sha]

    def forward(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Ask emulate."""
        if not self.upstream:
            return 404, b'{"message": "Not Found"}'
        connection = http.client.HTTPConnection(urlsplit(self.upstream).netloc, timeout=30)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


class Handler(BaseHTTPRequestHandler):
    """Answers as the server's `pages` say."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        """Read a request and answer it."""
        pages = cast("Server", self.server).pages
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        address = urlsplit(self.path)
        made = pages.answer(self.command, address.path, parse_qs(address.query), json.loads(body or b"{}"))
        if made is None:
            kept = ("accept", "authorization", "content-type")
            headers = {name: value for name, value in self.headers.items() if name.lower() in kept}
            status, text = pages.forward(self.command, self.path, headers, body)
            text = text.replace(pages.upstream.encode() or b"\0", pages.url.encode())
        else:
            status, text = made[0], json.dumps(made[1]).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PATCH = do_PUT = answer  # noqa: N815 (the names that http.server calls)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Serves `pages`."""

    daemon_threads = True

    def __init__(self, pages: Pages) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages = pages


@contextmanager
def github_pages(upstream: str = "", pages: Pages | None = None) -> Iterator[Pages]:
    """Serve while inside, in front of `upstream` where one is named; `pages` where they answer more than these."""
    pages = pages or Pages(upstream=upstream)
    server = Server(pages)
    pages.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield pages
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
