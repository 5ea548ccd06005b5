"""Read Parquet and CSV files; whatever is wrong with one is a DataError that names it and the next step."""

from __future__ import annotations

import csv
import gzip
import zlib
from typing import TYPE_CHECKING, TextIO

import polars as pl

from mlgate.data.nearest import nearest
from mlgate.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SUFFIXES = (".parquet", ".csv", ".csv.gz")
# polars panics on some damaged files, and its panics are no Exception
TROUBLE = (
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    OSError,
    ValueError,
    EOFError,
    zlib.error,
    csv.Error,
)
WRITE_AGAIN = "write the file again, or fetch it again (an incomplete copy looks like this)"


def scan(path: Path) -> pl.LazyFrame:
    """Open a data file; a file without rows is fine here.

    Parquet stays on disk and is read as it is needed. CSV has no types and no index: it is parsed once, into
    memory, with types inferred from all rows. Raises DataError for whatever is wrong with the file.
    """
    suffix = suffix_of(path)
    if not path.exists():
        raise DataError(f"{path} does not exist", hint="correct the path, or make the file before this step")
    if not path.is_file():
        raise DataError(f"{path} is a folder, not a file", hint="name one Parquet or CSV file in it")
    if suffix == ".parquet":
        return _scan_parquet(path)
    return _read_csv(path).lazy()


def read(path: Path, columns: Sequence[str]) -> pl.DataFrame:
    """Read the named columns of a data file, in this order; raises DataError, also for a column that is not there."""
    frame = scan(path)
    present = frame.collect_schema().names()
    for column in columns:
        if column not in present:
            raise DataError(
                f"{path} has no column {column!r}; it has {_listed(present)}",
                hint=f"correct the configured name, or add the column to the file{nearest(column, present)}",
            )
    return collect(frame.select(list(dict.fromkeys(columns))), str(path))


def collect(frame: pl.LazyFrame, file: str) -> pl.DataFrame:
    """Run a query; raises DataError that names `file` where its bytes turn out to be damaged."""
    try:
        return frame.collect(engine="streaming")
    except TROUBLE as error:
        raise _unreadable(file, error) from error


def suffix_of(path: Path) -> str:
    """Return the kind of a data file as its suffix; raises DataError for a kind that mlgate does not read."""
    name = path.name.lower()
    found = next((suffix for suffix in reversed(SUFFIXES) if name.endswith(suffix)), None)
    if found is None:
        raise DataError(
            f"{path} is of a kind that mlgate does not read",
            hint=f"use one of {', '.join(SUFFIXES)}; Parquet keeps types and is the quickest",
        )
    return found


def is_csv(file: str) -> bool:
    """Whether a file, by its name, is CSV: text whose columns carry no types."""
    return file.lower().endswith((".csv", ".csv.gz"))


def _scan_parquet(path: Path) -> pl.LazyFrame:
    try:
        frame = pl.scan_parquet(path, glob=False)
        frame.collect_schema()
    except pl.exceptions.DuplicateError as error:
        raise DataError(f"{path}: {_first_line(error)}", hint="give every column a name of its own") from error
    except TROUBLE as error:
        raise _unreadable(str(path), error) from error
    return frame


def _read_csv(path: Path) -> pl.DataFrame:
    try:
        header = _header(path)
    except TROUBLE as error:
        raise _unreadable(str(path), error) from error
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise DataError(
            f"{path}: more than one column is named {_listed(twice)}", hint="give every column its own name"
        )
    try:
        # a plain file by that name is read as well: polars looks at the bytes
        frame = pl.read_csv(path, infer_schema_length=None, glob=False)
    except TROUBLE as error:
        raise _ragged(path, len(header)) or _unreadable(str(path), error) from error
    # polars fills a short line with nulls without a word; without a null at the end there is no short line
    if frame.width and frame.to_series(frame.width - 1).null_count():
        problem = _ragged(path, len(header))
        if problem is not None:
            raise problem
    return frame


def _header(path: Path) -> list[str]:
    with _text(path) as lines:
        header = next((row for row in csv.reader(lines) if row), None)
    if header is None:
        raise DataError(f"{path} is empty", hint="a CSV file starts with the names of its columns")
    return header


def _ragged(path: Path, width: int) -> DataError | None:
    try:
        with _text(path) as lines:
            reader = csv.reader(lines, strict=True)
            for row in reader:
                if row and len(row) != width:
                    return DataError(
                        f"{path}, line {reader.line_num}: {len(row)} values where the header names {width} columns",
                        hint="correct the line; a value that holds a comma stands in double quotes",
                    )
    except TROUBLE:
        return None  # something else is wrong with the file, and polars says it
    return None


def _text(path: Path) -> TextIO:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    if packed:
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _unreadable(file: str, error: BaseException) -> DataError:
    if isinstance(error, DataError):
        return error
    text = _first_line(error)
    if isinstance(error, UnicodeError) or "utf-8" in text.lower():
        return DataError(f"{file} is not UTF-8 text: {text}", hint="save it with the encoding UTF-8")
    return DataError(f"{file} cannot be read: {text}", hint=WRITE_AGAIN)


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name[:80]) for name in names[:10])
    return (shown + (", …" if len(names) > 10 else "")) or "no columns"
