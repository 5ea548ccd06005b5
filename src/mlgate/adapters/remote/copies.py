"""Copies of what URLs name: fetched once while the store says that nothing changed, checked each time."""

from __future__ import annotations

import hashlib
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from mlgate.adapters.remote.folder import FILES, alone, finish, forget_old, is_whole, private, seal, unfinished
from mlgate.adapters.remote.listing import look
from mlgate.adapters.remote.store import open_store
from mlgate.adapters.remote.trouble import answering, disk_full
from mlgate.config.address import WEB, scheme, shown
from mlgate.errors import DataError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mlgate.adapters.remote.listing import Listing, RemoteFile
    from mlgate.adapters.remote.progress import Copied, Progress
    from mlgate.adapters.remote.store import Store

T = TypeVar("T")
AT_ONCE = 8
PAUSES = (1.0, 4.0)  # seconds before a web server is asked again; the other file systems ask again by themselves


@dataclass(frozen=True)
class LocalCopies:
    """The copies that one process uses: a URL is looked up once, so that all that it does is about the same bytes."""

    folder: Path
    progress: Progress
    known: dict[str, Path] = field(default_factory=dict, repr=False)

    def path(self, url: str) -> Path:
        """Return the path of the file or folder that `url` names; raises MlgateError where it cannot be had."""
        if url not in self.known:
            self.known[url] = fetch(url, self.folder, self.progress)
        return self.known[url]


def fetch(url: str, folder: Path, progress: Progress) -> Path:
    """Return a whole copy of what `url` names now, fetched unless `folder` holds one that the store still stands by.

    Raises ConfigError, DataError and StoreError, in none of which stands what opens the URL.
    """
    store = open_store(url)
    place = private(folder) / hashlib.sha256(url.encode()).hexdigest()[:16]
    with alone(place):
        listing = _again(url, lambda: look(store))
        copy = place / listing.state
        if not (listing.marked and is_whole(copy)):
            copy = _fetched(store, listing, place, progress)
        forget_old(place, copy)
    return copy / FILES / listing.start


def _fetched(store: Store, listing: Listing, place: Path, progress: Progress) -> Path:
    """Fetch all files into a new folder, and make it a copy when the store still says what it said before."""
    name = shown(store.url)
    if listing.bytes > shutil.disk_usage(place).free:
        raise disk_full(name)
    showing = progress.copying(name, len(listing.files), listing.bytes)
    with answering(store.url), unfinished(place) as folder, showing as copied:
        _copy_all(store, listing, folder / FILES, copied)
        if _again(store.url, lambda: look(store)).state != listing.state:
            raise DataError(f"{name} changed while it was fetched", hint="run the same command again")
        # where the store says nothing that tells one state from another, the bytes do
        state = listing.state if listing.marked else _digest(listing, folder / FILES)
        seal(folder, listing.files)
        return finish(folder, place / state, name)


def _copy_all(store: Store, listing: Listing, folder: Path, copied: Copied) -> None:
    """Copy the files, several at a time; the first failure, or an interruption, ends all."""
    stopped = False

    def advance(more: int) -> None:
        if stopped:
            raise StoreError("another file could not be fetched", hint="run the same command again")
        copied.advance(more)

    def copy(file: RemoteFile) -> None:
        to = folder / file.place
        to.parent.mkdir(parents=True, exist_ok=True)
        _again(store.url, lambda: _copy_one(store, file, to, advance))
        copied.done(file.path if len(listing.files) > 1 else shown(store.url))

    if len(listing.files) == 1:
        copy(listing.files[0])
        return
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            list(pool.map(copy, listing.files))
        except BaseException:
            stopped = True
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _copy_one(store: Store, file: RemoteFile, to: Path, advance: Callable[[int], None]) -> None:
    store.copy(file.path, to, advance)
    got = to.stat().st_size
    if file.size is None:  # nothing says where it should end: a copy that was cut is unlikely to be cut there again
        twice = to.with_name(f".{to.name}.again")
        store.copy(file.path, twice, advance)
        same = _sha256(to) == _sha256(twice)
        twice.unlink()
        if not same:
            raise DataError(f"{shown(store.url)} changed while it was fetched", hint="run the same command again")
    elif got != file.size:
        raise StoreError(f"{shown(store.url)}: {got:,} of {file.size:,} bytes came", hint="run the same command again")


def _again(url: str, ask: Callable[[], T]) -> T:
    """Ask a web server up to three times; what it refuses is not asked again."""
    for pause in PAUSES if scheme(url) in WEB else ():
        try:
            return ask()
        except StoreError:
            time.sleep(pause)
    return ask()


def _digest(listing: Listing, folder: Path) -> str:
    told = "".join(f"{_sha256(folder / file.place)}  {file.place}\n" for file in listing.files)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
