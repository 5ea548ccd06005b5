"""The models of the user's repository: a `DataFrameModel` of pandera, for polars or for pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.data.nearest import nearest
from mlgate.data.schema.user_code import failed, imported
from mlgate.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from mlgate.data.schema.schema import Schema

EXAMPLE = "class Flights(pandera.polars.DataFrameModel)"
HOMES = {"pandera.api.polars.model": "polars", "pandera.api.pandas.model": "pandas"}


def from_model(path: Path, class_name: str) -> Schema:
    """Import the model `class_name` from the file at `path`.

    Raises ConfigError, with the line of the user's file, for whatever goes wrong in it, and for what mlgate would not
    judge as pandera does.
    """
    with imported(path) as module:
        model = vars(module).get(class_name)
        engine = _engine(model)
        if model is None or engine is None:
            raise _not_a_model(path, class_name, module)
        try:
            if engine == "pandas":
                from mlgate.data.schema.pandas_model import read_pandas_model

                return read_pandas_model(model.to_schema(), str(path))
            from mlgate.data.schema.polars_model import read_polars_model

            return read_polars_model(model.to_schema(), str(path))
        except ConfigError:
            raise
        except Exception as error:
            raise failed(path, error, f"the model {class_name} is not one that pandera accepts") from error


def _engine(value: object) -> str | None:
    """Name the engine of a model, None for whatever else; asked by name, as pandas may not be installed."""
    if not isinstance(value, type) or value.__module__ in HOMES:
        return None
    return next((HOMES[base.__module__] for base in value.__mro__ if base.__module__ in HOMES), None)


def _not_a_model(path: Path, class_name: str, module: ModuleType) -> ConfigError:
    models = [name for name, value in vars(module).items() if _engine(value)]
    found = f"it has {', '.join(models)}" if models else "it has no model at all"
    return ConfigError(
        f"{path} has no DataFrameModel of pandera.polars or pandera.pandas named {class_name!r}; {found}",
        hint=f"write `schema: FILE.py:CLASS`, with `{EXAMPLE}` in the file{nearest(class_name, models)}",
    )
