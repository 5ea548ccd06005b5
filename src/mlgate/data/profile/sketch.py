"""Sketches of how many different values there are, which add up where parts of the data do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from mlgate.data.files.read import collect_all
from mlgate.data.profile.profile import SIZE

if TYPE_CHECKING:
    from collections.abc import Collection

SEED = 20130501
HASHED = f"polars {pl.__version__}"  # polars may change its hashes with any version


def sketches(frame: pl.LazyFrame, sample: pl.DataFrame, names: Collection[str]) -> dict[str, tuple[int, ...]]:
    """Keep the SIZE smallest hashes of every named column, in one pass over `frame`.

    The sample tells which hashes are too large to be among them, so that few are kept on the way.
    """
    found = collect_all([_small(frame, name, _limit(sample[name])) for name in names], "the data")
    return {
        name: tuple(hashes.to_series().sort().head(SIZE).to_list()) for name, hashes in zip(names, found, strict=True)
    }


def _limit(values: pl.Series) -> int | None:
    smallest = values.drop_nulls().hash(SEED).unique().bottom_k(SIZE)
    return None if len(smallest) < SIZE else int(smallest.max())  # type: ignore[arg-type]


def _small(frame: pl.LazyFrame, name: str, limit: int | None) -> pl.LazyFrame:
    hashes = frame.select(pl.col(name).drop_nulls().hash(SEED).alias("hash"))
    return (hashes if limit is None else hashes.filter(pl.col("hash") <= limit)).unique()
