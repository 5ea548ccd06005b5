"""MLflow's own basic authentication on loopback, with the users and permissions of docs/credentials.md."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bed.mlflow_server import mlflow_server

DOC = Path(__file__).parents[2] / "docs" / "credentials.md"
CONFIG = """\
[mlflow]
default_permission = READ
database_uri = sqlite:///{folder}/users.db
admin_username = admin
authorization_function = mlflow.server.auth:authenticate_request_basic_auth
auth_cache_ttl_seconds = 600
"""


@dataclass(frozen=True)
class GuardedServer:
    """A server that asks who one is; `passwords` by user."""

    address: str
    passwords: dict[str, str] = field(repr=False)

    def environment(self, user: str) -> dict[str, str]:
        """Return what a job of `user` has."""
        return {
            "MLFLOW_TRACKING_URI": self.address,
            "MLFLOW_TRACKING_USERNAME": user,
            "MLFLOW_TRACKING_PASSWORD": self.passwords[user],
        }

    def set_up(self, *names: str) -> None:
        """Run the script of docs/credentials.md as the administrator, for the models `names`."""
        given = {f"{user.upper()}_PASSWORD": password for user, password in self.passwords.items()}
        command = [sys.executable, "-c", script(), *names]
        subprocess.run(command, check=True, env={**os.environ, **given, **self.environment("admin")}, timeout=120)

    def ask(self, user: str | None, method: str, path: str, body: object = None) -> tuple[int, str]:
        """Ask the server as `user`, or as nobody, and return status and text; a body of bytes is sent as it is."""
        raw = isinstance(body, bytes)
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.address}/{path}", data, method=method)  # noqa: S310 (loopback)
        request.add_header("Content-Type", "application/octet-stream" if raw else "application/json")
        if user:
            known = base64.b64encode(f"{user}:{self.passwords[user]}".encode()).decode()
            request.add_header("Authorization", f"Basic {known}")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 (loopback)
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


def script() -> str:
    """Return the script that docs/credentials.md shows."""
    (found,) = re.findall(r"^```python\n(.*?)^```$", DOC.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return str(found)


@contextmanager
def guarded_server(folder: Path) -> Iterator[GuardedServer]:
    """Serve an empty registry whose only user is the administrator."""
    passwords = {user: secrets.token_urlsafe(16) for user in ("admin", "candidate", "promoter")}
    config = folder / "auth.ini"
    config.write_text(CONFIG.format(folder=folder), encoding="utf-8")
    environment = {
        "MLFLOW_AUTH_CONFIG_PATH": str(config),
        "MLFLOW_AUTH_ADMIN_PASSWORD": passwords["admin"],
        "MLFLOW_FLASK_SERVER_SECRET_KEY": secrets.token_hex(16),
    }
    with mlflow_server(folder, options=["--app-name", "basic-auth"], environment=environment) as address:
        yield GuardedServer(address, passwords)
