"""Copies of what URLs name, from a store in memory: what is fetched, kept, fetched again, and refused."""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import polars as pl
import pytest
from rich.console import Console

from mlgate.adapters.remote import LocalCopies, Progress, fetch, folder, listing
from mlgate.adapters.remote.store import Store
from mlgate.adapters.runner import read_runner
from mlgate.data.files.digest import sha256
from mlgate.data.files.read import scan
from mlgate.errors import ConfigError, DataError, OutsideError, RequestError

QUIET = Progress(Console(quiet=True))


@pytest.fixture
def memory() -> Iterator[Any]:
    """An empty store, behind memory://."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    system.pseudo_dirs[:] = [""]
    yield system
    system.store.clear()


def write(memory: Any, path: str, rows: list[int]) -> None:
    """Put a Parquet file into the store."""
    with memory.open(path, "wb") as file:
        pl.DataFrame({"x": rows}).write_parquet(file)


@pytest.mark.parametrize(
    ("url", "rows"),
    [
        ("memory://b/t", [(1, "JFK"), (2, "LGA")]),
        ("memory://b/t/", [(1, "JFK"), (2, "LGA")]),
        ("memory://b/t/*/a.parquet", [(1, "JFK"), (2, "LGA")]),
        ("memory://b/t/**/a.parquet", [(1, "JFK"), (2, "LGA")]),
        ("memory://b/t/origin=J*/*.parquet", [(1, "JFK")]),
        ("memory://b/t/origin=JFK", [(1, "JFK")]),
        ("memory://b/t/origin=LGA/a.parquet", [(2,)]),
    ],
)
def test_a_copy_reads_as_the_same_files_here(memory: Any, tmp_path: Path, url: str, rows: list[tuple[Any]]) -> None:
    """Folders, patterns and files have the rows, the columns of their folders' names, and the digest of local ones."""
    for origin, value in (("JFK", 1), ("LGA", 2)):
        write(memory, f"/b/t/origin={origin}/a.parquet", [value])
        here = tmp_path / "b" / "t" / f"origin={origin}"
        here.mkdir(parents=True)
        pl.DataFrame({"x": [value]}).write_parquet(here / "a.parquet")
    memory.pipe("/b/t/_SUCCESS", b"")
    copy = fetch(url, tmp_path / "cache", QUIET)
    assert scan(copy).collect().rows() == rows
    assert sha256(copy) == sha256(tmp_path / url.removeprefix("memory://"))


def test_a_delta_table_comes_with_its_log(memory: Any, tmp_path: Path) -> None:
    """The newest version of a table is read, and its log is part of its digest."""
    table = tmp_path / "table"
    pl.DataFrame({"x": [1]}).write_delta(table)
    pl.DataFrame({"x": [2]}).write_delta(table, mode="overwrite")
    memory.put(str(table), "/b/table", recursive=True)
    copy = fetch("memory://b/table", tmp_path / "cache", QUIET)
    assert scan(copy).collect().rows() == [(2,)]
    assert sha256(copy) == sha256(table)


def count(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note every file that is copied from now on."""
    copied: list[str] = []
    before = Store.copy

    def noted(self: Store, path: str, *others: Any) -> None:
        copied.append(path)
        before(self, path, *others)

    monkeypatch.setattr(Store, "copy", noted)
    return copied


def test_a_copy_is_used_until_the_store_changes(memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked again the copy is there; after a change it is fetched again, and the older one stays whole."""
    copied = count(monkeypatch)
    write(memory, "/b/a.parquet", [1])
    first = fetch("memory://b/a.parquet", tmp_path, QUIET)
    assert fetch("memory://b/a.parquet", tmp_path, QUIET) == first
    write(memory, "/b/a.parquet", [2])
    second = fetch("memory://b/a.parquet", tmp_path, QUIET)
    assert copied == ["/b/a.parquet"] * 2
    assert [scan(path).collect().item() for path in (first, second)] == [1, 2]


def test_one_process_uses_one_state(memory: Any, tmp_path: Path) -> None:
    """What a command looked up it does not look up again: all that it does is about the same bytes."""
    copies = LocalCopies(tmp_path, QUIET)
    write(memory, "/b/a.parquet", [1])
    first = copies.path("memory://b/a.parquet")
    write(memory, "/b/a.parquet", [2])
    assert copies.path("memory://b/a.parquet") == first


@pytest.mark.parametrize("harm", ["other bytes", "fewer bytes", "gone", "no manifest"])
def test_a_damaged_copy_is_fetched_again(memory: Any, tmp_path: Path, harm: str) -> None:
    """A copy that anybody wrote to, or that is not whole, is not believed."""
    write(memory, "/b/a.parquet", [1])
    copy = fetch("memory://b/a.parquet", tmp_path, QUIET)
    copy.chmod(0o600)
    if harm == "other bytes":
        copy.write_bytes(b"x" * copy.stat().st_size)
    elif harm == "fewer bytes":
        os.truncate(copy, 10)
    elif harm == "gone":
        copy.unlink()
    else:
        next(tmp_path.glob("*/*/manifest.json")).unlink()
    assert scan(fetch("memory://b/a.parquet", tmp_path, QUIET)).collect().item() == 1


def test_nobody_else_may_look_into_the_copies(memory: Any, tmp_path: Path) -> None:
    """What mlgate makes is its owner's alone, and files are read-only; a folder that was there stays as it was."""
    write(memory, "/b/a.parquet", [1])
    cache = tmp_path / "cache"
    cache.mkdir(mode=0o755)
    copy = fetch("memory://b/a.parquet", cache, QUIET)
    assert stat.S_IMODE(cache.stat().st_mode) == 0o755
    assert [stat.S_IMODE(place.stat().st_mode) for place in cache.iterdir()] == [0o700]
    fetch("memory://b/a.parquet", tmp_path / "new", QUIET)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert stat.S_IMODE(copy.stat().st_mode) == 0o400


def test_what_was_left_half_done_is_removed(memory: Any, tmp_path: Path) -> None:
    """Folders that a killed process left, and states that nobody used for a week, go with the next fetch."""
    write(memory, "/b/a.parquet", [1])
    first = fetch("memory://b/a.parquet", tmp_path, QUIET)
    place = next(tmp_path.iterdir())
    (place / f"{folder.UNFINISHED}dead").mkdir()
    long_ago = time.time() - 8 * 24 * 3600
    os.utime(next(one for one in place.iterdir() if (one / folder.MANIFEST).exists()), (long_ago, long_ago))
    write(memory, "/b/a.parquet", [2])
    second = fetch("memory://b/a.parquet", tmp_path, QUIET)
    assert not first.exists()
    assert sorted(one.name for one in place.iterdir()) == sorted(["lock", second.relative_to(place).parts[0]])


def test_a_change_while_fetching_is_named(memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy is thrown away, and the next call fetches what is there."""
    write(memory, "/b/a.parquet", [1])
    before = Store.copy

    def changed(self: Store, *others: Any) -> None:
        before(self, *others)
        write(memory, "/b/a.parquet", [2, 3])

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Store, "copy", changed)
        with pytest.raises(DataError, match="changed while it was fetched"):
            fetch("memory://b/a.parquet", tmp_path, QUIET)
    assert not list(tmp_path.glob("*/*/manifest.json"))
    assert scan(fetch("memory://b/a.parquet", tmp_path, QUIET)).collect().height == 2


def test_a_store_without_marks_is_asked_for_the_bytes(
    memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing tells one state from another each process fetches anew, and equal bytes are one copy."""
    copied = count(monkeypatch)
    monkeypatch.setattr(listing, "MARKS", ())
    write(memory, "/b/a.parquet", [1])
    first, second = (fetch("memory://b/a.parquet", tmp_path, QUIET) for _ in range(2))
    assert first == second
    assert len(copied) == 2


@pytest.mark.parametrize(
    "path", ["/b/t/../../etc/x.parquet", "/elsewhere/x.parquet", "/b/t//x.parquet", "/b/t/a\\b.csv"]
)
def test_no_name_leads_out_of_the_copy(memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """A listing that names what is not below the URL is refused before anything is written."""
    write(memory, "/b/t/a.parquet", [1])
    monkeypatch.setattr(type(memory), "find", lambda *_, **__: {path: {"type": "file", "size": 1, "created": 1}})
    with pytest.raises(DataError, match="would lie outside"):
        fetch("memory://b/t", tmp_path / "cache", QUIET)
    assert not list(tmp_path.glob("cache/*/*/*"))


def test_a_url_that_climbs_is_refused(memory: Any, tmp_path: Path) -> None:
    """Nor may the URL itself."""
    write(memory, "/b/a.parquet", [1])
    with pytest.raises(DataError):
        fetch("memory://b/../../a.parquet", tmp_path / "cache", QUIET)


@pytest.mark.parametrize("other", ["x" * 300 + ".parquet", "a.parquet/b.parquet"])
def test_names_that_no_file_can_have_are_named(
    memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    """A store takes longer names than a disk, and a file beside a folder of the same name."""
    write(memory, "/b/t/a.parquet", [1])
    info = {"type": "file", "size": memory.size("/b/t/a.parquet"), "created": 1}
    monkeypatch.setattr(type(memory), "find", lambda *_, **__: {"/b/t/a.parquet": info, f"/b/t/{other}": info})
    memory.store[f"/b/t/{other}"] = memory.store["/b/t/a.parquet"]
    with pytest.raises(DataError, match="names that no file here can have"):
        fetch("memory://b/t", tmp_path, QUIET)
    assert not list(tmp_path.glob("*/*/manifest.json"))


def test_a_listing_has_an_end(memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More files than anybody means are named by number, and none is fetched."""
    monkeypatch.setattr(listing, "MOST_FILES", 2)
    for number in range(3):
        write(memory, f"/b/t/{number}.parquet", [1])
    with pytest.raises(DataError, match="names 3 files, and mlgate fetches 2 at most"):
        fetch("memory://b/t", tmp_path, QUIET)


def test_no_room_is_told_before_the_first_byte(memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is asked first; and what it says while writing has the same name."""
    write(memory, "/b/a.parquet", [1])
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1}))
    with pytest.raises(OutsideError, match="full"):
        fetch("memory://b/a.parquet", tmp_path, QUIET)
    monkeypatch.undo()

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(memory), "get_file", full)
    with pytest.raises(OutsideError, match="full") as caught:
        fetch("memory://b/a.parquet", tmp_path, QUIET)
    assert "MLGATE_DATA_CACHE" in caught.value.hint


@pytest.mark.parametrize(
    ("url", "said", "hint"),
    [
        ("memory://b/none.parquet", "does not exist", "correct the URL"),
        ("memory://b/none-*.parquet", "no file matches memory://b/none-*.parquet", "correct the URL"),
        ("gs://b/x.parquet", "needs the file system of gs://", "mlgate[gcs]"),
        ("box://b/x.parquet", "needs the file system of box://", "install boxfs"),
        ("s4://b/x.parquet", "no file system for s4://", "did you mean s3"),
        ("zip://a::https://u:hunter2@h/x", "zip://a::https://h/x is a chain", "name the file itself"),
        ("https://h/folder/?sig=hunter2", "https://h/folder/ is a folder", "name a file"),
    ],
)
def test_what_cannot_be_fetched_says_why(  # noqa: PLR0917 (fixtures are arguments)
    memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, said: str, hint: str
) -> None:
    """Absence, a missing or unknown file system, and what is not followed, each with the next step."""
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    write(memory, "/b/a.parquet", [1])
    with pytest.raises(RequestError) as caught:
        fetch(url, tmp_path, QUIET)
    assert said in caught.value.message
    assert hint in caught.value.hint
    assert "hunter2" not in caught.value.message


def test_without_fsspec_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The light installation has none."""
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(ConfigError) as caught:
        fetch("s3://b/x.parquet", tmp_path, QUIET)
    assert "mlgate[remote]" in caught.value.hint


def test_the_copies_lie_where_no_artifact_takes_them() -> None:
    """A named folder, else the job's temporary one, else the user's cache."""
    assert read_runner({"MLGATE_DATA_CACHE": "/d", "RUNNER_TEMP": "/t"}).data_cache == Path("/d")
    assert read_runner({"RUNNER_TEMP": "/t"}).data_cache == Path("/t/mlgate-data")
    assert read_runner({"XDG_CACHE_HOME": "/c"}).data_cache == Path("/c/mlgate/data")
    assert read_runner({}).data_cache == Path.home() / ".cache" / "mlgate" / "data"


def test_a_log_has_a_line_for_each_file(memory: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In a job; a copy that is there already says nothing."""
    for number in range(2):
        write(memory, f"/b/t/{number}.parquet", [1])
    for _ in range(2):
        fetch("memory://b/t", tmp_path, Progress(Console(width=200), on_actions=True))
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("fetching memory://b/t (2 files, ")
    assert sorted(said[1:]) == ["  fetched /b/t/0.parquet", "  fetched /b/t/1.parquet"]
