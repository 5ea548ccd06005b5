"""What a schema's name means: a file, and where it holds several things, which of them."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """A file, relative to the configuration, and the class or object of it that is meant."""

    file: str
    part: str | None = None


def split_reference(text: str) -> Reference:
    """Split `checks.py:Flights` and `contract.yaml:flights` at the first such ending; other texts name a whole file."""
    found = _PART.match(text)
    return Reference(found["file"], found["part"]) if found else Reference(text)


_PART = re.compile(r"(?P<file>.*?\.(?:py|ya?ml|json)):(?P<part>.+)", re.DOTALL)
