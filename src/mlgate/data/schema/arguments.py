"""The arguments of one check of a schema file, against what the check takes and what its column holds."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from mlgate.data.schema.checks import ALIASES, CHECKS
from mlgate.data.schema.own import is_own, read_own

if TYPE_CHECKING:
    from mlgate.config.position import KeyPath
    from mlgate.data.schema.checks import Kind, Signature
    from mlgate.data.schema.notes import Notes
    from mlgate.data.schema.schema import Check
    from mlgate.data.types import Type

OPTIONS = {"check_name", "raise_warning", "ignore_na", "n_failure_cases"}


def read_check(path: KeyPath, name: str, raw: object, kind: Type | None, notes: Notes) -> Check | None:
    """Make a check from what stands at `path`; notes what is wrong with it and returns None then."""
    from mlgate.data.schema.pandera_checks import built_in

    if is_own(name):
        return read_own(path, name, raw, notes)
    name = ALIASES.get(name, name)
    if name not in CHECKS:
        notes.add(path, name, f"a check: FILE.py:FUNCTION, or one of {', '.join(CHECKS)}", CHECKS)
        return None
    signature = CHECKS[name]
    if signature.text_only and kind is not None and kind.target != pl.String:
        notes.add(path, name, f"a check for {kind.word}; {name} reads text")
        return None
    before = len(notes)
    given, options = _split(path, raw, signature, notes)
    values = {
        key: _argument((*path, key) if isinstance(raw, dict) else path, given.get(key), takes, kind, notes)
        for key, takes in {**signature.required, **signature.optional}.items()
        if given.get(key) is not None
    }
    missing = [key for key in signature.required if key not in values]
    if missing or not values:
        notes.add(path, raw, f"{' and '.join(missing or signature.optional)} for {name}")
    elif len(notes) == before and _contradicts(values):
        notes.add(path, raw, "a lower bound that is not above the upper one, and a value between them")
    if len(notes) > before:
        return None
    flags = {"warns": options.get("raise_warning") is True, "ignore_na": options.get("ignore_na") is not False}
    return built_in(name, values, **flags)


def _split(path: KeyPath, raw: object, signature: Signature, notes: Notes) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [*signature.required, *signature.optional]
    if not isinstance(raw, dict):
        return ({names[0]: raw} if len(signature.required) == 1 else {}), {}
    body = notes.mapping(path, raw, "arguments by name")
    options = notes.mapping((*path, "options"), body.pop("options", {}), "options by name")
    notes.unknown((*path, "options"), options, OPTIONS)
    if "value" in body and "value" not in names:
        value = body.pop("value")
        if isinstance(value, dict):
            body |= value
        else:
            body[names[0]] = value
    notes.unknown(path, body, set(names))
    return body, options


def _argument(path: KeyPath, raw: object, takes: Kind, kind: Type | None, notes: Notes) -> object:
    if takes == "values":
        if isinstance(raw, list) and raw:
            return [_listed(path, item, kind, notes) for item in raw]
        notes.add(path, raw, "a list of values")
    elif takes == "value":
        return _value(path, raw, kind, notes)
    elif takes == "flag":
        return notes.flag(path, raw, default=True)
    elif takes == "size":
        if not isinstance(raw, int) or isinstance(raw, bool) or raw < 0:
            notes.add(path, raw, "a whole number of characters, 0 or more")
    elif not isinstance(raw, str):
        notes.add(path, raw, "a text")
    elif takes == "pattern":
        notes.pattern(path, raw)
    return raw


def _listed(path: KeyPath, raw: object, kind: Type | None, notes: Notes) -> object:
    """Read one of several values, as the very type of the column: polars looks for it among values of no other."""
    found = _value(path, raw, kind, notes)
    target = kind.target if kind is not None else None
    if target is None or not isinstance(found, (int, float)) or isinstance(found, bool):
        return found
    if target.is_float():
        return float(found)
    if not target.is_integer() or isinstance(found, int):
        return found
    if not found.is_integer():
        notes.add(path, raw, f"a whole number, as the column is {kind.word if kind else ''}")
        return found
    return int(found)


def _value(path: KeyPath, raw: object, kind: Type | None, notes: Notes) -> object:
    target = kind.target if kind is not None else None
    if raw is None or isinstance(raw, (list, dict)) or (isinstance(raw, float) and math.isnan(raw)):
        notes.add(path, raw, "a single value (nulls are allowed with nullable: true)")
    elif target is None:
        return raw
    elif target.is_numeric():
        if not isinstance(raw, (int, float)) or isinstance(raw, bool):
            notes.add(path, raw, f"a number, as the column is {kind.word if kind else ''}")
    elif target == pl.Boolean:
        if not isinstance(raw, bool):
            notes.add(path, raw, "true or false, as the column is bool")
    elif target == pl.String:
        if not isinstance(raw, str):
            notes.add(path, raw, f'a text, as the column is {kind.word if kind else ""} (write it in quotes: "{raw}")')
    elif target == pl.Date or isinstance(target, pl.Datetime):
        return _moment(path, raw, target, notes)
    return raw


def _moment(path: KeyPath, raw: object, target: pl.DataType, notes: Notes) -> object:
    try:
        found = datetime.fromisoformat(raw) if isinstance(raw, str) else raw
    except ValueError:
        found = None
    if isinstance(found, datetime):
        return found.date() if target == pl.Date else found
    if isinstance(found, date):
        return found if target == pl.Date else datetime(found.year, found.month, found.day)  # noqa: DTZ001 (as written)
    notes.add(path, raw, "a date such as 2013-07-31")
    return raw


def _contradicts(values: dict[str, Any]) -> bool:
    low, high = values.get("min_value"), values.get("max_value")
    whole = values.get("include_min", True) and values.get("include_max", True)
    try:
        return low is not None and high is not None and bool(low > high or (low == high and not whole))
    except TypeError:
        return True
