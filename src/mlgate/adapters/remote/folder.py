"""The folder of the copies: private, each copy whole or not there, safe for two processes at once."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mlgate.adapters.remote.trouble import disk_full
from mlgate.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mlgate.adapters.remote.listing import RemoteFile

FILES, MANIFEST, UNFINISHED = "files", "manifest.json", "unfinished-"
FORGOTTEN_AFTER = 7 * 24 * 3600.0  # seconds since a copy of an older state was last used


def private(folder: Path) -> Path:
    """Make a folder that nobody else may look into; raises ConfigError where it is somebody else's."""
    try:
        made = not folder.exists()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform != "win32" and folder.stat().st_uid != os.getuid():
            raise ConfigError(
                f"the data cache {folder} belongs to another user", hint="name one of your own in MLGATE_DATA_CACHE"
            )
        if made:  # a folder that was there may be for more than copies
            folder.chmod(0o700)
    except OSError as error:
        raise ConfigError(
            f"the data cache {folder} cannot be made: {error.strerror}", hint="name another in MLGATE_DATA_CACHE"
        ) from error
    return folder


def is_whole(copy: Path) -> bool:
    """Whether a copy has all its files, and none was touched since they were fetched."""
    try:
        listed = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
        found = [_stat(copy / FILES / place) for place, _, _ in listed]
    except (OSError, ValueError):
        return False
    whole = found == [(size, changed) for _, size, changed in listed]
    if whole:
        os.utime(copy)  # used now
    return whole


def seal(unfinished: Path, files: Sequence[RemoteFile]) -> None:
    """Write down what a copy consists of; its files are not to be written to."""
    listed = []
    for file in files:
        path = unfinished / FILES / file.place
        path.chmod(0o400)
        listed.append([file.place, *_stat(path)])
    (unfinished / MANIFEST).write_text(json.dumps(listed), encoding="utf-8")


def finish(unfinished: Path, copy: Path, name: str) -> Path:
    """Give a whole copy its name at once; where another process was first, its copy is as good."""
    try:
        if copy.exists() and not is_whole(copy):
            shutil.rmtree(copy)
        unfinished.rename(copy)
    except OSError as error:
        if not is_whole(copy):
            raise disk_full(name) from error
        shutil.rmtree(unfinished, ignore_errors=True)
    return copy


@contextmanager
def unfinished(place: Path) -> Iterator[Path]:
    """Give a new folder beside the copies of a URL; whatever ends the process, its name is never that of a copy."""
    folder = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Hold a URL's place against other processes; one that is killed lets go of it, and what it left is removed."""
    private(place)
    if sys.platform == "win32":
        yield  # renaming alone keeps copies whole; two processes may then fetch twice
        return
    import fcntl

    with (place / "lock").open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:  # a file system without locks
            yield
            return
        for left in place.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def forget_old(place: Path, kept: Path) -> None:
    """Remove copies of older states of a URL that nobody used for a week."""
    for copy in place.iterdir():
        if copy.is_dir() and copy != kept and time.time() - copy.stat().st_mtime > FORGOTTEN_AFTER:
            shutil.rmtree(copy, ignore_errors=True)


def _stat(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns
