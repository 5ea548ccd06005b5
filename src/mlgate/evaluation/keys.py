"""Keys: whether a column can identify rows, and how two key columns meet."""

from __future__ import annotations

import polars as pl

from mlgate.evaluation.wording import count, listed
from mlgate.verdict import Finding, Outcome


def error(rule: str, reason: str, sentence: str) -> Finding:
    """Make the finding for rows that cannot be judged at all."""
    return Finding(rule=rule, outcome=Outcome.ERROR, reason=reason, sentence=sentence)


def read_keys(frame: pl.DataFrame, column: str, *, rule: str) -> pl.Series | Finding:
    """Return the key column, named `key`, once it is there, whole and unique; else the finding that says why not."""
    if column not in frame.columns:
        return error(rule, "missing_column", f"no key column {column!r}; {_columns(frame)}")
    if frame.height == 0:
        return error(rule, "empty", "there are no rows; give at least one row a model can be judged on")
    keys = frame.get_column(column).alias("key")
    if keys.dtype.is_nested() or keys.dtype in {pl.Object, pl.Unknown}:
        return error(
            rule, "key_type", f"key column {column!r} holds {keys.dtype}; a key is a number, a text or a point in time"
        )
    if keys.dtype in {pl.Categorical, pl.Enum}:
        keys = keys.cast(pl.String)
    return _whole(keys, column, rule)


def meet(keys: pl.Series, other: pl.Series) -> pl.Series | None:
    """Return `keys` in the type of `other`, or None where the two types cannot name the same rows."""
    mine, theirs = keys.dtype, other.dtype
    if mine == theirs:
        return keys
    integers = mine.is_integer() and theirs.is_integer()
    floats = mine.is_float() and theirs.is_float()
    moments = isinstance(mine, pl.Datetime) and isinstance(theirs, pl.Datetime) and mine.time_zone == theirs.time_zone
    if not (integers or floats or moments):
        return None
    # a key that does not fit the other type becomes null: it is then reported as matching no row
    cast = keys.cast(theirs, strict=False)
    return cast if cast.drop_nulls().n_unique() == len(cast) - cast.null_count() else None


def _whole(keys: pl.Series, column: str, rule: str) -> pl.Series | Finding:
    absent = keys.is_null()
    if keys.dtype.is_float():
        absent = absent | keys.is_nan().fill_null(value=False)
    if absent.any():
        rows = absent.arg_true().head(3).to_list()
        total = int(absent.sum())
        return error(
            rule,
            "null_keys",
            f"{count(total, 'row')} without a value in key column {column!r}, counted from 0: {listed(rows, total)}; "
            "give every row a key",
        )
    if keys.n_unique() < len(keys):
        repeated = keys.filter(keys.is_duplicated())
        distinct = repeated.unique(maintain_order=True)
        return error(
            rule,
            "duplicate_keys",
            f"{count(len(distinct), 'key')} of column {column!r} on more than one row ({count(len(repeated))} of "
            f"{count(len(keys), 'row')}): {listed(distinct.head(3).to_list(), len(distinct))}; make the key unique",
        )
    return keys


def _columns(frame: pl.DataFrame) -> str:
    return f"the columns are {listed(frame.columns, frame.width)}" if frame.columns else "there are no columns"
