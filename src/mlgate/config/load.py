"""Read `mlgate.yaml` once; every problem names file, line, key path, what was found and what is expected."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

from mlgate.config.model import Config, Model
from mlgate.config.position import MAX_BYTES, Positions, read_positions
from mlgate.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pydantic_core import ErrorDetails

FIX = "correct the file; `mlgate schema` prints its JSON Schema for your editor"


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A configuration, the file it came from, and where each key stands in it."""

    config: Config
    path: Path
    positions: Positions

    def file(self, model: str, *keys: str) -> Path:
        """Resolve the file that a key of `model` names, against the configuration's folder.

        Raises ConfigError with file, line and key path when it does not exist.
        """
        section: Any = self.config.models[model]
        for key in keys:
            section = getattr(section, "schema_" if key == "schema" else key)
        found = self.path.parent / str(section).partition(".py:")[0]
        if ".py:" in str(section):
            found = found.with_suffix(".py")
        if found.is_file():
            return found
        where = self.positions.describe(("models", model, *keys))
        raise ConfigError(
            f"{self.path.name}{where}: file {str(section)!r} does not exist (looked for {found})",
            hint="correct the path (it is relative to mlgate.yaml), or make the file before this step",
        )

    def choose(self, names: Iterable[str]) -> dict[str, Model]:
        """Pick the named models, or all of them; raises ConfigError for a name that is not there."""
        wanted = list(dict.fromkeys(names)) or list(self.config.models)
        for name in wanted:
            if name not in self.config.models:
                known = ", ".join(self.config.models)
                raise ConfigError(
                    f"there is no model {name[:80]!r} in {self.path.name}; it describes: {known}",
                    hint=f"pass --model with one of these{_nearest(name, self.config.models)}",
                )
        return {name: self.config.models[name] for name in wanted}


def load(path: Path) -> Loaded:
    """Read and check the configuration at `path`; raises ConfigError naming every problem at once."""
    text = _text(path)
    try:
        positions = read_positions(text)
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise ConfigError(f"{path.name}{where}: not readable as YAML: {problem}", hint=FIX) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path.name}: {error}", hint=FIX) from error
    if not isinstance(raw, dict):
        found = "nothing" if raw is None else type(raw).__name__
        raise ConfigError(
            f"{path.name}: expected keys such as version and models, found {found}",
            hint="`mlgate init` writes a commented example",
        )
    try:
        return Loaded(config=Config.model_validate(raw), path=path.resolve(), positions=positions)
    except ValidationError as error:
        # a list whose every item is wrong is also reported as too short: the items say it better
        honest = [details for details in error.errors() if details["type"] != "too_short" or not details["input"]]
        problems = [_problem(path.name, details, positions) for details in honest]
        shown = problems[:10] + ([f"… and {len(problems) - 10} more"] if len(problems) > 10 else [])
        raise ConfigError("\n".join(shown), hint=FIX) from error


def _text(path: Path) -> str:
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
        raise ConfigError(
            f"there is no {path}",
            hint="`mlgate init` writes one; or pass --config PATH",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}", hint="it must be a UTF-8 text file") from error


def _problem(file: str, details: ErrorDetails, positions: Positions) -> str:
    location = tuple(str(part) for part in details["loc"] if part != "[key]")
    where = positions.describe(location)
    kind = details["type"]
    if kind == "extra_forbidden":
        siblings = _known_keys(location[:-1])
        expected = f"known keys: {', '.join(siblings)}" if siblings else "no such key"
        return f"{file}{where}: unknown key {location[-1][:80]!r}{_nearest(location[-1], siblings)}; {expected}"
    if kind == "missing":
        return f"{file}{where}: the key {location[-1]!r} is missing"
    found = details["input"]
    shown = f"found {_clamp(repr(found))}" if isinstance(found, str | int | float | bool | None) else ""
    expected = details["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
    suggestion = _nearest(found, _quoted(expected)) if isinstance(found, str) and kind == "literal_error" else ""
    return f"{file}{where}: {'; '.join(filter(None, [expected, shown]))}{suggestion}"


def _known_keys(location: tuple[str, ...]) -> list[str]:
    """List the keys allowed at `location`, from the JSON Schema."""
    schema = Config.model_json_schema()
    node: dict[str, Any] = schema
    for part in location:
        node = node.get("properties", {}).get(part) or node.get("additionalProperties") or node.get("items") or {}
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rpartition("/")[2]]
    return list(node.get("properties", {}))


def _nearest(word: str, known: Iterable[str]) -> str:
    match = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" (did you mean {match[0]!r}?)" if match else ""


def _quoted(message: str) -> list[str]:
    return message.split("'")[1::2]


def _clamp(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "…"
