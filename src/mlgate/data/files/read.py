"""Read data files of any kind; whatever is wrong with one is a DataError that names it and the next step."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from mlgate.data.files.csv_text import ragged, scan_csv
from mlgate.data.files.members import is_delta, kind_of_file, members
from mlgate.data.files.trouble import TROUBLE, listed, unreadable
from mlgate.data.nearest import nearest
from mlgate.errors import DataError, install

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LARGE = 64 * 2**20  # bytes of text above which it is copied as Parquet rather than kept in memory


def scan(path: Path) -> pl.LazyFrame:
    """Open what a path means: a file, a partitioned folder, a pattern, or a Delta table; no rows are fine here.

    Parquet and Arrow stay on disk and are read as they are needed. Text is parsed once: into memory, or where it is
    large into a Parquet file in the temporary folder. The columns that `name=value` folders stand for are columns.
    Raises DataError for whatever is wrong.
    """
    if is_delta(path):
        return _scan_delta(path)
    files = members(path)
    kind = kind_of_file(files[0])
    frames = SCANS[kind](files, path)
    try:
        frames.collect_schema()
    except TROUBLE as error:
        raise unreadable(str(path), error) from error
    return frames


def read(path: Path, columns: Sequence[str]) -> pl.DataFrame:
    """Read the named columns of a data file, in this order; raises DataError, also for a column that is not there."""
    frame = scan(path)
    present = frame.collect_schema().names()
    for column in columns:
        if column not in present:
            raise DataError(
                f"{path} has no column {column!r}; it has {listed(present)}",
                hint=f"correct the configured name, or add the column to the file{nearest(column, present)}",
            )
    return collect(frame.select(list(dict.fromkeys(columns))), str(path))


def collect(frame: pl.LazyFrame, file: str) -> pl.DataFrame:
    """Run a query; raises DataError that names `file` where its bytes turn out to be damaged."""
    try:
        return frame.collect(engine="streaming")
    except TROUBLE as error:
        raise unreadable(file, error) from error


def collect_all(frames: Sequence[pl.LazyFrame], file: str) -> list[pl.DataFrame]:
    """Run several queries on the same data at once; raises DataError that names `file`, as `collect` does."""
    try:
        return pl.collect_all(list(frames), engine="streaming")
    except TROUBLE as error:
        raise unreadable(file, error) from error


def _scan_parquet(files: Sequence[Path], path: Path) -> pl.LazyFrame:
    hive = len(files) > 1 or files[0] != path
    return pl.scan_parquet(list(files), glob=False, hive_partitioning=hive)


def _scan_arrow(files: Sequence[Path], path: Path) -> pl.LazyFrame:
    hive = len(files) > 1 or files[0] != path
    return pl.scan_ipc(list(files), hive_partitioning=hive)


def _scan_text(files: Sequence[Path], path: Path) -> pl.LazyFrame:
    frames = [_parsed(str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files]
    if len(frames) == 1:
        return frames[0]
    try:
        return pl.concat(frames, how="vertical_relaxed")
    except TROUBLE as error:
        raise unreadable(str(path), error) from error


@cache
def _parsed(name: str, _changed: int, size: int) -> pl.LazyFrame:
    """Parse a text file once in a process, however often it is asked for."""
    path = Path(name)
    csv = kind_of_file(path) == "csv"
    try:
        lines = scan_csv(path) if csv else pl.scan_ndjson(path, infer_schema_length=None)
        frame = _kept(lines) if size > LARGE else lines.collect().lazy()
        last = frame.collect_schema().names()[-1:]
        # polars fills a short line with nulls without a word; without a null at the end there is no short line
        short = csv and bool(last) and frame.select(pl.col(last).null_count()).collect().item() > 0
    except TROUBLE as error:
        raise (ragged(path) if csv else None) or unreadable(name, error) from error
    problem = ragged(path) if short else None
    if problem is not None:
        raise problem
    return frame


def _kept(lines: pl.LazyFrame) -> pl.LazyFrame:
    copy = Path(_scratch(), f"{len(list(Path(_scratch()).iterdir()))}.parquet")
    lines.sink_parquet(copy)
    return pl.scan_parquet(copy)


@cache
def _scratch() -> str:
    folder = tempfile.mkdtemp(prefix="mlgate-data-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _scan_delta(path: Path) -> pl.LazyFrame:
    try:
        frame = pl.scan_delta(str(path))
        frame.collect_schema()
    except ImportError as error:
        raise DataError(f"{path} is a Delta table, and deltalake is not installed", hint=install("delta")) from error
    except Exception as error:  # deltalake's errors have no common class
        raise unreadable(str(path), error) from error
    return frame


SCANS: dict[str, Callable[[Sequence[Path], Path], pl.LazyFrame]] = {
    "parquet": _scan_parquet,
    "arrow": _scan_arrow,
    "csv": _scan_text,
    "jsonl": _scan_text,
}
