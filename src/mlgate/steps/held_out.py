"""Read of the held-out rows what a comparison needs: who they are, what slices are by, and a few columns more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.data.files.read import read, scan
from mlgate.evaluation.hints import COLUMNS
from mlgate.evaluation.slices import columns_of

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from mlgate.config.model import Gate, RowColumns


def read_held_out(path: Path, data: RowColumns, gate: Gate, *, more: tuple[str, ...] = ()) -> pl.DataFrame:
    """Read the columns that `data` and the gate name, `more`, and for hints the first others.

    Raises DataError for a file that cannot be read or lacks a named column.
    """
    named = list(dict.fromkeys([*data.about_rows, *columns_of(gate), *more]))
    others = [name for name in scan(path).collect_schema().names() if name not in named] if gate.hints else []
    return read(path, [*named, *others[:COLUMNS]])
