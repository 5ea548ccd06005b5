"""On which line of a schema a rule is written, so that a reader can be led there; never a reason to fail."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlgate.data.schema.checks import ALIASES
from mlgate.data.schema.document import read_document
from mlgate.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mlgate.config.position import KeyPath, Positions

WHOLE = {"column_unexpected": "strict", "column_order": "ordered", "unique": "unique"}  # keys beside the columns


def finder(path: Path, part: str | None) -> Callable[[str | None, str], int | None]:
    """Return what finds the line of a column's rule in a schema that was loaded before; None where it is unknown."""
    if path.suffix.lower() == ".py":
        return _Python(path, part or "").line
    try:
        document = read_document(path)
    except ConfigError:
        return lambda _column, _rule: None
    raw = document.raw if isinstance(document.raw, dict) else {}
    if document.layout == "contract":
        return _Contract(raw, document.positions, part).line
    return _Schema(raw, document.positions).line


@dataclass(frozen=True)
class _Schema:
    """Pandera's layout: columns by name, or by patterns of their names."""

    raw: dict[Any, Any]
    positions: Positions

    def line(self, column: str | None, rule: str) -> int | None:
        """Find the rule's own key, else the column, else the key beside the columns that asks for the rule."""
        top = (WHOLE[rule],) if rule in WHOLE else ()
        name = self._name(column) if column is not None and rule != "column_unexpected" else None
        if name is None:
            return self.positions.line(top)
        place = ("columns", name)
        return next(
            (self.positions.lines[path] for path in self._rules(place, rule) if path in self.positions.lines),
            self.positions.line(place),
        )

    def _name(self, column: str) -> str | None:
        columns = self.raw.get("columns")
        if not isinstance(columns, dict):
            return None
        if column in columns:
            return column
        patterns = (str(name) for name, body in columns.items() if isinstance(body, dict) and body.get("regex"))
        return next((name for name in patterns if _fits(name, column)), None)

    def _rules(self, place: KeyPath, rule: str) -> Iterator[KeyPath]:
        """List where a rule of a column may stand: beside dtype, among the checks by name, or in a list of checks."""
        body = self.raw["columns"].get(place[1])
        for above in (place, (*place, "checks")):
            given = body.get("checks") if above != place and isinstance(body, dict) else body
            if isinstance(given, dict):
                yield from ((*above, str(key)) for key in given if _means(str(key), rule))
            elif isinstance(given, list):
                yield from ((*above, str(index)) for index, one in enumerate(given) if _means(_called(one), rule))


@dataclass(frozen=True)
class _Contract:
    """A data contract: objects with a list of properties each."""

    raw: dict[Any, Any]
    positions: Positions
    part: str | None

    def line(self, column: str | None, _rule: str) -> int | None:
        """Find the column, else the object."""
        objects = self.raw.get("schema")
        for index, one in enumerate(objects if isinstance(objects, list) else []):
            if not isinstance(one, dict) or (self.part and self.part not in {one.get("name"), one.get("physicalName")}):
                continue
            place = ("schema", str(index))
            listed = one.get("properties")
            for number, each in enumerate(listed if isinstance(listed, list) else []):
                if isinstance(each, dict) and column in {each.get("name"), each.get("physicalName")}:
                    return self.positions.line((*place, "properties", str(number)))
            return self.positions.line(place)
        return None


@dataclass(frozen=True)
class _Python:
    """A model in Python: a class with a field for each column."""

    path: Path
    part: str

    def line(self, column: str | None, _rule: str) -> int | None:
        """Find the field, else the class; inherited fields are not looked for."""
        try:
            tree = ast.parse(self.path.read_bytes())
        except (OSError, ValueError, SyntaxError, RecursionError):
            return None
        model = next((node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == self.part), None)
        if model is None:
            return None
        fields = (node for node in model.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name))
        return next((node.lineno for node in fields if ast.unparse(node.target) == column), model.lineno)


def _means(key: str, rule: str) -> bool:
    return rule in {key, ALIASES.get(key), key.rpartition(":")[2]}


def _called(check: object) -> str:
    options = check.get("options") if isinstance(check, dict) else None
    return str(options.get("check_name")) if isinstance(options, dict) else ""


def _fits(pattern: str, name: str) -> bool:
    try:
        return re.fullmatch(pattern, name) is not None
    except re.error:
        return False
