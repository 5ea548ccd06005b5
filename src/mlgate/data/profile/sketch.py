"""Sketches of how many different values there are, which add up where parts of the data do."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import polars as pl

from mlgate.data.files.read import collect_all
from mlgate.data.profile.profile import SIZE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

SEED = 20130501
AT_ONCE = 200  # columns in one pass; of thousands of queries at once the planning takes longer than the counting
HASHED = f"polars {pl.__version__}"  # polars may change its hashes with any version


def sketches_of(rows: pl.DataFrame, names: Collection[str]) -> dict[str, tuple[int, ...]]:
    """Keep the SIZE smallest hashes of every named column of rows that are in memory."""
    return {name: tuple(_smallest(rows[name]).sort().to_list()) for name in names}


def sketches(frame: pl.LazyFrame, sample: pl.DataFrame, names: Collection[str]) -> dict[str, tuple[int, ...]]:
    """Keep the SIZE smallest hashes of every named column, in one pass over `frame`.

    The sample tells which hashes are too large to be among them, so that few are kept on the way.
    """
    kept: dict[str, tuple[int, ...]] = {}
    for some in batched(names, AT_ONCE):
        found = collect_all([_small(frame, name, _limit(sample[name])) for name in some], "the data")
        for name, hashes in zip(some, found, strict=True):
            kept[name] = tuple(hashes.to_series().sort().head(SIZE).to_list())
    return kept


def batched(names: Iterable[str], size: int) -> Iterator[tuple[str, ...]]:
    """Yield names in tuples of `size` (itertools.batched of Python 3.12)."""
    left = iter(names)
    while some := tuple(islice(left, size)):
        yield some


def _limit(values: pl.Series) -> int | None:
    smallest = _smallest(values)
    return None if len(smallest) < SIZE else int(smallest.max())  # type: ignore[arg-type]


def _smallest(values: pl.Series) -> pl.Series:
    return values.drop_nulls().hash(SEED).unique().bottom_k(SIZE)


def _small(frame: pl.LazyFrame, name: str, limit: int | None) -> pl.LazyFrame:
    hashes = frame.select(pl.col(name).drop_nulls().hash(SEED).alias("hash"))
    return (hashes if limit is None else hashes.filter(pl.col("hash") <= limit)).unique()
