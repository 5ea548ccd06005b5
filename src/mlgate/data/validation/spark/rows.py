"""The offending rows on a cluster: counted there, a few of them fetched, named by their keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyspark.sql import Row, Window
from pyspark.sql import functions as F  # noqa: N812 (Spark's own convention)
from pyspark.sql import types as T  # noqa: N812

from mlgate.data.profile.spark import named
from mlgate.data.validation.rows import CLAMP, Judged, clamp, shown
from mlgate.records import BadRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import Column, DataFrame

WITHOUT_ORDER = (T.MapType, T.VariantType, T.ArrayType, T.StructType)


@dataclass(frozen=True, kw_only=True)
class SparkRows(Judged):
    """One frame's rows; Spark knows no order of them, so that the examples are the first by their key."""

    frame: DataFrame

    def where(self, bad: Column, columns: Sequence[str]) -> tuple[BadRow, ...]:
        """Fetch the first rows for which `bad` holds, with their values in `columns`; no other rows leave Spark."""
        if not self.limit:
            return ()
        key = F.lit(None) if self.key is None else _fetched(self.frame, self.key)
        values = [_fetched(self.frame, name).alias(f"v{number}") for number, name in enumerate(columns)]
        order = [name for name in (self.key, *columns) if name is not None and _has_order(self.frame, name)]
        places = [named(name).alias(f"o{number}") for number, name in enumerate(order)]
        # in columns of our own names: the frame may hold some of any name
        asked = self.frame.select(bad.alias("bad"), key.alias("key"), *values, *places).filter("bad")
        first = (
            asked.orderBy(*(F.col(f"o{number}").asc_nulls_last() for number in range(len(order))))
            .limit(self.limit)
            .collect()
        )
        return tuple(self._example(row, columns) for row in first)

    def repeated(self, columns: Sequence[str]) -> int:
        """Count the rows whose values in `columns` another row has, too; nulls are alike."""
        parts = self.frame.select(*(named(name).alias(f"v{number}") for number, name in enumerate(columns)))
        groups = parts.groupBy(*parts.columns).agg(F.count(F.lit(1)).alias("rows"))
        found = groups.filter("rows > 1").agg(F.sum("rows")).first()
        return int(found[0] or 0) if found else 0

    def _example(self, row: Row, columns: Sequence[str]) -> BadRow:
        values = {name: _plain(row[f"v{number}"]) for number, name in enumerate(columns)}
        key = _plain(row["key"])
        return BadRow(row=None, key=None if key is None else clamp(key), value=shown(values))


def is_repeated(columns: Sequence[str]) -> Column:
    """Say of each row whether its values in `columns` stand in another row, too."""
    return F.count(F.lit(1)).over(Window.partitionBy(*(named(name) for name in columns))) > 1


def _has_order(frame: DataFrame, name: str) -> bool:
    return not isinstance(frame.schema[name].dataType, WITHOUT_ORDER)


def _fetched(frame: DataFrame, name: str) -> Column:
    """Fetch a value as it is shown: of a text no more than that, of a moment what it is in UTC."""
    kind = frame.schema[name].dataType
    if isinstance(kind, T.StringType):
        return F.substring(named(name), 1, CLAMP + 1)
    if isinstance(kind, T.TimestampType):  # pyspark would turn it into a moment of this machine's zone
        return F.concat(named(name).cast("string"), F.lit("+00:00"))
    return named(name)


def _plain(value: Any) -> Any:  # noqa: ANN401 (whatever a row holds)
    if isinstance(value, Row):
        return value.asDict(recursive=True)
    return bytes(value) if isinstance(value, bytearray) else value
