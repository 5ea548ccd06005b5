"""Labels: two files that hold the same rows must agree on what is true of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from mlgate.evaluation.keys import error
from mlgate.evaluation.wording import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlgate.config.data import RowColumns
    from mlgate.verdict import Finding


def disagreement(ours: pl.DataFrame, theirs: pl.DataFrame, columns: RowColumns) -> Finding | None:
    """Return the finding for rows whose labels differ, in two frames that were paired by key; None where none do."""
    key, label = columns.key, columns.label
    if _same(ours.select(key, label).sort(key), theirs.select(key, label).sort(key)):
        return None
    mine = ours.select(key, ours.get_column(label).alias("ours"))
    other = theirs.select(theirs.get_column(key).cast(ours.schema[key]), theirs.get_column(label).alias("theirs"))
    joined = mine.join(other, on=key)
    if joined.schema["ours"].is_numeric() != joined.schema["theirs"].is_numeric():
        kinds = (joined.schema["ours"], joined.schema["theirs"])
        numbers = all(kind.is_numeric() or kind == pl.Boolean for kind in kinds)
        joined = joined.with_columns(pl.col("ours", "theirs").cast(pl.Float64 if numbers else pl.String))
    wrong = joined.filter(pl.col("ours").ne_missing(pl.col("theirs"))).get_column(key)
    if wrong.is_empty():
        return None
    return error(
        "held-out rows",
        "labels_disagree",
        f"{count(len(wrong), 'row')} with another label in production's file "
        f"(key {listed(wrong.head(3).to_list(), len(wrong))}); score both models on the same labelled rows",
    )


def _same(ours: pl.DataFrame, theirs: pl.DataFrame) -> bool:
    """Whether two ordered frames hold the same in the same types, which is the usual case and needs no join."""
    return ours.schema == theirs.schema and ours.equals(theirs)


def differing(ours: pl.DataFrame, theirs: pl.DataFrame, key: str, columns: Iterable[str]) -> list[str]:
    """List the columns, of those that both frames have, whose values differ on some row that both have."""
    common = [name for name in dict.fromkeys(columns) if name in theirs.columns and name != key]
    if not common or ours.schema[key] != theirs.schema[key]:
        return []
    mine, other = (frame.unique(key).sort(key) for frame in (ours, theirs))
    if not mine.get_column(key).equals(other.get_column(key)):
        return []
    return [
        name
        for name in common
        if mine.schema[name] != other.schema[name]
        or not mine.get_column(name).equals(other.get_column(name), null_equal=True)
    ]
