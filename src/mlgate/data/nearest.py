"""The nearest known name for one that is not known."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """Say `; did you mean 'x'?`, or nothing where no known word is close."""
    close = nearest_name(word, known)
    return f"; did you mean {close!r}?" if close else ""


def nearest_name(word: str, known: Iterable[str]) -> str | None:
    """Return the known name that `word` is most likely a misspelling or a renaming of."""
    names = list(known)
    close = difflib.get_close_matches(word, names, 1, 0.6)
    if close:
        return close[0]
    # dep_time and departure_time: each part abbreviates the other's
    parts = _parts(word)
    alike = (name for name in names if _abbreviates(parts, _parts(name)))
    longer = (name for name in names if len(word) >= 3 and name.startswith(word))
    return next(alike, None) or next(longer, None)


def _parts(name: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return [part for part in re.split(r"[^a-z0-9]+", spaced.lower()) if part]


def _abbreviates(left: list[str], right: list[str]) -> bool:
    return (
        bool(left)
        and len(left) == len(right)
        and all(one.startswith(other) or other.startswith(one) for one, other in zip(left, right, strict=True))
    )
