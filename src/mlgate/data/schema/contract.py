"""pandera, and the only module that imports it: its checks one by one, and the models of the user's repository.

Each check is called for itself, not through `schema.validate`: that skips data checks of lazy frames by default, can
be switched off from the environment, stops at the first unexpected column, and builds every failing row in memory.
"""

from __future__ import annotations

import importlib.util
import re
import sys
import traceback
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandera.polars as pa
from pandera.api.function_dispatch import Dispatcher

from mlgate.data.nearest import nearest
from mlgate.data.schema.checks import CHECKS, phrase
from mlgate.data.schema.schema import Check, Column, Schema
from mlgate.data.types import Type
from mlgate.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import ModuleType

    import polars as pl

EXAMPLE = "class Flights(pandera.polars.DataFrameModel)"


@dataclass(frozen=True)
class PanderaCheck:
    """One check of pandera; see `schema.Check`."""

    check: pa.Check
    name: str
    expected: str
    warns: bool = False
    arguments: Mapping[str, Any] | None = None

    @property
    def skips_nulls(self) -> bool:
        """Whether a null breaks nothing, which pandera leaves to each check."""
        return bool(self.check.ignore_na)

    def __call__(self, frame: pl.LazyFrame, column: str | None) -> pl.Series:
        """Return pandera's Booleans; raises whatever the check's own code raises."""
        output: pl.LazyFrame = self.check(frame, column).check_output
        return output.collect().to_series()


def built_in(name: str, arguments: Mapping[str, Any], *, warns: bool = False) -> Check:
    """Make one of pandera's built-in checks."""
    return PanderaCheck(getattr(pa.Check, name)(**arguments), name, phrase(name, arguments) or name, warns, arguments)


def from_model(path: Path, class_name: str) -> Schema:
    """Import the model `class_name` from the file at `path`.

    Raises ConfigError, with the line of the user's file, for whatever goes wrong in it.
    """
    name = f"mlgate_schema_{path.stem}"
    folder = str(path.resolve().parent)
    sys.path.insert(0, folder)  # the file may import its neighbours
    try:
        module = _import(path, name)
        model = vars(module).get(class_name)
        if not isinstance(model, type) or not issubclass(model, pa.DataFrameModel):
            raise _not_a_model(path, class_name, module)
        try:
            return _schema(model.to_schema(), path)
        except ConfigError:
            raise
        except Exception as error:
            raise _failed(path, error, f"the model {class_name} is not one that pandera accepts") from error
    finally:
        sys.modules.pop(name, None)
        sys.path.remove(folder)


def _import(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ConfigError(f"{path} is not a Python file", hint=f"name a file that holds `{EXAMPLE}`")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # pandera looks up the annotations there
    wrote, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # leave the user's checkout as it is
    try:
        # what the file prints is no part of mlgate's own output
        with redirect_stdout(sys.stderr):
            spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise _failed(path, error, "importing it failed") from error
    finally:
        sys.dont_write_bytecode = wrote
    return module


def _failed(path: Path, error: BaseException, what: str) -> ConfigError:
    frames = traceback.extract_tb(error.__traceback__)
    line = next((frame.lineno for frame in reversed(frames) if frame.filename == str(path)), None)
    if isinstance(error, SyntaxError) and error.filename == str(path):
        line = error.lineno
    where = f"{path}, line {line}" if line else str(path)
    message = (str(error) or "no message").splitlines()[0][:300]
    return ConfigError(
        f"{where}: {what}: {type(error).__name__}: {message}",
        hint="the schema runs in mlgate's own Python, which has pandera and polars: correct it, or use a YAML schema",
    )


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
        checks=tuple(_check(check) for check in schema.checks),
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
        checks=tuple(_check(check) for check in column.checks),
    )


def _type(dtype: Any) -> Type | None:  # noqa: ANN401 (pandera's data types have no common public class)
    if dtype is None:
        return None
    target = dtype.type
    return Type(str(target), target() if isinstance(target, type) else target, lambda found: found == target)


def _check(check: pa.Check) -> Check:
    name = check.name or "check"
    arguments = _arguments(check)
    words = phrase(name, arguments) if arguments is not None else None
    expected = words or check.description or check.error or f"{name} holds"
    return PanderaCheck(check, name, expected, bool(check.raise_warning), arguments)


def _arguments(check: pa.Check) -> Mapping[str, Any] | None:
    """Return what one of CHECKS was given; a check of the user's own may have the name of one."""
    ours = isinstance(check._check_fn, Dispatcher)  # noqa: SLF001 (no public way tells pandera's code from the user's)
    return check.statistics or {} if ours and check.name in CHECKS and not check.element_wise else None
