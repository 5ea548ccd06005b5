"""The problems of a schema file, gathered so that one run tells all of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from mlgate.data.nearest import nearest
from mlgate.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlgate.config.position import KeyPath, Positions

SHOWN = 10


class Notes:
    """Gathers problems by the key path they stand at; a reader goes on after each with a harmless value."""

    def __init__(self, file: str, positions: Positions) -> None:
        """Start without problems."""
        self.file = file
        self._positions = positions
        self._problems: list[str] = []
        self._line: int | None = None

    def add(self, path: KeyPath, found: object, expected: str, known: Iterable[str] = ()) -> None:
        """Note what was found at `path`, what is expected there, and the nearest of the `known` words."""
        shown = "nothing" if found is None else repr(found)[:120]
        where = self._positions.describe(path)
        self._line = self._line or self._positions.line(path)
        hint = nearest(str(found), known) if known else ""
        self._problems.append(f"{self.file}{where}: found {shown}, expected {expected}{hint}")

    def __len__(self) -> int:
        """Count the problems so far."""
        return len(self._problems)

    def raise_if_any(self) -> None:
        """Raise ConfigError with every problem (ten at most)."""
        if not self._problems:
            return
        left = len(self._problems) - SHOWN
        shown = self._problems[:SHOWN] + ([f"… and {left} more"] if left > 0 else [])
        hint = "correct the schema; nothing was checked against it"
        raise ConfigError("\n".join(shown), hint=hint, file=Path(self.file), line=self._line)

    def mapping(self, path: KeyPath, raw: object, expected: str) -> dict[str, Any]:
        """Return `raw` where it is a mapping; else note it and return an empty one."""
        if isinstance(raw, dict):
            for key in raw:
                if isinstance(key, bool) or key is None:  # YAML reads the words yes, no, on, off and null so
                    self.add((*path, str(key)), key, "a name; write it in quotes")
            return {str(key): value for key, value in raw.items()}
        self.add(path, raw, expected)
        return {}

    def flag(self, path: KeyPath, raw: object, *, default: bool) -> bool:
        """Return `raw` where it is true or false, `default` where nothing is written; else note it."""
        if raw is None:
            return default
        if not isinstance(raw, bool):
            self.add(path, raw, "true or false")
            return default
        return raw

    def unknown(self, path: KeyPath, body: dict[str, Any], known: set[str], shown: set[str] | None = None) -> None:
        """Note every key that is not `known`."""
        for key in body:
            if key not in known:
                self.add((*path, key), key, f"one of {', '.join(sorted(shown or known))}", sorted(shown or known))

    def refuse(self, path: KeyPath, body: dict[str, Any], keys: set[str], expected: str) -> None:
        """Note every one of `keys` that asks for something."""
        for key in sorted(keys & set(body)):
            if body[key]:
                self.add((*path, key), body[key], expected)

    def column_pattern(self, path: KeyPath, pattern: str) -> None:
        """Note a column name that is meant as a regular expression and is none."""
        try:
            re.compile(pattern)
        except re.error:
            self.add(path, pattern, "a regular expression, as regex is true")

    def pattern(self, path: KeyPath, pattern: str) -> None:
        """Note a regular expression that polars does not take, or pandera, which compiles it as Python's."""
        try:
            pl.Series([""]).str.contains(pattern)
            re.compile(pattern)
        except (pl.exceptions.PolarsError, re.error):
            self.add(path, pattern, "a regular expression (no look-around, no back references)")
