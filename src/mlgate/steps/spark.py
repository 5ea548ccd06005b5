"""Apache Spark as the commands use it: a session that counts in UTC, and data as it reads them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from mlgate.data.files.members import is_delta, kind_of_file, members
from mlgate.data.files.trouble import unreadable
from mlgate.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyspark.sql import DataFrame

KINDS = {"parquet": "parquet", "csv": "csv", "jsonl": "json"}  # in Spark's words
SETTINGS: dict[str, bool | float | int | str | None] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",  # A and a are two columns
}
# a line that is not like the others is an error, and a quote within quotes is written twice, as polars reads CSV
OPTIONS = {"mode": "FAILFAST", "header": "true", "inferSchema": "true", "escape": '"', "multiLine": "true"}


@contextmanager
def spark_frame(path: Path) -> Iterator[DataFrame]:
    """Open data where SPARK_REMOTE or spark-submit says, else on this machine.

    Raises ConfigError where pyspark is not installed, DataError for what Spark cannot read, then or later.
    """
    try:
        from py4j.protocol import Py4JError  # type: ignore[import-untyped]
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ConfigError(
            "the engine spark needs pyspark, which is not installed here", hint="pip install 'mlgate[spark]'"
        ) from error
    kind = "delta" if is_delta(path) else KINDS.get(kind_of_file(members(path)[0]))
    if kind is None:
        raise DataError(f"{path}: Spark reads no Arrow files", hint="use --engine polars, or write Parquet")
    options = OPTIONS if kind == "csv" else {"mode": "FAILFAST"} if kind == "json" else {}
    session = SparkSession.builder.appName("mlgate").config(map=SETTINGS).getOrCreate()
    try:
        yield session.read.format(kind).options(**options).load(str(path.absolute()))
    except PySparkException as error:
        raise unreadable(str(path), error) from error
    except Py4JError as error:  # what the JVM throws and pyspark has no class for; its first line says nothing
        lines = str(error).splitlines()
        raise unreadable(str(path), RuntimeError(lines[min(1, len(lines) - 1)].lstrip(": "))) from error
