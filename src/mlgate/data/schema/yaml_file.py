"""A schema in pandera's YAML or JSON, read without an engine in mind; every problem names file, line and key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.data.schema.arguments import read_check
from mlgate.data.schema.checks import ALIASES, CHECKS
from mlgate.data.schema.notes import Notes
from mlgate.data.schema.own import is_own
from mlgate.data.schema.schema import Column, Schema
from mlgate.data.types import find_type, words

if TYPE_CHECKING:
    from mlgate.config.position import KeyPath
    from mlgate.data.schema.document import Document
    from mlgate.data.schema.schema import Check
    from mlgate.data.types import Type

# read past: they describe, or they steer what pandera does with a file that mlgate only judges
SILENT = {"title", "description", "metadata", "report_duplicates"}
# they would change the data before it is judged; mlgate judges the file as it is
CHANGING = {"default", "drop_invalid_rows", "add_missing_columns", "parsers", "index"}
TOP = {"schema_type", "api", "version", "name", "columns", "checks", "dtype", "coerce", "strict", "ordered", "unique"}
TOP_SILENT = SILENT | {"unique_column_names", "schema_type", "api", "version", "name"}
COLUMN = {"dtype", "nullable", "unique", "required", "coerce", "regex", "checks"}
FLAGS = ("nullable", "unique", "required", "coerce", "regex")


def read_schema(document: Document) -> Schema:
    """Read the schema that stands in `document`; raises ConfigError that lists every problem (ten at most) at once."""
    notes = Notes(str(document.path), document.positions)
    schema = _schema(document.raw, notes)
    notes.raise_if_any()
    return schema


def _schema(raw: object, notes: Notes) -> Schema:
    top = notes.mapping((), raw, "keys such as columns and strict")
    notes.unknown((), top, TOP | TOP_SILENT | CHANGING)
    notes.refuse((), top, CHANGING, "nothing: mlgate judges the file as it is, and changes nothing in it")
    notes.refuse((), top, {"checks", "dtype"}, "nothing: give it to each column under columns")
    kind = top.get("schema_type", "dataframe")
    if not str(kind).endswith("dataframe"):
        notes.add(("schema_type",), kind, "dataframe")
    if not top.get("columns"):
        notes.add(("columns",), top.get("columns"), "at least one column, as NAME: {dtype: ...}")
    described = notes.mapping(("columns",), top.get("columns") or {}, "columns by name")
    coerce = notes.flag(("coerce",), top.get("coerce"), default=False)
    columns = tuple(_column(str(name), body, notes, coerce=coerce) for name, body in described.items())
    strict = top.get("strict")
    return Schema(
        columns=columns,
        strict=False if strict == "filter" else notes.flag(("strict",), strict, default=False),
        ordered=notes.flag(("ordered",), top.get("ordered"), default=False),
        unique=_unique(top.get("unique"), {column.name for column in columns}, notes),
    )


def _column(name: str, raw: object, notes: Notes, *, coerce: bool) -> Column:
    path = ("columns", name)
    body = notes.mapping(path, {} if raw is None else raw, "keys such as dtype and checks")
    # pandera writes checks beside dtype, and reads them under checks as well
    checks = set(CHECKS) | set(ALIASES) | {key for key in body if is_own(key)}
    notes.unknown(path, body, COLUMN | SILENT | CHANGING | checks, shown=COLUMN | set(CHECKS))
    notes.refuse(path, body, CHANGING, "nothing: mlgate judges the file as it is, and changes nothing in it")
    kind = _type((*path, "dtype"), body.get("dtype"), notes)
    found = [read_check((*path, key), key, value, kind, notes) for key, value in body.items() if key in checks]
    found += _listed_checks((*path, "checks"), body.get("checks"), kind, notes)
    defaults = {"required": True, "coerce": coerce}
    flags = {key: notes.flag((*path, key), body.get(key), default=defaults.get(key, False)) for key in FLAGS}
    if flags["regex"]:
        notes.column_pattern(path, name)
    return Column(name=name, type=kind, checks=tuple(check for check in found if check), **flags)


def _listed_checks(path: KeyPath, raw: object, kind: Type | None, notes: Notes) -> list[Check | None]:
    if raw is None:
        return []
    if isinstance(raw, list):  # pandera's newer layout: a list of values, each with the check's name in its options
        found = []
        for index, item in enumerate(raw):
            place = (*path, str(index))
            body = notes.mapping(place, item, "a check as {value: ..., options: {check_name: ...}}")
            options = body.get("options")
            name = options.get("check_name") if isinstance(options, dict) else None
            found.append(read_check(place, str(name), body, kind, notes))
        return found
    body = notes.mapping(path, raw, "checks by name, such as in_range")
    return [read_check((*path, str(key)), str(key), value, kind, notes) for key, value in body.items()]


def _type(path: KeyPath, word: object, notes: Notes) -> Type | None:
    if word is None:
        return None
    found = find_type(word) if isinstance(word, str) else None
    if found is None:
        notes.add(path, word, "a type such as int64, float64, string, bool, datetime, date or category", words())
    return found


def _unique(raw: object, known: set[str], notes: Notes) -> tuple[tuple[str, ...], ...]:
    if raw is None:
        return ()
    listed = raw if isinstance(raw, list) else [raw]
    found: list[tuple[str, ...]] = []
    for index, group in enumerate([listed] if all(isinstance(item, str) for item in listed) else listed):
        if not isinstance(group, list) or not group or not all(isinstance(name, str) for name in group):
            notes.add(("unique",), group, "a list of column names, or a list of such lists")
            return ()
        for name in group:
            if name not in known:
                notes.add(("unique", str(index)), name, "a column that stands under columns", known)
        found.append(tuple(group))
    return tuple(found)
