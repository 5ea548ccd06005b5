"""A file of a model version, and what is known about loading it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Loading = Literal["safe", "code", "unknown"]
HEAD = 64 * 1024  # bytes from which a format is told


@dataclass(frozen=True, kw_only=True)
class ModelFile:
    """One file of a model's folder; `open` gives a seekable stream of its bytes."""

    path: str
    size: int
    open: Callable[[], BinaryIO]

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """Its ending in lower case, `.pkl`; nothing where it has none."""
        stem, dot, ending = self.name.rpartition(".")
        return f".{ending.lower()}" if stem and dot else ""

    def head(self, size: int = HEAD) -> bytes:
        """Read its first bytes."""
        with self.open() as stream:
            return stream.read(size)


@dataclass(frozen=True, kw_only=True)
class Format:
    """What a file is: `safe` loads as data, `code` runs when loaded, `unknown` is on no list of ours."""

    kind: str
    loading: Loading
    reason: str = ""

    @classmethod
    def safe(cls, kind: str) -> Format:
        """Say that it loads as data."""
        return cls(kind=kind, loading="safe")

    @classmethod
    def code(cls, kind: str, reason: str) -> Format:
        """Say that loading it runs code."""
        return cls(kind=kind, loading="code", reason=reason)

    @classmethod
    def unknown(cls, kind: str, reason: str) -> Format:
        """Say that nothing is known about loading it."""
        return cls(kind=kind, loading="unknown", reason=reason)


def words(text: str) -> frozenset[str]:
    """Read a list of names that is written as words."""
    return frozenset(text.split())
