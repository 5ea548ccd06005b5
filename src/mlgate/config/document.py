"""Read a YAML file as frozen values; every problem names file, line, key path, what was found and what is expected."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from mlgate.config.address import shown
from mlgate.config.position import MAX_BYTES, Positions, read_positions
from mlgate.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from mlgate.config.position import KeyPath

Document = TypeVar("Document", bound=BaseModel)
FIX = "correct the file; `mlgate schema` prints its JSON Schema for your editor"


def read_document(path: Path, kind: type[Document], *, hint: str) -> tuple[Document, Positions]:
    """Read a YAML file as a `kind`, and where its keys stand; raises ConfigError naming every problem at once."""
    return parse_document(_text(path, hint), path.name, kind, hint=hint, file=path)


def parse_document(
    text: str, name: str, kind: type[Document], *, hint: str, file: Path | None = None
) -> tuple[Document, Positions]:
    """Read the text of a YAML file as `read_document` does; `name` is what the problems call it.

    `file` is where the text stands, if it is checked out.
    """
    try:
        positions = read_positions(text)
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        where = f", line {line}" if line else ""
        problem = getattr(error, "problem", None) or str(error)
        message = f"{name}{where}: not readable as YAML: {problem}"
        raise ConfigError(message, hint=FIX, file=file, line=line) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{name}: {error}", hint=FIX, file=file) from error
    if not isinstance(raw, dict):
        found = "nothing" if raw is None else type(raw).__name__
        keys = " and ".join(list(kind.model_fields)[:2])
        raise ConfigError(f"{name}: expected keys such as {keys}, found {found}", hint=hint, file=file)
    try:
        return kind.model_validate(raw), positions
    except ValidationError as error:
        # a list whose every item is wrong is also reported as too short: the items say it better
        honest = [details for details in error.errors() if details["type"] != "too_short" or not details["input"]]
        honest = honest or error.errors()
        problems = [_problem(name, details, positions, kind) for details in honest]
        shown = problems[:10] + ([f"… and {len(problems) - 10} more"] if len(problems) > 10 else [])
        line = positions.line(_location(honest[0]))
        raise ConfigError("\n".join(shown), hint=FIX, file=file, line=line) from error


def _text(path: Path, hint: str) -> str:
    try:
        if path.exists() and not path.is_file():
            raise ConfigError(f"{path} is not a file", hint="name a YAML file")
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(
                f"{path.name} is larger than {MAX_BYTES // 1024} KiB",
                hint="a configuration is small; move data out of it",
            )
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(f"there is no {path}", hint=hint) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}", hint="it must be a UTF-8 text file") from error


def _problem(file: str, details: ErrorDetails, positions: Positions, kind: type[BaseModel]) -> str:
    location = _location(details)
    where = positions.describe(location)
    fault = details["type"]
    if fault == "extra_forbidden":
        siblings = _known_keys(kind, location[:-1])
        expected = f"known keys: {', '.join(siblings)}" if siblings else "no such key"
        return f"{file}{where}: unknown key {location[-1][:80]!r}{nearest_key(location[-1], siblings)}; {expected}"
    if fault == "missing":
        return f"{file}{where}: the key {location[-1]!r} is missing"
    if fault in {"dict_type", "model_type"}:
        keys = _known_keys(kind, location)
        expected = f"expected keys such as {' and '.join(keys[:2])}" if keys else "expected keys and values"
    else:
        expected = details["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
    found = details["input"]
    found = shown(found) if isinstance(found, str) else found
    seen = f"found {_seen(found)}" if isinstance(found, str | int | float | bool | list | None) else ""
    suggestion = nearest_key(found, _quoted(expected)) if isinstance(found, str) and fault == "literal_error" else ""
    return f"{file}{where}: {'; '.join(filter(None, [expected, seen]))}{suggestion}"


def _location(details: ErrorDetails) -> KeyPath:
    return tuple(str(part) for part in details["loc"] if part != "[key]")


def _known_keys(kind: type[BaseModel], location: tuple[str, ...]) -> list[str]:
    """List the keys allowed at `location`, from the JSON Schema."""
    schema = kind.model_json_schema()
    node: dict[str, Any] = schema
    for part in location:
        node = node.get("properties", {}).get(part) or node.get("additionalProperties") or node.get("items") or {}
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rpartition("/")[2]]
    return list(node.get("properties", {}))


def nearest_key(word: str, known: Iterable[str]) -> str:
    """Ask whether the nearest of the known keys was meant; nothing where none is near."""
    match = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" (did you mean {match[0]!r}?)" if match else ""


def _quoted(message: str) -> list[str]:
    return message.split("'")[1::2]


def _seen(found: object) -> str:
    """Show a value; of a long one, which may be a secret that its beginning would give away, only how long it is."""
    text = "a list" if isinstance(found, list) else repr(found)
    return text if len(text) <= 80 else f"a value of {len(text):,} letters"
