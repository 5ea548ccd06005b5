"""A model of pandera.polars, read as a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.data.schema.frame_schema import read_frame_schema
from mlgate.data.schema.pandera_checks import PanderaCheck
from mlgate.data.types import Type

if TYPE_CHECKING:
    import pandera.polars as pa

    from mlgate.data.schema.schema import Check, Schema


def read_polars_model(schema: pa.DataFrameSchema, file: str) -> Schema:
    """Read a schema whose types and checks are of polars already."""
    return read_frame_schema(schema, file, _Polars())


class _Polars:
    def type_of(self, column: pa.Column) -> Type | None:
        if column.dtype is None:
            return None
        target = column.dtype.type
        return Type(str(target), target() if isinstance(target, type) else target, lambda found: found == target)

    def check_of(self, check: pa.Check, _column: pa.Column | None) -> Check:
        return PanderaCheck.of(check)
