"""Checks of the user's own in a YAML schema: `FILE.py:FUNCTION`, the file beside the schema, arguments by keyword."""

from __future__ import annotations

import inspect
import re
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

from mlgate.data.schema.user_code import imported
from mlgate.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from mlgate.config.position import KeyPath
    from mlgate.data.schema.notes import Notes
    from mlgate.data.schema.schema import Check

OWN = re.compile(r"(?P<file>.+\.py):(?P<function>[^\W\d]\w*)")
FLAGS = {"raise_warning": False, "element_wise": False, "ignore_na": True}
OPTIONS = {*FLAGS, "check_name", "n_failure_cases"}


def is_own(name: str) -> bool:
    """Say whether a check's name is that of a function, `FILE.py:FUNCTION`."""
    return OWN.fullmatch(name) is not None


def read_own(path: KeyPath, name: str, raw: object, notes: Notes) -> Check | None:
    """Make a check of the function that `name` stands for; notes what is wrong with it and returns None then."""
    from mlgate.data.schema.pandera_checks import own

    before = len(notes)
    arguments, options = _split(path, raw, notes)
    function = _function(path, name, notes)
    if function is not None and len(notes) == before:
        problem = _misfit(function, arguments)
        if problem:
            notes.add(path, arguments, f"the keyword arguments of {name} ({problem})")
    if function is None or len(notes) > before:
        return None
    return own(name.rpartition(":")[2], function, arguments, **options)


def _split(path: KeyPath, raw: object, notes: Notes) -> tuple[dict[str, Any], dict[str, bool]]:
    body = dict(notes.mapping(path, {} if raw is None else raw, "the arguments by name, such as {countries: [US]}"))
    options = notes.mapping((*path, "options"), body.pop("options", {}), "options by name")
    notes.unknown((*path, "options"), options, OPTIONS)
    if "check_name" in options:  # pandera's list layout: the arguments stand under value
        notes.unknown(path, body, {"value"})
        body = dict(notes.mapping((*path, "value"), body.get("value") or {}, "the arguments by name"))
    flags = {
        key: notes.flag((*path, "options", key), options.get(key), default=default) for key, default in FLAGS.items()
    }
    return body, flags


def _function(path: KeyPath, name: str, notes: Notes) -> FunctionType | None:
    found = OWN.fullmatch(name)
    asked, wanted = (found["file"], found["function"]) if found else ("", "")
    file = Path(notes.file).parent / asked
    if not file.is_file():
        notes.add(path, asked, f"a Python file, named from the schema's folder (looked for {file})")
        return None
    try:
        module = _module(file, file.stat().st_mtime_ns)
    except ConfigError as error:
        notes.add(path, name, f"a file that can be imported; {error.message} ({error.hint})")
        return None
    functions = _functions(module)
    if wanted not in functions:
        shown = f"it has {', '.join(functions)}" if functions else "it has no function at all"
        notes.add(path, wanted, f"a function of {asked}; {shown}", functions)
    return functions.get(wanted)


@cache
def _module(file: Path, _changed: int) -> ModuleType:
    """Import a file once in a process, however many checks are in it."""
    with imported(file) as module:
        return module


def _functions(module: ModuleType) -> dict[str, FunctionType]:
    return {name: value for name, value in vars(module).items() if isinstance(value, FunctionType)}


def _misfit(function: FunctionType, arguments: Mapping[str, object]) -> str:
    try:
        inspect.signature(function).bind(None, **arguments)
    except TypeError as error:
        return str(error)
    return ""
