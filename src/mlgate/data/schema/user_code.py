"""Python files of the user's repository: imported without a trace, and their errors with the line of the file."""

from __future__ import annotations

import importlib.util
import os
import sys
import traceback
import warnings
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING

from mlgate.errors import ConfigError, install

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

ABSENT = {"pandas"}  # optional libraries that a schema of the user's may import


@contextmanager
def imported(path: Path) -> Iterator[ModuleType]:
    """Import the file at `path`, which may import its neighbours, and forget it afterwards.

    Raises ConfigError, with the line of the user's file, for whatever goes wrong in it.
    """
    name = f"mlgate_schema_{path.stem}"
    folder = str(path.resolve().parent)
    known = set(sys.modules)
    sys.path.insert(0, folder)
    try:
        yield _import(path, name)
    finally:
        # its neighbours too: those of another folder may have the same names
        for new in sys.modules.keys() - known:
            if (getattr(sys.modules[new], "__file__", None) or "").startswith(folder + os.sep):
                del sys.modules[new]
        sys.modules.pop(name, None)
        sys.path.remove(folder)


def failed(path: Path, error: BaseException, what: str) -> ConfigError:
    """Make the error that says at which line of `path` the user's code raised `error`."""
    frames = traceback.extract_tb(error.__traceback__)
    line = next((frame.lineno for frame in reversed(frames) if frame.filename == str(path)), None)
    if isinstance(error, SyntaxError) and error.filename == str(path):
        line = error.lineno
    where = f"{path}, line {line}" if line else str(path)
    message = (str(error) or "no message").splitlines()[0][:300]
    hint = "the schema runs in mlgate's own Python, which has pandera and polars: correct it, or use a YAML schema"
    if isinstance(error, ModuleNotFoundError) and error.name in ABSENT:
        hint = install(error.name or "pandas")
    return ConfigError(f"{where}: {what}: {type(error).__name__}: {message}", hint=hint)


def _import(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ConfigError(f"{path} is not a Python file", hint="name a file whose name ends with .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # pandera looks up the annotations there
    wrote, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # leave the user's checkout as it is
    try:
        # what the file prints is no part of mlgate's own output
        with redirect_stdout(sys.stderr), warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="pyspark")  # which pandera imports where it is installed
            spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise failed(path, error, "importing it failed") from error
    finally:
        sys.dont_write_bytecode = wrote
    return module
