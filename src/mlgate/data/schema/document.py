"""A schema file as it is written, whoever's layout it has."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import yaml

from mlgate.config.position import MAX_BYTES, Positions, read_positions
from mlgate.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

MAX_SUITE_BYTES = 8 * MAX_BYTES  # suites are written by programs

Layout = Literal["schema", "contract", "suite"]


@dataclass(frozen=True)
class Document:
    """What stands in a file, and where; a suite's positions are unknown."""

    path: Path
    raw: object
    positions: Positions

    @property
    def layout(self) -> Layout:
        """Tell whose layout it is, by the keys that only that one has."""
        return _layout(self.raw)


def read_document(path: Path) -> Document:
    """Read YAML or JSON; raises ConfigError with the file, and the line where there is one."""
    if path.suffix.lower() == ".py":
        raise ConfigError(f"{path} is Python, and no class of it is named", hint=f"write {path.name}:CLASS")
    if not path.exists():
        raise ConfigError(f"{path} does not exist", hint="correct the path of the schema")
    text = _text(path)
    raw = _json(path, text)
    if _layout(raw) == "suite":
        return Document(path, raw, Positions({}))
    if len(text) > MAX_BYTES:
        raise _too_large(path, MAX_BYTES)
    try:
        positions = read_positions(text)
        return Document(path, yaml.safe_load(text) if raw is None else raw, positions)
    except yaml.YAMLError as error:
        if raw is not None:  # good JSON that is no YAML, such as one indented by tabs
            return Document(path, raw, Positions({}))
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise ConfigError(f"{path}{where}: not readable as YAML: {problem}", hint="correct the file") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: {error}", hint="correct the file") from error


def _layout(raw: object) -> Layout:
    if isinstance(raw, dict) and "columns" not in raw:
        if "expectations" in raw:
            return "suite"
        if raw.get("kind") == "DataContract" or {"apiVersion", "schema"} <= raw.keys():
            return "contract"
    return "schema"


def _json(path: Path, text: str) -> object:
    """Return what JSON holds, None for a text that is YAML: that reads 1e-05 as a word, and JSON as a number."""
    named = path.suffix.lower() == ".json"
    if not named and not text.lstrip().startswith("{"):
        return None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if not named:
            return None
        where = f", line {error.lineno}, column {error.colno}"
        raise ConfigError(f"{path}{where}: not readable as JSON: {error.msg}", hint="correct the file") from error
    except (ValueError, RecursionError) as error:
        hint = "correct the file; it is nested too deeply, or holds a number of thousands of digits"
        raise ConfigError(f"{path}: not readable as JSON: {error}", hint=hint) from error


def _text(path: Path) -> str:
    most = MAX_SUITE_BYTES if path.suffix.lower() == ".json" else MAX_BYTES
    try:
        if path.stat().st_size > most:
            raise _too_large(path, most)
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}", hint="a schema is a UTF-8 text file") from error


def _too_large(path: Path, most: int) -> ConfigError:
    return ConfigError(
        f"{path} is larger than {most // 1024} KiB",
        hint="a schema is small; put long lists of values into a Python model (FILE.py:CLASS)",
    )
