"""What data is: its bytes' sha256, its size, its rows and columns."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal

import polars as pl

from mlgate.data.files.members import is_delta, members, start_of
from mlgate.data.files.read import collect, scan
from mlgate.errors import DataError
from mlgate.records import DataFile

if TYPE_CHECKING:
    from pathlib import Path


def describe(path: Path, *, role: Literal["training", "held-out"], shown_as: str) -> DataFile:
    """Describe what `path` means under the name `shown_as`; raises DataError where it cannot be read."""
    frame = scan(path)
    rows = collect(frame.select(pl.len()), str(path)).item()
    return DataFile(
        role=role,
        path=shown_as,
        sha256=sha256(path),
        rows=rows,
        columns=len(frame.collect_schema()),
        bytes=sum(file.stat().st_size for file in _files(path)),
    )


def sha256(path: Path) -> str:
    """Return the hexadecimal sha256 of a file's bytes; of several files, that of the list of their digests and names.

    The list is in the layout of `sha256sum`, sorted by name. Raises DataError where a file cannot be read.
    """
    if path.is_file():
        return _of_file(path)
    start = start_of(path)
    listed = (f"{_of_file(file)}  {file.relative_to(start).as_posix()}\n" for file in _files(path))
    return hashlib.sha256("".join(listed).encode()).hexdigest()


def _files(path: Path) -> tuple[Path, ...]:
    """List the files that hold the data; a Delta table's log, which says which of them count, is one of them."""
    if is_delta(path):
        return tuple(sorted(file for file in path.rglob("*") if file.is_file()))
    return members(path)


def _of_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}", hint="check path and permissions") from error
