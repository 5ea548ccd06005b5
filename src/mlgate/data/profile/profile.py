"""A profile: what a column's values looked like, in a few kilobytes, so that later data can be compared with it."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from mlgate.verdict import Value

if TYPE_CHECKING:
    from collections.abc import Iterable

Kind = Literal["number", "category", "text", "boolean", "time", "other"]
Count = Annotated[int, Field(ge=0, le=2**63)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
ORDERED = frozenset({"number", "time", "text"})
TOLD_APART = frozenset({"category", "boolean"})
MOST_BINS = 1000


class ColumnProfile(Value):
    """One column. `counts` has one entry a bin: nulls, NaNs and infinities have bins of their own.

    Numbers, times (microseconds since 1970) and texts (their characters): bin i holds edges[i-1] < value <= edges[i];
    the outer bins are open, and reach to the finite `minimum` and `maximum`. Categories and booleans: one bin for each
    of `categories`, then one for each range of the other values, in the order of their UTF-8 bytes, up to each of
    `splits` and beyond the last. `sketch` holds the smallest hashes of the values.
    """

    kind: Kind
    dtype: str
    nulls: Count = 0
    nans: Count = 0
    infinite: Count = 0
    edges: Annotated[tuple[Finite, ...], Field(max_length=MOST_BINS)] = ()
    categories: Annotated[tuple[str, ...], Field(max_length=MOST_BINS)] = ()
    splits: Annotated[tuple[str, ...], Field(max_length=MOST_BINS)] = ()
    counts: tuple[Count, ...] = ()
    minimum: Finite | None = None
    maximum: Finite | None = None
    sketch: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problem = self._of_bins() or self._of_counts()
        if problem:
            raise ValueError(problem)
        return self

    def _of_bins(self) -> str | None:
        if self.kind not in ORDERED and self.edges:
            return f"a column of kind {self.kind} has no edges"
        if self.kind not in TOLD_APART and (self.categories or self.splits):
            return f"a column of kind {self.kind} has no categories"
        if not all(low < high for low, high in pairwise(self.edges)):
            return "edges must rise"
        if len(set(self.categories)) < len(self.categories):
            return "no category may stand twice"
        marks = [split.encode("utf-8", "surrogatepass") for split in self.splits]
        return None if all(low < high for low, high in pairwise(marks)) else "splits must rise"

    def _of_counts(self) -> str | None:
        bins = 1 if self.kind == "other" else len(self.edges) + len(self.categories) + len(self.splits) + 1
        if self.counts and len(self.counts) != bins:
            return f"{len(self.counts)} counts for {bins} bins"
        return None

    @property
    def bins(self) -> tuple[int, ...]:
        """All bins, in one order for this profile and for whatever is compared with it."""
        return (*self.counts, self.nulls, self.nans, self.infinite)

    @property
    def rows(self) -> int:
        """How many rows were counted."""
        return sum(self.bins)

    @property
    def shape(self) -> tuple[Kind, tuple[float, ...], tuple[str, ...], tuple[str, ...]]:
        """What must be the same in two profiles for their counts to be of the same bins."""
        return self.kind, self.edges, self.categories, self.splits

    @property
    def others(self) -> int:
        """How many rows hold a category that is not told apart."""
        return sum(self.counts[len(self.categories) :])

    @property
    def is_constant(self) -> bool:
        """Whether all rows are known to hold one value, or none."""
        filled = sum(count > 0 for count in self.bins)
        if self.kind in ORDERED and self.counts and sum(self.counts):
            return filled == 1 and self.minimum == self.maximum
        return filled <= 1 and (self.kind == "boolean" or not self.others)


class Profile(Value):
    """The profile of a file's columns, by name; `hashed` names the function whose hashes the sketches hold."""

    format: Literal[2] = 2
    rows: Count
    columns: dict[str, ColumnProfile]
    hashed: str = ""

    @model_validator(mode="after")
    def _counts_every_row(self) -> Self:
        for name, column in self.columns.items():
            if column.rows != self.rows:
                raise ValueError(f"column {name[:80]!r} counts {column.rows:,} of {self.rows:,} rows")
        return self


def merge(profiles: Iterable[Profile]) -> Profile:
    """Add up profiles of parts of the data, counted in the same bins: that of all parts together, to the last count.

    Associative and commutative. Raises ValueError where the bins differ, and for no profile at all.
    """
    return reduce(_both, profiles)


def _both(one: Profile, other: Profile) -> Profile:
    if one.columns.keys() != other.columns.keys():
        raise ValueError("the profiles are of different columns")
    sketched = one.hashed == other.hashed
    return Profile(
        rows=one.rows + other.rows,
        columns={name: _added(name, one.columns[name], other.columns[name], sketched) for name in one.columns},
        hashed=one.hashed if sketched else "",
    )


def _added(name: str, one: ColumnProfile, other: ColumnProfile, sketched: bool) -> ColumnProfile:  # noqa: FBT001
    if one.shape != other.shape or len(one.counts) != len(other.counts):
        raise ValueError(f"the profiles of {name!r} are counted in different bins")
    lowest = [value for value in (one.minimum, other.minimum) if value is not None]
    highest = [value for value in (one.maximum, other.maximum) if value is not None]
    return one.model_copy(
        update={
            "nulls": one.nulls + other.nulls,
            "nans": one.nans + other.nans,
            "infinite": one.infinite + other.infinite,
            "counts": tuple(mine + theirs for mine, theirs in zip(one.counts, other.counts, strict=True)),
            "minimum": min(lowest, default=None),
            "maximum": max(highest, default=None),
            "sketch": united(one.sketch, other.sketch) if sketched else (),
        }
    )


# a sketch of k hashes tells the number of distinct values to about 1 / sqrt(k): 6 %
SIZE = 256


def united(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    """Return the sketch of two parts together: the smallest hashes of either."""
    return tuple(sorted({*one, *other})[:SIZE])


def distinct(column: ColumnProfile) -> int | None:
    """Estimate how many different values a column has; None without a sketch.

    Exact below SIZE values. Beyond, (k - 1) / u for the k-th smallest hash u, as a share of all hashes: the k minimum
    values of Bar-Yossef et al. (2002), unbiased by Beyer et al. (2007), On synopses for distinct-value estimation.
    """
    if len(column.sketch) < SIZE:
        return len(column.sketch) or None
    return round((SIZE - 1) / (column.sketch[-1] / 2**64))
