"""A web server on loopback that behaves as it is told, well or badly."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Web:
    """What is served, and how: at most `cut` bytes, `pause` seconds between pieces, `status` instead of anything."""

    files: dict[str, bytes] = field(default_factory=dict)
    address: str = ""
    status: int = 200
    cut: int | None = None
    cuts: int = 1_000_000  # how many answers are cut
    pause: float = 0.0
    marks: bool = True
    sized: bool = True
    heads: bool = True
    gets: list[str] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)

    def url(self, name: str, user: str = "") -> str:
        """Return the address of a file."""
        return f"http://{user}{self.address}/{name}"


class Handler(BaseHTTPRequestHandler):
    """Answers as the server's `web` says."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_HEAD(self) -> None:
        """Answer without a body, where that is allowed."""
        self._head(200 if self.server.web.heads else 405)

    def do_GET(self) -> None:
        """Answer, slowly or in part where that is asked."""
        web = self.server.web
        web.gets.append(self.path)
        web.authorizations.append(self.headers.get("Authorization"))
        self._send(self._head(200))

    def _head(self, status: int) -> bytes:
        web = self.server.web
        content = web.files.get(self.path.partition("?")[0].lstrip("/"))
        status = web.status if web.status != 200 else 404 if content is None else status
        body = content if status == 200 and content is not None else b""
        self.send_response(status)
        if web.sized or status != 200:
            self.send_header("Content-Length", str(len(body)))
        else:
            self.send_header("Connection", "close")
        if web.marks:
            self.send_header("ETag", f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"')
        self.end_headers()
        return body

    def _send(self, body: bytes) -> None:
        web = self.server.web
        if web.cut is not None and web.cuts > 0:
            web.cuts -= 1
            body = body[: web.cut]
            self.close_connection = True
        for start in range(0, len(body), 65_536):
            self.wfile.write(body[start : start + 65_536])
            time.sleep(web.pause)
        self.close_connection = self.close_connection or not web.sized

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Serves `web`; a client that goes away is no error."""

    daemon_threads = True

    def __init__(self, web: Web) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.web = web

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def web_server() -> Iterator[Web]:
    """Serve while inside."""
    web = Web()
    server = Server(web)
    web.address = f"127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
