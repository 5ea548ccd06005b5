"""What a data file is: its bytes' sha256, its size, its rows and columns."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal

import polars as pl

from mlgate.data.files.read import collect, scan
from mlgate.errors import DataError
from mlgate.records import DataFile

if TYPE_CHECKING:
    from pathlib import Path


def describe(path: Path, *, role: Literal["training", "held-out"], shown_as: str) -> DataFile:
    """Describe the file at `path` under the name `shown_as`; raises DataError where it cannot be read."""
    frame = scan(path)
    rows = collect(frame.select(pl.len()), str(path)).item()
    return DataFile(
        role=role,
        path=shown_as,
        sha256=sha256(path),
        rows=rows,
        columns=len(frame.collect_schema()),
        bytes=path.stat().st_size,
    )


def sha256(path: Path) -> str:
    """Return the hexadecimal sha256 of a file's bytes, read in pieces; raises DataError where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}", hint="check path and permissions") from error
