"""A profile: what a column's values looked like, in a few kilobytes, so that later data can be compared with it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mlgate.verdict import Value

Kind = Literal["number", "category", "boolean", "time", "other"]
Count = Annotated[int, Field(ge=0)]


class ColumnProfile(Value):
    """One column. `counts` has one entry a bin: nulls, NaNs and infinities have bins of their own.

    Numbers and times (microseconds since 1970): bin i holds edges[i-1] < value <= edges[i]; the outer bins are open.
    Categories and booleans: one bin for each of `categories`, then one for all other values.
    """

    kind: Kind
    dtype: str
    nulls: Count
    nans: Count = 0
    infinite: Count = 0
    edges: tuple[float, ...] = ()
    categories: tuple[str, ...] = ()
    counts: tuple[Count, ...] = ()

    @property
    def bins(self) -> tuple[int, ...]:
        """All bins, in one order for this profile and for whatever is compared with it."""
        return (*self.counts, self.nulls, self.nans, self.infinite)


class Profile(Value):
    """The profile of a file's columns, by name."""

    format: Literal[1] = 1
    rows: Count
    columns: dict[str, ColumnProfile]
