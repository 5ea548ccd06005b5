"""Make a profile of data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from mlgate.data.files.read import collect
from mlgate.data.profile.counts import count
from mlgate.data.profile.profile import Profile
from mlgate.data.profile.shapes import shapes_of
from mlgate.data.profile.sketch import HASHED, sketches, sketches_of

if TYPE_CHECKING:
    from collections.abc import Collection

SAMPLE = 100_000  # rows that bins are chosen on
PIECES = 32  # places of the data that they come from


def profile(frame: pl.LazyFrame, *, ignore: Collection[str] = (), sketched: bool = True) -> Profile:
    """Profile every column of `frame` but those to `ignore`.

    Reads a sample, then all rows once, and with `sketched` once more for the sketches of distinct values; memory does
    not grow with the rows. Raises DataError where the file's bytes turn out to be damaged.
    """
    rows = int(collect(frame.select(pl.len()), "the data").item())
    kept = frame.select(pl.all().exclude(list(ignore))) if ignore else frame
    sample = take_sample(kept, rows)
    shapes = shapes_of(sample)
    counted = count(kept, shapes)
    if not sketched:
        return Profile(rows=rows, columns=counted)
    named = [name for name, shape in shapes.items() if shape.kind != "other"]
    hashes = sketches_of(sample, named) if rows <= SAMPLE else sketches(kept, sample, named)
    columns = {name: column.model_copy(update={"sketch": hashes.get(name, ())}) for name, column in counted.items()}
    return Profile(rows=rows, columns=columns, hashed=HASHED)


def take_sample(frame: pl.LazyFrame, rows: int) -> pl.DataFrame:
    """Read about SAMPLE rows, from PIECES places, without a look at the others where the file allows it."""
    if rows <= SAMPLE:
        return collect(frame, "the data")
    length = -(-SAMPLE // PIECES)
    starts = [round(piece * (rows - length) / (PIECES - 1)) for piece in range(PIECES)]
    return collect(pl.concat([frame.slice(start, length) for start in starts]), "the data")
