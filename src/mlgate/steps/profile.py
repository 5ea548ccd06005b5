"""Profile data, in bins of its own or in those of another profile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mlgate.config.address import shown, without_secrets
from mlgate.data.files.members import kind_of_file, members
from mlgate.data.files.read import scan
from mlgate.data.files.trouble import WRITE_AGAIN, first_line
from mlgate.data.profile.counts import count
from mlgate.data.profile.kept import read_profile
from mlgate.data.profile.kinds import fits
from mlgate.data.profile.profile import Profile
from mlgate.data.profile.profiling import profile
from mlgate.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Collection

KINDS = {"parquet": "parquet", "csv": "csv", "jsonl": "json", "arrow": "arrow"}  # in Spark's words
OPTIONS = {"header": "true", "inferSchema": "true"}  # of CSV


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
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ConfigError(
            "the engine spark needs pyspark, which is not installed here", hint="pip install 'mlgate[spark]'"
        ) from error
    from mlgate.data.profile import spark

    known = None if like is None else read_profile(like)
    session = SparkSession.builder.appName("mlgate").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    try:
        kind, where = _for_spark(data)
        frame = session.read.format(kind).options(**OPTIONS).load(where)
        return spark.profile(frame, like=known, ignore=ignore)
    except PySparkException as error:
        raise DataError(
            f"{shown(str(data))} cannot be read: {without_secrets(first_line(error), str(data))}", hint=WRITE_AGAIN
        ) from error


def _for_spark(data: str | Path) -> tuple[str, str]:
    """Return kind and place in Spark's words; a URL, whose folders are Parquet, is Spark's to find."""
    if isinstance(data, Path):
        return KINDS[kind_of_file(members(data)[0])], str(data.absolute())
    name = Path(shown(data)).name
    return KINDS[kind_of_file(Path(name))] if "." in name else "parquet", data
