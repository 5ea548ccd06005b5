"""Labels: two files that hold the same rows must agree on what is true of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.evaluation.keys import error
from mlgate.evaluation.wording import count, listed

if TYPE_CHECKING:
    import polars as pl

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
        joined = joined.with_columns(joined["ours"].cast(float), joined["theirs"].cast(float))
    wrong = joined.filter(joined["ours"] != joined["theirs"]).get_column(key)
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
