"""What a data contract says and mlgate does not judge: told once, and never passed over."""

from __future__ import annotations

SHOWN = 10


class Unjudged:
    """Gathers what is not judged by its kind; in a kind's name `{s}` stands for the plural."""

    def __init__(self, file: str) -> None:
        """Start without any."""
        self._file = file
        self._found: dict[str, list[str]] = {}

    def add(self, kind: str, what: str) -> None:
        """Add one of a kind, such as `quality rule{s} of type sql`."""
        self._found.setdefault(kind, []).append(" ".join(what.split())[:80])

    def sentences(self) -> tuple[str, ...]:
        """Write one sentence for each kind."""
        return tuple(self._sentence(kind, found) for kind, found in self._found.items())

    def _sentence(self, kind: str, found: list[str]) -> str:
        several = len(found) > 1
        left = len(found) - SHOWN
        listed = ", ".join(found[:SHOWN]) + (f", … and {left} more" if left > 0 else "")
        named = kind.replace("{s}", "s" if several else "")
        return f"{self._file}: {len(found)} {named} {'are' if several else 'is'} not judged by mlgate: {listed}"
