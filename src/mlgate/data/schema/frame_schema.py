"""What the schemas of pandera's engines have in common, read as one of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from mlgate.data.schema.pandera_checks import among_floats
from mlgate.data.schema.schema import Column, Schema
from mlgate.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlgate.data.schema.schema import Check
    from mlgate.data.types import Type

# they would change the data before it is judged
OF_SCHEMA = ("add_missing_columns", "drop_invalid_rows", "dtype", "parsers")
OF_COLUMN = ("drop_invalid_rows", "parsers")


class Engine(Protocol):
    """What differs between the engines; columns and checks are pandera's, which have no common public class."""

    def type_of(self, column: Any) -> Type | None:  # noqa: ANN401
        """Return the type of a column."""

    def check_of(self, check: Any, column: Any) -> Check:  # noqa: ANN401
        """Return a check, of a column or (None) of whole rows."""


def read_frame_schema(schema: Any, file: str, engine: Engine) -> Schema:  # noqa: ANN401 (see Engine)
    """Read a `DataFrameSchema`; raises ConfigError for what would change the data."""
    refuse(file, _changing(schema))
    unique = schema.unique or []
    groups = [unique] if all(isinstance(name, str) for name in unique) else unique
    return Schema(
        columns=tuple(_column(str(name), column, engine, schema) for name, column in schema.columns.items()),
        strict=schema.strict is True,
        ordered=bool(schema.ordered),
        unique=tuple(tuple(group) for group in groups if group),
        checks=tuple(engine.check_of(check, None) for check in schema.checks),
    )


def refuse(file: str, asked: Iterable[str]) -> None:
    """Raise ConfigError that lists what a model asks for and mlgate does not follow, if anything."""
    listed = list(asked)
    if listed:
        raise ConfigError(
            f"{file}: the model asks for {'; '.join(listed)}; mlgate does not follow that",
            hint="remove it: mlgate judges the file as it is, column by column, and changes nothing in it",
        )


def _changing(schema: Any) -> list[str]:  # noqa: ANN401 (see Engine)
    asked = [f"{name} in its Config" for name in OF_SCHEMA if getattr(schema, name, None)]
    for name, column in schema.columns.items():
        asked += [f"{option} of column {name}" for option in OF_COLUMN if getattr(column, option, None)]
        if getattr(column, "default", None) is not None:
            asked.append(f"a default of column {name}")
    return asked


def _column(name: str, column: Any, engine: Engine, schema: Any) -> Column:  # noqa: ANN401 (see Engine)
    if column.regex:
        re.compile(name)  # wrong ones are found here, where the user's file is still named
    kind = engine.type_of(column)
    return Column(
        name=name,
        type=kind,
        nullable=column.nullable,
        unique=column.unique,
        required=column.required,
        coerce=bool(column.coerce or schema.coerce),
        regex=column.regex,
        checks=tuple(among_floats(engine.check_of(check, column), kind) for check in column.checks),
    )
