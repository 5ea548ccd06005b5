"""Where each key of a YAML document stands, so that errors can name the line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_BYTES = 1024 * 1024
MAX_NODES = 100_000  # aliases may multiply a small file into a huge one
MAX_DEPTH = 50

KeyPath = tuple[str, ...]


@dataclass(frozen=True)
class Positions:
    """The line (from 1) of every key path."""

    lines: Mapping[KeyPath, int]

    def line(self, path: KeyPath) -> int | None:
        """Return the line of `path`, or of its nearest ancestor that is written down."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return None

    def describe(self, path: KeyPath) -> str:
        """Say `, line 12, models.churn.data.train`."""
        line = self.line(path)
        shown = ".".join(part[:80] for part in path)
        return "".join([f", line {line}" if line else "", f", {shown}" if shown else ""])


def read_positions(text: str) -> Positions:
    """Index `text`; raises yaml.YAMLError, and ValueError for duplicate keys and documents that multiply."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    lines: dict[KeyPath, int] = {}
    if root is not None:
        for path, node in _walk((), root, 0):
            if len(lines) >= MAX_NODES:
                msg = f"more than {MAX_NODES} values once its aliases are expanded"
                raise ValueError(msg)
            lines[path] = node.start_mark.line + 1
    return Positions(lines)


def _walk(path: KeyPath, node: yaml.Node, depth: int) -> Iterator[tuple[KeyPath, yaml.Node]]:
    if depth > MAX_DEPTH:
        msg = f"nested deeper than {MAX_DEPTH} levels"
        raise ValueError(msg)
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            name = str(key.value)
            line = key.start_mark.line + 1
            if name in seen and name != "<<":
                msg = f"line {line}: the key {name[:80]!r} stands twice (first on line {seen[name]})"
                raise ValueError(msg)
            seen[name] = line
            yield (*path, name), key
            yield from _walk((*path, name), value, depth + 1)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield (*path, str(index)), value
            yield from _walk((*path, str(index)), value, depth + 1)
