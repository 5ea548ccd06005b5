"""Answers that are none of GitHub's: a proxy's login page, half a document, a redirect, an address that is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from mlgate.adapters import files
from mlgate.adapters.github import GitHub
from mlgate.adapters.runner import read_runner
from mlgate.errors import GitHubError
from mlgate.steps.report import Telling, publish
from tests.bed.wanted import Words
from tests.golden import cases

ODD = {
    "login page": (200, "text/html", b"<html>Sign in</html>"),
    "half a document": (200, "application/json", b'[{"id": 1, "bod'),
    "nothing": (200, "application/json", b""),
    "null": (200, "application/json", b"null"),
    "a number": (200, "application/json", b"7"),
    "very deep": (200, "application/json", b"[" * 100_000),
    "elsewhere": (301, "text/plain", b""),
    "a list for an error": (422, "application/json", b"[1]"),
}


@pytest.fixture(params=list(ODD))
def odd(request: pytest.FixtureRequest) -> Iterator[str]:
    """Serve one of these answers to whatever is asked; the address."""
    status, kind, body = ODD[request.param]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if status == 301:
                self.send_header("Location", "http://127.0.0.2:9/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PATCH = do_GET  # noqa: N815 (the base's names)

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002 (the base's name)
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_an_answer_that_is_none_is_an_error_of_ours(odd: str) -> None:
    """Of comments and of check runs alike: what was asked, and what to look at."""
    hub = GitHub(odd, "o/r", "ghs_job", pause=0.01)
    with pytest.raises(GitHubError) as caught:
        hub.upsert_comment(1, Words("report"))
    assert "pull request #1 of o/r" in caught.value.message
    with suppress(GitHubError):
        assert hub.pull_of_run("o/r", "x", "a" * 40).number is None


@pytest.mark.parametrize("address", ["api.github.com", "ftp://x", "http://x:99999", "http://[::1", "https://"])
@pytest.mark.parametrize("event", ["push", "pull_request"])
def test_the_report_is_written_whatever_the_address_is(tmp_path: Path, address: str, event: str) -> None:
    """A wrong address costs the comment, and nothing else."""
    environment = {
        "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": event, "GITHUB_REPOSITORY": "o/r", "GITHUB_SHA": "a" * 40,
        "GITHUB_REF": "refs/heads/main", "GITHUB_API_URL": address, "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }  # fmt: skip
    files.write_record(tmp_path / ".mlgate", cases.VALID)
    telling = Telling(token="ghs_job", check=True)  # noqa: S106 (no secret)
    published = publish(read_runner(environment), tmp_path / ".mlgate", telling)
    assert published.report.models[0].name == cases.MODEL
    assert "flight-delay" in (tmp_path / "summary").read_text(encoding="utf-8")
