"""A model of pandera.pandas, read as a schema of ours: types by our words, built-in checks as those of polars."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from mlgate.data.schema.frame_schema import read_frame_schema, refuse
from mlgate.data.schema.pandas_checks import PandasCheck
from mlgate.data.schema.pandera_checks import built_in, built_in_name
from mlgate.data.types import find_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandera.pandas as pa

    from mlgate.data.schema.schema import Check, Column, Schema
    from mlgate.data.types import Type


def read_pandas_model(schema: pa.DataFrameSchema, file: str) -> Schema:
    """Read a schema; raises ConfigError that lists whatever in it is pandas' alone."""
    refuse(file, _pandas_only(schema))
    read = read_frame_schema(schema, file, _Pandas(schema))
    columns = (_followed(one, theirs) for one, theirs in zip(read.columns, schema.columns.values(), strict=True))
    return replace(read, columns=tuple(columns))


class _Pandas:
    def __init__(self, schema: pa.DataFrameSchema) -> None:
        # plain names before patterns: the first that matches a column holds
        named = sorted(schema.columns.items(), key=lambda item: item[1].regex)
        listed = ((_pattern(str(name)) if one.regex else re.escape(str(name)), one.dtype) for name, one in named)
        self.types = tuple(listed) or ((".*", None),)

    def type_of(self, column: pa.Column) -> Type | None:
        return find_type(str(column.dtype))

    def check_of(self, check: pa.Check, column: pa.Column | None) -> Check:
        name = _built_in_name(check)
        if name is None:
            types = self.types if column is None else ((".*", column.dtype),)
            return PandasCheck.of(check, types, of_rows=column is None)
        arguments = {key: _plain(value) for key, value in (check.statistics or {}).items()}
        made = built_in(name, arguments, warns=bool(check.raise_warning), ignore_na=check.ignore_na)
        return replace(made, name=check.name or name)


def _followed(column: Column, theirs: pa.Column) -> Column:
    """Add what pandas' types say beyond ours, and match patterns as pandas does: from the beginning of a name."""
    categories = getattr(theirs.dtype, "categories", None)
    listed = () if categories is None else (built_in("isin", {"allowed_values": _plain(list(categories))}),)
    name = _pattern(column.name) if column.regex else column.name
    return replace(column, name=name, checks=(*listed, *column.checks))


def _pattern(name: str) -> str:
    return name if name.endswith((".*", "$")) and "|" not in name else f"(?:{name}).*"


def _built_in_name(check: pa.Check) -> str | None:
    from pandera.backends.pandas.checks import PandasCheckBackend

    return built_in_name(PandasCheckBackend(check).check_fn.func)


def _pandas_only(schema: pa.DataFrameSchema) -> Iterator[str]:
    from pandera.pandas import Hypothesis

    if schema.index is not None:
        yield "an index, and files have none (make it a column)"
    for name, column in schema.columns.items():
        if not isinstance(name, str):
            yield f"column {name!r}, and files have no columns of several levels"
        if column.dtype is not None and find_type(str(column.dtype)) is None:
            yield f"type {column.dtype} of column {name!r}, which no data file holds"
    checks = [(f" of column {name!r}", check) for name, column in schema.columns.items() for check in column.checks]
    for where, check in [*checks, *(("", check) for check in schema.checks)]:
        if isinstance(check, Hypothesis) or check.groupby is not None:
            yield f"check {check.name}{where}, which compares groups of rows"
        pattern = (check.statistics or {}).get("pattern") if _built_in_name(check) else None
        if pattern is not None and not _is_readable(_plain(pattern)):
            yield f"check {check.name}{where}, whose pattern polars does not take (no look-around, no back references)"


def _is_readable(pattern: str) -> bool:
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.PolarsError:
        return False
    return True


def _plain(value: Any) -> Any:  # noqa: ANN401 (whatever a schema compares with)
    """Return values of pandas, NumPy and re as those of plain Python."""
    import numpy as np
    import pandas as pd

    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    if isinstance(value, (pd.Timestamp, np.datetime64)):
        return pd.Timestamp(value).to_pydatetime()
    if isinstance(value, re.Pattern):
        return value.pattern
    return value.item() if isinstance(value, np.generic) else value
