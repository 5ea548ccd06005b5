"""Classes: their names, and what a model's answer about several of them looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlgate.evaluation.paired import Floats

PROBABILITY = "probability:"


def as_classes(values: pl.Series) -> pl.Series | None:
    """Return the names of classes as text, whole numbers without a point; None where values cannot be names."""
    if values.dtype.is_nested() or values.dtype in {pl.Object, pl.Unknown, pl.Binary}:
        return None
    if values.dtype.is_float():
        whole = values.cast(pl.Int64, strict=False)
        if not bool((whole.cast(pl.Float64) == values).fill_null(value=False).all()):
            return None
        values = whole
    if values.dtype == pl.Boolean:
        return values.cast(pl.Int8).cast(pl.String)
    return values.cast(pl.String)


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Sort names of classes, numbers by their size."""
    distinct = set(names)
    try:
        return tuple(sorted(distinct, key=int))
    except ValueError:
        return tuple(sorted(distinct))


def probability_columns(frame: pl.DataFrame) -> dict[str, str]:
    """Return the columns of probabilities by class."""
    return {name.removeprefix(PROBABILITY): name for name in frame.columns if name.startswith(PROBABILITY)}


def codes(names: pl.Series, classes: tuple[str, ...]) -> Floats:
    """Return the classes of rows as their places among `classes`, (n,) float64."""
    numbers = {name: float(number) for number, name in enumerate(classes)}
    return names.replace_strict(numbers, return_dtype=pl.Float64).to_numpy()


def matrix(frame: pl.DataFrame, classes: tuple[str, ...]) -> Floats | None:
    """Return the probabilities (n, K) of the classes, 0 for a class without a column; None where no class has one."""
    columns = probability_columns(frame)
    if not columns:
        return None
    zero = np.zeros(frame.height)
    found = [frame.get_column(columns[name]).to_numpy() if name in columns else zero for name in classes]
    return np.column_stack(found)
