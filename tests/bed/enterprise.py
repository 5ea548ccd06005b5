"""A GitHub Enterprise Server as a client meets it: another host, a prefix before the API's paths, a CA of its own."""

from __future__ import annotations

import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

PREFIX = "/api/v3"
PASSED_ON = ("accept", "authorization", "content-type")


@dataclass(kw_only=True)
class Enterprise:
    """Where it answers, whom to trust for it, and what it was asked for."""

    upstream: str
    authority: Path
    url: str = ""
    asked: list[str] = field(default_factory=list)

    @property
    def api(self) -> str:
        """The API's address, as a job's GITHUB_API_URL names it."""
        return f"{self.url}{PREFIX}"


class Handler(BaseHTTPRequestHandler):
    """Passes on what is below the prefix, and writes its own address over the server's behind it."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        """Pass on one request."""
        there = cast("Server", self.server).enterprise
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        there.asked.append(f"{self.command} {self.path}")
        if not self.path.startswith(f"{PREFIX}/"):
            self._send(404, [], b'{"message": "Not Found"}')
            return
        headers = {name: value for name, value in self.headers.items() if name.lower() in PASSED_ON}
        connection = http.client.HTTPConnection(urlsplit(there.upstream).netloc, timeout=30)
        try:
            connection.request(self.command, self.path.removeprefix(PREFIX), body or None, headers)
            answer = connection.getresponse()
            text = answer.read().replace(there.upstream.encode(), there.api.encode())
            link = [("link", (answer.getheader("link") or "").replace(there.upstream, there.api))]
            self._send(answer.status, link if link[0][1] else [], text)
        finally:
            connection.close()

    def _send(self, status: int, headers: list[tuple[str, str]], text: bytes) -> None:
        self.send_response(status)
        for name, value in [("content-type", "application/json"), ("content-length", str(len(text))), *headers]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 (the names that http.server calls)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Serves over TLS; a client that does not trust it is no error."""

    daemon_threads = True

    def __init__(self, there: Enterprise, context: ssl.SSLContext) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.enterprise = there
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def enterprise(upstream: str, folder: Path) -> Iterator[Enterprise]:
    """Stand before the server at `upstream` while inside; keys and certificates are new, in `folder`."""
    authority, chain = certificates(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    there = Enterprise(upstream=upstream, authority=authority)
    server = Server(there, context)
    there.url = f"https://localhost:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def certificates(folder: Path) -> tuple[Path, Path]:
    """Make an authority, and a key with a certificate for localhost that it signed."""
    folder.mkdir(parents=True, exist_ok=True)
    root, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    above, name = _name("an authority of its own"), _name("localhost")
    signed = _certificate(above, above, root, root, ca=True), _certificate(above, name, root, key, ca=False)
    authority, chain = folder / "authority.pem", folder / "server.pem"
    authority.write_bytes(signed[0].public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain.write_bytes(private + signed[1].public_bytes(Encoding.PEM))
    return authority, chain


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(
    issuer: x509.Name,
    subject: x509.Name,
    signer: ec.EllipticCurvePrivateKey,
    key: ec.EllipticCurvePrivateKey,
    *,
    ca: bool,
) -> x509.Certificate:
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    signs = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    return (
        x509.CertificateBuilder(issuer_name=issuer, subject_name=subject, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(signs, critical=False)
        .add_extension(names, critical=False)
        .sign(signer, SHA256())
    )
