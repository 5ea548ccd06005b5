"""Profile data, in bins of its own or in those of another profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.adapters.spark import spark_frame
from mlgate.data.files.read import scan
from mlgate.data.profile.counts import count
from mlgate.data.profile.kept import read_profile
from mlgate.data.profile.kinds import fits
from mlgate.data.profile.profile import Profile
from mlgate.data.profile.profiling import profile
from mlgate.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


def make_profile(path: Path, *, like: Path | None = None, ignore: Collection[str] = ()) -> Profile:
    """Profile the data at `path`; raises DataError for what cannot be read, or not be counted in the bins of `like`."""
    frame = scan(path)
    if like is None:
        return profile(frame, ignore=ignore)
    known, types = read_profile(like), frame.collect_schema()
    shapes = {name: column for name, column in known.columns.items() if name not in set(ignore)}
    other = sorted(name for name, column in shapes.items() if name not in types or not fits(column.kind, types[name]))
    if other:
        raise DataError(
            f"{path} cannot be counted in the bins of {like}: {other[0]!r} is missing or of another type",
            hint="leave the column out with --ignore, or make a profile without --like",
        )
    counted = count(frame, shapes)
    rows = next((column.rows for column in counted.values()), 0)
    return Profile(rows=rows, columns={name: one.model_copy(update={"sketch": ()}) for name, one in counted.items()})


def profile_on_spark(data: str | Path, *, like: Path | None = None, ignore: Collection[str] = ()) -> Profile:
    """Profile data by Apache Spark, which reads URLs itself: only sums leave the cluster; without distinct values.

    Raises ConfigError where pyspark is not installed, DataError for what Spark cannot read or count.
    """
    known = None if like is None else read_profile(like)
    with spark_frame(data) as frame:
        from mlgate.data.profile import spark

        return spark.profile(frame, like=known, ignore=ignore)
