"""A real PostgreSQL on loopback, in a folder of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.bed.processes import free_port

DEBIAN = Path("/usr/lib/postgresql")
SETTINGS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}  # no power cut is tested


def problem() -> str | None:
    """Say what to install where PostgreSQL cannot be used, else None."""
    if programs() is None:
        return "PostgreSQL is missing: apt-get install postgresql"
    if find_spec("psycopg") is None:
        return "MLflow cannot reach PostgreSQL without its driver: pip install 'psycopg[binary]'"
    return None


def programs() -> Path | None:
    """Return the folder of initdb and pg_ctl: the one on PATH, or Debian's newest, which is not."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    return max(
        (path.parent for path in DEBIAN.glob("*/bin/initdb")), key=lambda path: int(path.parts[-2]), default=None
    )


@contextmanager
def postgres() -> Iterator[str]:
    """Run an empty database while inside and give its address, as MLflow takes it.

    PostgreSQL refuses root, and the user that root runs it as cannot enter the folders of pytest.
    """
    where = programs()
    if where is None:
        raise RuntimeError(problem())
    with tempfile.TemporaryDirectory(
        prefix="mlgate-postgres-", dir=_open_to_all(), ignore_cleanup_errors=True
    ) as folder:
        as_user = _not_root(Path(folder))
        data, port = Path(folder, "data"), free_port()

        def run(program: str, *arguments: str) -> None:
            command = [str(where / program), "-D", str(data), *arguments]
            done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, **as_user)
            if done.returncode:
                log = Path(folder, "log")
                said = log.read_text(encoding="utf-8", errors="replace")[-3000:] if log.exists() else ""
                raise RuntimeError(f"{program} failed:\n{done.stdout}{done.stderr}{said}")

        run("initdb", "--auth=trust", "--username=mlgate", "--encoding=UTF8", "--locale=C", "--no-sync")
        options = " ".join(f"-c {name}='{value}'" for name, value in {**SETTINGS, "port": port}.items())
        # without a log of its own, the server would keep our pipe open for as long as it lives
        run("pg_ctl", "--wait", f"--log={folder}/log", f"--options={options}", "start")
        try:
            yield f"postgresql+psycopg://mlgate@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "--wait", "--mode=immediate", "stop")


def _open_to_all() -> str:
    """Return a folder for temporary files that every user may enter."""
    for name in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 (what is made there has a name of its own)
        path = Path(name).resolve()
        if all(part.stat().st_mode & stat.S_IXOTH for part in (path, *path.parents)):
            return name
    raise RuntimeError("no temporary folder here is open to all users, as PostgreSQL's own needs: set TMPDIR")


def _not_root(folder: Path) -> dict[str, Any]:
    """Give the folder to a user that PostgreSQL accepts; return how a program is started as that user."""
    if os.getuid() != 0:
        return {}
    known = {user.pw_name: user for user in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": ()}
