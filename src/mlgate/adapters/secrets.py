"""What an environment keeps secret: told by the names of its variables, and never repeated in a record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

HIDDEN = "***"
SHORTEST = 6  # what is shorter would take ordinary words with it
_NAMED = re.compile(
    r"passw|passphrase|secret|token(?!iz)|credential|api_?key|access_?key|private_?key|account_?key|_auth$|_pat$",
    re.IGNORECASE,
)
_IN_A_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/:@]*:([^\s/@]+)@", re.IGNORECASE)


def hiding(environment: Mapping[str, str]) -> Callable[[str], str]:
    """Return a function that writes *** in place of every secret of `environment`."""
    secrets = sorted(set(_secrets(environment)), key=len, reverse=True)
    if not secrets:
        return lambda text: text
    any_of = re.compile("|".join(map(re.escape, secrets)))
    return lambda text: any_of.sub(HIDDEN, text)


def _secrets(environment: Mapping[str, str]) -> Iterator[str]:
    for name, value in environment.items():
        found = [line.strip() for line in value.splitlines()] if _NAMED.search(name) else []
        for password in _IN_A_URL.findall(value):
            found += [password, unquote(password)]
        yield from (one for one in found if len(one) >= SHORTEST)
