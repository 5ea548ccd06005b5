"""A proxy before a server on loopback that counts requests, and at one of them does what networks and servers do."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import urlsplit

Kind = Literal["cut", "act and cut", "500", "503", "hang", "kill", "act and kill"]
HTTP_KINDS: tuple[Kind, ...] = ("cut", "act and cut", "500", "503", "hang")
KILLS: tuple[Kind, ...] = ("kill", "act and kill")
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host", "date", "server"}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What happens at request number `at`, counted from 1, or at the first one whose path ends with `at`.

    "act and" means that the server did as it was asked.
    """

    at: int | str
    kind: Kind
    pid: int = 0  # of the process that a kill ends


@dataclass
class Proxy:
    """What the proxy has seen since it was armed."""

    upstream: str
    address: str = ""
    fault: Fault | None = None
    requests: list[str] = field(default_factory=list)
    struck: str = ""  # the request that the fault met
    released: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def arm(self, fault: Fault | None) -> None:
        """Count from nothing again, and do `fault` when its request comes; whoever hangs is let go."""
        self.released.set()
        with self.lock:
            self.fault, self.requests, self.struck, self.released = fault, [], "", threading.Event()

    def note(self, request: str) -> tuple[Fault | None, threading.Event]:
        """Count a request; return the fault if it is its turn, and what ends a hanging."""
        with self.lock:
            self.requests.append(request)
            if self.fault is None or self.struck or not self._due(self.fault.at, request):
                return None, self.released
            self.struck = request
            return self.fault, self.released

    def _due(self, at: int | str, request: str) -> bool:
        return request.endswith(at) if isinstance(at, str) else len(self.requests) == at


class Handler(BaseHTTPRequestHandler):
    """Passes a request on, or does what the fault says."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault, released = self.server.proxy.note(f"{self.command} {urlsplit(self.path).path}")
        kind = fault.kind if fault else ""
        if kind in {"500", "503"}:
            self._answer(int(kind), [("Content-Type", "text/plain")], b"the proxy says no")
            return
        answer = None if kind in {"cut", "hang", "kill"} else self._ask(body)
        if kind == "hang":
            released.wait(60)
        if fault is not None and fault.pid:
            os.kill(fault.pid, signal.SIGKILL)
        if fault is not None or answer is None:
            self.close_connection = True
        else:
            self._answer(*answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _any  # noqa: N815 (http.server's names)

    def _ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes] | None:
        """Ask the server on a connection of its own: one that is kept waits 40 ms for each of its answers."""
        connection = HTTPConnection(urlsplit(self.server.proxy.upstream).netloc, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        try:
            connection.request(self.command, self.path, body or None, {**headers, "Connection": "close"})
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Holds the proxy's state; a client that goes away is no error."""

    daemon_threads = True

    def __init__(self, proxy: Proxy) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.proxy = proxy

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def fault_proxy(upstream: str) -> Iterator[Proxy]:
    """Stand before the server at the address `upstream` while inside."""
    proxy = Proxy(upstream=upstream)
    server = Server(proxy)
    proxy.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield proxy
    finally:
        proxy.arm(None)
        server.shutdown()
        server.server_close()
