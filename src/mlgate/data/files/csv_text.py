"""CSV: what is wrong with a file, to the line."""

from __future__ import annotations

import csv
import gzip
from typing import TYPE_CHECKING

import polars as pl

from mlgate.data.files.trouble import TROUBLE, listed, unreadable
from mlgate.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


def scan_csv(path: Path) -> pl.LazyFrame:
    """Open a CSV file whose types are inferred from all rows; raises DataError for whatever is wrong with it."""
    try:
        header = _header(path)
        _refuse_twice(path, header)
        # a plain file by a packed name is read as well: polars looks at the bytes
        frame = pl.scan_csv(path, infer_schema_length=None, glob=False)
        frame.collect_schema()
    except TROUBLE as error:
        raise unreadable(str(path), error) from error
    return frame


def ragged(path: Path) -> DataError | None:
    """Return the error for the first line that has more or fewer values than the header, if there is one."""
    try:
        reader = csv.reader(lines_of(path), strict=True)
        width = 0
        for row in reader:
            width = width or len(row)
            if row and len(row) != width:
                return DataError(
                    f"{path}, line {reader.line_num}: {len(row)} values where the header names {width} columns",
                    hint="correct the line; a value that holds a comma stands in double quotes",
                )
    except TROUBLE:
        return None  # something else is wrong with the file, and polars says it
    return None


def lines_of(path: Path) -> Iterator[str]:
    """Yield the lines of a text file, packed or not, without its byte order mark."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(ZSTD):
        for batch in pl.scan_lines(path, name="line").collect_batches():
            yield from (f"{line}\n" for line in batch["line"])
        return
    if start.startswith(GZIP):
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
            yield from lines
        return
    with path.open(encoding="utf-8-sig", newline="") as lines:
        yield from lines


def _header(path: Path) -> list[str]:
    header = next((row for row in csv.reader(lines_of(path)) if row), None)
    if header is None:
        raise DataError(f"{path} is empty", hint="a CSV file starts with the names of its columns")
    mark = next((mark for mark in (";", "\t") if len(header) == 1 and mark in header[0]), None)
    if mark is not None:
        what = "semicolons" if mark == ";" else "tabs"
        raise DataError(
            f"{path} has one column, {header[0][:80]!r}: its values seem to be separated by {what}",
            hint="write the file with commas between the values (in a spreadsheet: save as CSV UTF-8, comma separated)",
        )
    return header


def _refuse_twice(path: Path, header: list[str]) -> None:
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise DataError(f"{path}: more than one column is named {listed(twice)}", hint="give every column its own name")
