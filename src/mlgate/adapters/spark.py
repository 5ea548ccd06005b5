"""Apache Spark as the commands use it: a session that counts in UTC, and data as it reads them."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mlgate.config.address import shown, without_secrets
from mlgate.data.files.members import SUFFIXES, is_delta, kind_of_file, members
from mlgate.data.files.trouble import first_line, unreadable
from mlgate.errors import ConfigError, DataError, install

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import DataFrame

KINDS = {"parquet": "parquet", "csv": "csv", "jsonl": "json"}  # in Spark's words
SETTINGS: dict[str, bool | float | int | str | None] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",  # A and a are two columns
}
# a line that is not like the others is an error, and a quote within quotes is written twice, as polars reads CSV
OPTIONS = {"mode": "FAILFAST", "header": "true", "inferSchema": "true", "escape": '"', "multiLine": "true"}


@contextmanager
def spark_frame(data: str | Path) -> Iterator[DataFrame]:
    """Open data, of which Spark reads URLs itself, where SPARK_REMOTE or spark-submit says, else on this machine.

    Raises ConfigError where pyspark is not installed, DataError for what Spark cannot read, then or later.
    """
    try:
        from py4j.protocol import Py4JError  # type: ignore[import-untyped]
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ConfigError(
            "the engine spark needs pyspark, which is not installed here", hint=install("spark")
        ) from error
    kind, where = _for_spark(data)
    if kind is None:
        raise DataError(f"{data}: Spark reads no Arrow files", hint="use --engine polars, or write Parquet")
    options = OPTIONS if kind == "csv" else {"mode": "FAILFAST"} if kind == "json" else {}
    session = SparkSession.builder.appName("mlgate").config(map=SETTINGS).getOrCreate()
    try:
        yield session.read.format(kind).options(**options).load(where)
    except PySparkException as error:
        raise _unreadable(data, first_line(error)) from error
    except Py4JError as error:  # what the JVM throws and pyspark has no class for; its first line says nothing
        lines = str(error).splitlines()
        raise _unreadable(data, lines[min(1, len(lines) - 1)].lstrip(": ")) from error


def _for_spark(data: str | Path) -> tuple[str | None, str]:
    """Return kind and place in Spark's words; a URL, whose folders are Parquet, is Spark's to find."""
    if isinstance(data, Path):
        kind = "delta" if is_delta(data) else KINDS.get(kind_of_file(members(data)[0]))
        return kind, str(data.absolute())
    name = Path(shown(data)).name.lower()
    return next((KINDS.get(kind) for suffix, kind in SUFFIXES.items() if name.endswith(suffix)), "parquet"), data


def is_typed(data: str | Path) -> bool:
    """Whether data says of which types its columns are, rather than Spark inferring them from text."""
    return _for_spark(data)[0] != "csv"


def _unreadable(data: str | Path, why: str) -> DataError:
    return unreadable(shown(str(data)), RuntimeError(without_secrets(why, str(data))))
