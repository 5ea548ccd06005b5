"""The hidden lines of a comment: they tell ours from others, and one model's section from the next.

Each is JSON in an HTML comment. No value can end it, since hyphens and angle brackets are written as escapes, and no
text of a record can look like one, since `mlgate.escape` leaves no line that begins with `<`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from mlgate.report.head import Head

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = 1
_LINE = re.compile(r"<!-- (\{[^<>]{1,20000}\}) -->")
_ESCAPED = {"-": "\\u002d", "<": "\\u003c", ">": "\\u003e"}


@dataclass(frozen=True, kw_only=True)
class Section:
    """One model's part of a comment: its line in the table on top, and its blocks by name, as they are written."""

    head: Head
    blocks: Mapping[str, str]


def first_line() -> str:
    """Write the line that makes a comment ours."""
    return _mark({"mlgate": FORMAT})


def section_line(head: Head) -> str:
    """Write the line that begins a model's section."""
    return _mark({"section": head.model_dump(mode="json", exclude_defaults=True)})


def block_line(name: str) -> str:
    """Write the line that begins a block of a section."""
    return _mark({"block": name})


def last_line() -> str:
    """Write the line that ends the last section."""
    return _mark({"end": True})


def is_ours(body: str) -> bool:
    """Whether a comment's body begins with our line, of a format that is understood here."""
    return _read(body.split("\n", 1)[0]).get("mlgate") == FORMAT


def is_mark(line: str) -> bool:
    """Whether a line is one of these."""
    return bool(_read(line))


def sections(body: str) -> tuple[Section, ...]:
    """Read the sections of our comment; one whose line cannot be read is left out, and of two alike the last counts."""
    found: dict[tuple[str, str], Section] = {}
    head: Head | None = None
    blocks: dict[str, list[str]] = {}
    lines: list[str] | None = None
    for line in body.replace("\r\n", "\n").split("\n"):
        mark = _read(line)
        if "section" in mark or "end" in mark:
            _keep(found, head, blocks)
            head, blocks, lines = _head(mark.get("section")), {}, None
        elif isinstance(mark.get("block"), str):
            lines = blocks.setdefault(mark["block"], [])
        elif lines is not None:
            lines.append(line)
    _keep(found, head, blocks)
    return tuple(found.values())


def _keep(found: dict[tuple[str, str], Section], head: Head | None, blocks: Mapping[str, list[str]]) -> None:
    if head is not None:
        written = {name: "\n".join(lines).strip("\n") for name, lines in blocks.items()}
        found[head.key] = Section(head=head, blocks=written)


def _head(value: object) -> Head | None:
    try:
        return Head.model_validate(value)
    except ValidationError:
        return None


def _mark(content: Mapping[str, Any]) -> str:
    written = json.dumps(content, separators=(",", ":"))
    for character, escape in _ESCAPED.items():
        written = written.replace(character, escape)
    return f"<!-- {written} -->"


def _read(line: str) -> dict[str, Any]:
    matched = _LINE.fullmatch(line.rstrip())
    if matched is None:
        return {}
    try:
        content = json.loads(matched[1])
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
