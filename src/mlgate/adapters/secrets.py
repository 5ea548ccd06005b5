"""What an environment keeps secret: told by the names of its variables, and never repeated in a record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

HIDDEN = "***"
SHORTEST = 6  # what is shorter would take ordinary words with it
# Which keys are secret is said by the word before: a PRIMARY_KEY is a column, and a BYPASS no password.
_NAMED = re.compile(
    r"passw|passphrase|secret|token(?!iz)|credential|_auth$|_pat$|_pwd$|(?:^|_|pg|db)pass$"
    r"|(?:api|access|private|account|master|(?<![a-z])sign(?:ing)?|(?:en|de)crypt(?:ion)?|fernet|hmac|jwt)_?key"
    r"|conn(?:ection)?_?str(?:ing)?$|webhook(?:_?url)?$",
    re.IGNORECASE,
)
_IN_A_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/:@]*:([^\s/@]+)@", re.IGNORECASE)
_USER_IN_A_URL = re.compile(r"https?://([^\s/:@]+)(?::[^\s/@]*)?@", re.IGNORECASE)
_ASSIGNED = re.compile(  # in a connection string, or in the query of a signed address
    r"(?:^|[;?&\s])(?:accountkey|sharedaccesskey|sharedaccesssignature|password|pwd|sig|(?:x-amz-|x-goog-)?signature"
    r"|access_token|token|api_?key)=([^;&#\s]+)",
    re.IGNORECASE,
)
TOKEN = 10  # letters and digits that make a user of an address a token


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
        tokens = filter(_is_token, _USER_IN_A_URL.findall(value))
        for part in (*_IN_A_URL.findall(value), *_ASSIGNED.findall(value), *tokens):
            found += [part, unquote(part)]
        yield from (one for one in found if len(one) >= SHORTEST)


def _is_token(user: str) -> bool:
    """Whether the user of an address is more than a name: long, with a digit."""
    return len(user) >= TOKEN and any(letter.isdigit() for letter in user)
