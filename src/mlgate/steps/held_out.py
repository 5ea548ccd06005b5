"""Read of the held-out rows what a comparison needs: who they are, what slices are by, and a few columns more."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mlgate.data.files.read import read, scan
from mlgate.evaluation.hints import COLUMNS
from mlgate.evaluation.slices import columns_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from mlgate.config.data import RowColumns
    from mlgate.config.model import Gate


@contextmanager
def readable_file(path: Path) -> Iterator[Path]:
    """Yield a file that pandas reads by itself: `path`, or of any other kind and of several files a Parquet copy."""
    if path.is_file() and path.name.lower().endswith((".parquet", ".csv", ".csv.gz")):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="mlgate-") as scratch:
        copy = Path(scratch, "held_out.parquet")
        scan(path).sink_parquet(copy)
        yield copy


def read_held_out(path: Path, data: RowColumns, gate: Gate, *, more: tuple[str, ...] = ()) -> pl.DataFrame:
    """Read the columns that `data` and the gate name, `more`, and for hints the first others.

    Raises DataError for a file that cannot be read or lacks a named column.
    """
    named = list(dict.fromkeys([*data.about_rows, *columns_of(gate), *more]))
    others = [name for name in scan(path).collect_schema().names() if name not in named] if gate.hints else []
    return read(path, [*named, *others[:COLUMNS]])
