"""Make a profile of a data file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from mlgate.data.files.read import collect
from mlgate.data.profile.bins import count_bins, edges_of, kind_of, read_values
from mlgate.data.profile.profile import ColumnProfile, Profile

if TYPE_CHECKING:
    from collections.abc import Collection

    from mlgate.data.profile.profile import Kind

TOP = 20  # categories that are told apart; all others share one bin
LONGEST = 100  # characters; a longer category shares that bin, so that no text of the data fills the profile
SAMPLE = 100_000  # rows that bin edges come from; the counts come from all rows


def profile(frame: pl.LazyFrame, *, ignore: Collection[str] = ()) -> Profile:
    """Profile every column of `frame` but those to `ignore`.

    Memory: a sample of the rows, for the bin edges. Raises DataError where the file's bytes turn out to be damaged.
    """
    kinds = {name: kind_of(dtype) for name, dtype in frame.collect_schema().items() if name not in set(ignore)}
    types = frame.collect_schema()
    rows = int(collect(frame.select(pl.len()), "the data").item())
    edges = _edges(frame, kinds, rows)
    shapes = {
        name: ColumnProfile(
            kind=kind,
            dtype=str(types[name]),
            nulls=0,
            edges=edges.get(name, ()),
            categories=_categories(frame, name, kind),
        )
        for name, kind in kinds.items()
    }
    counted = count_bins(frame, shapes)
    return Profile(
        rows=rows, columns={name: shapes[name].model_copy(update=counted[name].as_fields()) for name in shapes}
    )


def _edges(frame: pl.LazyFrame, kinds: dict[str, Kind], rows: int) -> dict[str, tuple[float, ...]]:
    ordered = [name for name, kind in kinds.items() if kind in {"number", "time"}]
    if not ordered or not rows:
        return {}
    types = frame.collect_schema()
    values = frame.select(read_values(name, types[name], kinds[name]).alias(name) for name in ordered)
    sample = collect(values.gather_every(-(-rows // SAMPLE)), "the data")
    return {name: edges_of(sample[name]) for name in ordered}


def _categories(frame: pl.LazyFrame, name: str, kind: Kind) -> tuple[str, ...]:
    if kind == "boolean":
        return ("false", "true")
    if kind != "category":
        return ()
    counted = (
        frame.select(pl.col(name).cast(pl.String).alias("value"))
        .filter(pl.col("value").str.len_chars() <= LONGEST)
        .group_by("value")
        .len("count")
        .sort("count", "value", descending=[True, False])
        .head(TOP)
    )
    return tuple(collect(counted, "the data")["value"].to_list())
