"""Data behind a web server that answers, refuses, changes, breaks off and takes its time."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from rich.console import Console

from mlgate.__main__ import run
from mlgate.adapters.remote import Progress, copies, fetch, folder, store
from mlgate.data.files.read import scan
from mlgate.errors import DataError, ExitCode, MlgateError, StoreError
from tests.bed.web import Web, web_server

QUIET = Progress(Console(quiet=True))
SECRETS = "token=hunter22&X-Amz-Signature=5e1gnature"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A server with one file, asked again without waiting."""
    monkeypatch.setattr(copies, "PAUSES", (0.0, 0.0))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with web_server() as web:
        web.files["x.parquet"] = parquet(range(50_000))
        yield web


def parquet(rows: range) -> bytes:
    """Write rows that do not pack well."""
    frame = pl.DataFrame({"x": [(row * 2_654_435_761) % 4_294_967_296 for row in rows]})
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="uncompressed")
    return buffer.getvalue()


def height(path: Path) -> int:
    """Count the rows of a copy."""
    return scan(path).collect().height


def whole_copies(cache: Path) -> list[Path]:
    """List what would be taken for a copy."""
    return [path for path in cache.glob("*/*") if (path / folder.MANIFEST).is_file()]


@pytest.mark.parametrize("heads", [True, False], ids=["HEAD", "no HEAD"])
def test_a_file_is_fetched_once_while_its_etag_stays(web: Web, tmp_path: Path, heads: bool) -> None:  # noqa: FBT001
    """The store is asked each time; another ETag means another copy, and the first stays for who reads it."""
    web.heads = heads
    first = fetch(web.url("x.parquet"), tmp_path, QUIET)
    gets = len(web.gets)
    assert fetch(web.url("x.parquet"), tmp_path, QUIET) == first
    assert len(web.gets) - gets == (0 if heads else 1)
    web.files["x.parquet"] = parquet(range(7))
    assert height(fetch(web.url("x.parquet"), tmp_path, QUIET)) == 7
    assert height(first) == 50_000


def test_a_server_without_marks_and_sizes_is_read_twice(web: Web, tmp_path: Path) -> None:
    """Nothing says where such an answer ends: two copies must agree. A cut one is no copy."""
    web.marks = web.sized = False
    assert height(fetch(web.url("x.parquet"), tmp_path, QUIET)) == 50_000
    web.cut, web.cuts = 1000, 2  # the question what the file is, and the first copy
    web.files["y.parquet"] = web.files["x.parquet"]
    with pytest.raises(DataError, match="changed while it was fetched"):
        fetch(web.url("y.parquet"), tmp_path / "other", QUIET)
    assert whole_copies(tmp_path / "other") == []


def test_a_connection_that_breaks_once_is_made_again(web: Web, tmp_path: Path) -> None:
    """And the copy is whole."""
    web.cut, web.cuts = 1000, 1
    assert height(fetch(web.url("x.parquet"), tmp_path, QUIET)) == 50_000


TROUBLE: dict[str, tuple[Callable[[Web], object], type[MlgateError], str]] = {
    "cut": (lambda web: setattr(web, "cut", 1000), StoreError, "could not be fetched"),
    "404": (lambda web: web.files.clear(), DataError, "does not exist"),
    "401": (lambda web: setattr(web, "status", 401), DataError, "may not be read with these credentials"),
    "403": (lambda web: setattr(web, "status", 403), DataError, "may not be read with these credentials"),
    "500": (lambda web: setattr(web, "status", 500), StoreError, "answered 500"),
    "503": (lambda web: setattr(web, "status", 503), StoreError, "answered 503"),
}


@pytest.mark.parametrize("name", TROUBLE)
def test_trouble_has_a_name_and_keeps_secrets(web: Web, tmp_path: Path, name: str) -> None:
    """Refused and absent are the request's fault, the rest is the outside's; nothing half is kept or told."""
    change, kind, said = TROUBLE[name]
    change(web)
    with pytest.raises(MlgateError) as caught:
        fetch(f"{web.url('x.parquet', 'ada:passw0rd@')}?{SECRETS}", tmp_path, QUIET)
    assert isinstance(caught.value, kind)
    assert said in caught.value.message
    assert f"http://{web.address}/x.parquet" in caught.value.message
    told = caught.value.message + caught.value.hint
    assert not [secret for secret in ("ada", "passw0rd", "hunter22", "5e1gnature") if secret in told]
    assert whole_copies(tmp_path) == []


def test_a_server_that_stands_still_is_left(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow answer is waited for; one that stands still is the outside's failure."""
    web.pause = 0.05
    assert height(fetch(web.url("x.parquet"), tmp_path, QUIET)) == 50_000
    monkeypatch.setattr(store, "SILENT_SECONDS", 0.3)
    web.pause, web.files["y.parquet"] = 1.5, web.files["x.parquet"]
    with pytest.raises(StoreError, match="could not be fetched"):
        fetch(web.url("y.parquet"), tmp_path, QUIET)


def test_nobody_listens(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is away is exit code 3, with its address and without what opens it."""
    monkeypatch.setattr(copies, "PAUSES", ())
    monkeypatch.setenv("MLGATE_DATA_CACHE", str(tmp_path))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert run(["profile", f"http://ada:passw0rd@127.0.0.1:{port}/x.parquet?{SECRETS}"]) == ExitCode.OUTSIDE
    said = capsys.readouterr().err
    assert f"http://127.0.0.1:{port}/x.parquet could not be fetched" in said
    assert "passw0rd" not in said
    assert "hunter22" not in said


def test_credentials_open_and_are_not_told(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """They reach the server, and neither the report, nor the log, nor the profile and the schema that are written."""
    monkeypatch.setenv("MLGATE_DATA_CACHE", str(tmp_path / "cache"))
    web.files["y.parquet"] = web.files["x.parquet"]
    before, after = (f"{web.url(name, 'ada:passw0rd@')}?{SECRETS}" for name in ("x.parquet", "y.parquet"))
    assert run(["drift", before, after, "--json", "--html", str(tmp_path / "page.html")]) == 0
    assert run(["infer-schema", before, "-o", str(tmp_path / "schema.yaml")]) == 0
    assert run(["profile", after, "-o", str(tmp_path / "profile.json")]) == 0
    assert any("token=hunter22" in path for path in web.gets)
    assert set(web.authorizations) == {"Basic YWRhOnBhc3N3MHJk"}
    shown = capsys.readouterr()
    written = "".join((tmp_path / name).read_text(encoding="utf-8") for name in ("page.html", "schema.yaml"))
    for text in (shown.out, shown.err, written, *map(str, (tmp_path / "cache").rglob("*"))):
        assert not [secret for secret in ("passw0rd", "hunter22", "5e1gnature") if secret in text]
    found = json.loads(shown.out[shown.out.index("{") : shown.out.rindex("}") + 1])
    assert (found["reference"], found["reference_rows"]) == (f"http://{web.address}/x.parquet", 50_000)


def test_credentials_may_stand_in_netrc(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that no URL has to hold them."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ada password passw0rd\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    fetch(web.url("x.parquet"), tmp_path / "cache", QUIET)
    assert web.authorizations == ["Basic YWRhOnBhc3N3MHJk"]


def start(web: Web, cache: Path) -> subprocess.Popen[str]:
    """Start a process that profiles the file."""
    command = [sys.executable, "-m", "mlgate", "profile", web.url("x.parquet")]
    environment = {**os.environ, "MLGATE_DATA_CACHE": str(cache)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_processes_at_once_fetch_once(web: Web, tmp_path: Path) -> None:
    """The second waits for the first, and takes its copy."""
    web.pause = 0.1
    both = [start(web, tmp_path) for _ in range(2)]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert said[0][0] == said[1][0]
    assert len(web.gets) == 1
    assert len(whole_copies(tmp_path)) == 1


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "cancelled"])
def test_a_process_that_ends_half_way_leaves_no_copy(web: Web, tmp_path: Path, end: signal.Signals) -> None:
    """What it had fetched is never taken for whole, holds nobody up, and is removed by the next."""
    web.pause = 0.5
    half = start(web, tmp_path)
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(f"*/{folder.UNFINISHED}*/**/x.parquet")) and time.monotonic() < deadline:
        time.sleep(0.05)
    half.send_signal(end)
    _, said = half.communicate(timeout=60)
    assert half.returncode == (-signal.SIGKILL if end == signal.SIGKILL else 130), said
    assert whole_copies(tmp_path) == []
    web.pause = 0.0
    again = start(web, tmp_path)
    _, said = again.communicate(timeout=60)
    assert again.returncode == 0, said
    assert not list(tmp_path.glob(f"*/{folder.UNFINISHED}*"))
    assert len(whole_copies(tmp_path)) == 1
