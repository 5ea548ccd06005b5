"""Count all rows in given bins, in one pass and in memory that does not grow with the rows."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from mlgate.data.files.read import collect
from mlgate.data.profile.kinds import read_values
from mlgate.data.profile.profile import ORDERED
from mlgate.data.profile.sketch import SEED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mlgate.data.profile.profile import ColumnProfile


def count(frame: pl.LazyFrame, shapes: Mapping[str, ColumnProfile]) -> dict[str, ColumnProfile]:
    """Return the shapes with the rows of `frame` counted in their bins; raises DataError on damaged bytes."""
    types = frame.collect_schema()
    told = [name for name, shape in shapes.items() if shape.categories and shape.kind not in ORDERED]
    prefix = "#" * (1 + max((len(name) for name in types), default=0))  # that no column of the file begins with
    places = {name: f"{prefix}{number}" for number, name in enumerate(told)}
    # 64 bits of a text are compared seven times as fast as the text
    hashes = [
        read_values(name, types[name], shapes[name].kind).hash(SEED).alias(place) for name, place in places.items()
    ]
    asked = [
        expression
        for name, shape in shapes.items()
        for expression in _asked(name, types[name], shape, places.get(name))
    ]
    # numbered, because a file may hold a column of any name
    query = frame.with_columns(hashes).select(
        expression.alias(str(index)) for index, expression in enumerate([pl.len(), *asked])
    )
    rows, *numbers = collect(query, "the data").row(0)
    left = iter(numbers)
    counted = {name: read_counts(shape, int(rows), left) for name, shape in shapes.items()}
    endless = [name for name, column in counted.items() if math.inf in {column.maximum, -(column.minimum or 0)}]
    return counted | _without_infinities(frame, {name: counted[name] for name in endless})


def _without_infinities(frame: pl.LazyFrame, columns: Mapping[str, ColumnProfile]) -> dict[str, ColumnProfile]:
    """Take the infinities out of the outer bins; they are rare, and asking every column for them takes its time."""
    if not columns:
        return {}
    values = {name: pl.col(name) for name in columns}
    finite = {name: pl.when(value.is_finite()).then(value) for name, value in values.items()}
    query = frame.select(
        expression.alias(f"{index} {what}")
        for index, (name, value) in enumerate(values.items())
        for what, expression in {
            "above": (value == math.inf).sum(),
            "below": (value == -math.inf).sum(),
            "minimum": finite[name].min(),
            "maximum": finite[name].max(),
        }.items()
    )
    found = collect(query, "the data").row(0, named=True)
    return {
        name: _freed(column, *(found[f"{index} {what}"] for what in ("above", "below", "minimum", "maximum")))
        for index, (name, column) in enumerate(columns.items())
    }


def _freed(
    column: ColumnProfile, above: int, below: int, minimum: float | None, maximum: float | None
) -> ColumnProfile:
    counts = list(column.counts)
    counts[0] -= below
    counts[-1] -= above
    changed = {"counts": tuple(counts), "infinite": above + below, "minimum": minimum, "maximum": maximum}
    return column.model_copy(update=changed)


def _asked(name: str, dtype: pl.DataType, shape: ColumnProfile, hashed: str | None) -> Iterator[pl.Expr]:
    """Yield what `read_counts` reads, in its order; `hashed` is the column of the texts' hashes."""
    yield pl.col(name).null_count()
    if shape.kind == "other":
        return
    value = read_values(name, dtype, shape.kind)
    if shape.kind not in ORDERED:
        told = pl.Series(shape.categories, dtype=pl.String).hash(SEED)
        yield from ((pl.col(hashed or "") == number).sum() for number in told)
        yield from ((value <= split).sum() for split in shape.splits)
        return
    yield value.is_nan().sum() if shape.kind == "number" and dtype.is_float() else pl.lit(0)
    yield from (value.min(), value.max())
    yield from ((value <= edge).sum() for edge in shape.edges)


def read_counts(shape: ColumnProfile, rows: int, numbers: Iterator[float | None]) -> ColumnProfile:
    """Make a profile of the numbers of one column.

    They are: nulls; for what is ordered NaNs, minimum, maximum, and how many are at most each edge; for categories how
    many are each, and how many are at most each split. Infinities are in the outer bins yet.
    """

    def whole() -> int:
        return int(next(numbers) or 0)

    nulls = whole()
    if shape.kind == "other":
        return shape.model_copy(update={"nulls": nulls, "counts": (rows - nulls,)})
    if shape.kind not in ORDERED:
        each = [whole() for _ in shape.categories]
        told = list(zip(shape.categories, each, strict=True))
        others = [
            whole() - sum(number for category, number in told if _at_most(category, split)) for split in shape.splits
        ]
        up_to = [0, *others, rows - nulls - sum(each)]
        return shape.model_copy(
            update={"nulls": nulls, "counts": (*each, *(high - low for low, high in pairwise(up_to)))}
        )
    nans, minimum, maximum = whole(), next(numbers), next(numbers)
    up_to = [0, *(whole() for _ in shape.edges), rows - nulls - nans]
    return shape.model_copy(
        update={
            "nulls": nulls,
            "nans": nans,
            "minimum": _number(minimum),
            "maximum": _number(maximum),
            "counts": tuple(high - low for low, high in pairwise(up_to)),
        }
    )


def _at_most(category: str, split: str) -> bool:
    return category.encode() <= split.encode()


def _number(value: float | None) -> float | None:
    """Return a minimum or maximum as a float; that of nothing but NaNs is none."""
    return None if value is None or math.isnan(value) else float(value)
