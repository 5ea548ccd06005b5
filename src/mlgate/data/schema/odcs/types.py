"""The types of the Open Data Contract Standard as ours: a logical type says what values are, not how wide they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from mlgate.data.types import Type, find_type

if TYPE_CHECKING:
    from open_data_contract_standard.model import SchemaProperty

    from mlgate.config.position import KeyPath
    from mlgate.data.schema.notes import Notes
    from mlgate.data.schema.odcs.notes import Unjudged


def _nested(word: str, target: pl.DataType, *classes: type[pl.DataType]) -> Type:
    return Type(word, target, lambda dtype: dtype.base_type() in classes)


_PLAIN = {"string": "string", "boolean": "bool", "date": "date", "timestamp": "datetime", "time": "time"}
LOGICAL: dict[str, Type] = {
    **{name: found for name, word in _PLAIN.items() if (found := find_type(word)) is not None},
    "integer": Type("integer", pl.Int64(), lambda dtype: dtype.is_integer()),
    "number": Type("number", pl.Float64(), lambda dtype: dtype.is_numeric()),
    "object": _nested("object", pl.Struct([]), pl.Struct),
    "array": _nested("array", pl.List(pl.Null()), pl.List, pl.Array),
    "vector": _nested("vector", pl.List(pl.Null()), pl.List, pl.Array),
    "map": _nested("map", pl.Struct([]), pl.Struct, pl.List),
}
# words of databases and file formats, without their sizes
PHYSICAL: dict[str, str] = {
    "bool boolean": "boolean",
    "date": "date",
    "time": "time",
    "timestamp timestamptz timestamp_ntz timestamp_tz timestamp_ltz datetime datetime2": "timestamp",
    "int integer bigint smallint tinyint int2 int4 int8 int16 int32 int64 long short": "integer",
    "decimal numeric number float double real float4 float8 float32 float64": "number",
    "string text varchar varchar2 char character bpchar nvarchar nchar clob utf8 uuid": "string",
}


def logical_type(path: KeyPath, prop: SchemaProperty, notes: Notes, unjudged: Unjudged) -> str | None:
    """Return the property's logical type; the physical one, which is the source's own, speaks where it is left out."""
    if prop.logicalType is not None:
        if prop.logicalType in LOGICAL:
            return prop.logicalType
        notes.add((*path, "logicalType"), prop.logicalType, f"one of {', '.join(LOGICAL)}", LOGICAL)
    elif prop.physicalType is not None:
        word = re.sub(r"[\s(<\[].*", "", prop.physicalType.strip().lower(), flags=re.DOTALL)
        for words, logical in PHYSICAL.items():
            if word in words.split():
                return logical
        unjudged.add("physical type{s} without a logical one", f"{prop.name} {prop.physicalType}")
    return None
