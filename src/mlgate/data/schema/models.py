"""The models of the user's repository: a `DataFrameModel` of pandera, read as a schema."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandera.polars as pa

from mlgate.data.nearest import nearest
from mlgate.data.schema.contract import PanderaCheck
from mlgate.data.schema.schema import Column, Schema
from mlgate.data.schema.user_code import failed, imported
from mlgate.data.types import Type
from mlgate.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

EXAMPLE = "class Flights(pandera.polars.DataFrameModel)"


def from_model(path: Path, class_name: str) -> Schema:
    """Import the model `class_name` from the file at `path`.

    Raises ConfigError, with the line of the user's file, for whatever goes wrong in it.
    """
    with imported(path) as module:
        model = vars(module).get(class_name)
        if not isinstance(model, type) or not issubclass(model, pa.DataFrameModel):
            raise _not_a_model(path, class_name, module)
        try:
            return _schema(model.to_schema(), path)
        except ConfigError:
            raise
        except Exception as error:
            raise failed(path, error, f"the model {class_name} is not one that pandera accepts") from error


def _not_a_model(path: Path, class_name: str, module: ModuleType) -> ConfigError:
    models = [
        name
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, pa.DataFrameModel) and value is not pa.DataFrameModel
    ]
    found = f"it has {', '.join(models)}" if models else "it has no model at all"
    return ConfigError(
        f"{path} has no pandera.polars DataFrameModel named {class_name!r}; {found}",
        hint=f"write `schema: FILE.py:CLASS`, with `{EXAMPLE}` in the file{nearest(class_name, models)}",
    )


def _schema(schema: pa.DataFrameSchema, path: Path) -> Schema:
    asked = [name for name in ("add_missing_columns", "drop_invalid_rows", "dtype") if getattr(schema, name, None)]
    if asked:
        raise ConfigError(
            f"{path}: the model's Config sets {', '.join(asked)}, which mlgate does not follow",
            hint="remove it: mlgate judges the file as it is, column by column, and changes nothing in it",
        )
    unique = schema.unique or []
    groups = [unique] if all(isinstance(name, str) for name in unique) else unique
    coerce = bool(schema.coerce)
    return Schema(
        columns=tuple(_column(str(name), column, coerce=coerce) for name, column in schema.columns.items()),
        strict=schema.strict is True,
        ordered=bool(schema.ordered),
        unique=tuple(tuple(group) for group in groups if group),
        checks=tuple(PanderaCheck.of(check) for check in schema.checks),
    )


def _column(name: str, column: pa.Column, *, coerce: bool) -> Column:
    if column.regex:
        re.compile(name)  # wrong ones are found here, where the user's file is still named
    return Column(
        name=name,
        type=_type(column.dtype),
        nullable=column.nullable,
        unique=column.unique,
        required=column.required,
        coerce=column.coerce or coerce,
        regex=column.regex,
        checks=tuple(PanderaCheck.of(check) for check in column.checks),
    )


def _type(dtype: Any) -> Type | None:  # noqa: ANN401 (pandera's data types have no common public class)
    if dtype is None:
        return None
    target = dtype.type
    return Type(str(target), target() if isinstance(target, type) else target, lambda found: found == target)
