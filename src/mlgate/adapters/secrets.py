"""What an environment keeps secret: told by the names of its variables, and never repeated in a record."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from typing import TYPE_CHECKING
from urllib.parse import unquote

from mlgate.adapters.spellings import SHORTEST, base64_spellings, spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

HIDDEN = "***"
# Which keys are secret is said by the word before: a PRIMARY_KEY is a column, and a BYPASS no password.
_NAMED = re.compile(
    r"passw|passphrase|secret|token(?!iz)|credential|authorization$|_auth(?:_config)?$|_pat$|_pwd$"
    r"|(?:^|_|pg|db)pass$"
    r"|(?:api|access|private|account|master|(?<![a-z])sign(?:ing)?|(?:en|de)crypt(?:ion)?|fernet|hmac|jwt)_?key"
    r"|(?:^|_)(?:app|application|subscription|licen[cs]e|azure_storage|kaggle|openai|anthropic|cohere|mistral|gemini"
    r"|groq|hf|huggingface|wandb|comet|neptune|datadog|ssh|gpg|deploy|cosign)_?key$"
    r"|conn(?:ection)?_?str(?:ing)?$|webhook(?:_?url)?$",
    re.IGNORECASE,
)
_KEY = re.compile(r"(?:^|_)key$", re.IGNORECASE)
_KEY_OF_DATA = re.compile(
    r"(?:^|_)(?:primary|foreign|partition|sort|cluster|group|join|merge|index|unique|row|shard|hash|cache|restore|object"
    r"|public)_key$",
    re.IGNORECASE,
)
_RANDOM = re.compile(r"[A-Za-z0-9]{16,}")
_ADDRESS = r"[a-z][a-z0-9+.-]{0,30}://"
_LOGIN_IN_A_URL = re.compile(rf"{_ADDRESS}([^\s/:@?#]*):((?:(?!://)\S){{1,9999}})@", re.IGNORECASE)
_USER_IN_A_URL = re.compile(r"https?://([^\s/:@]+)(?::(?!\d*[/?#])(?:(?!://)\S){0,9999})?@", re.IGNORECASE)
_PORT = re.compile(r"\d*[/?#]")
MOST_ENDS = 5
_ASSIGNED = re.compile(  # in a connection string, in the query of a signed address, or in a list of headers
    r"(?:^|[;,?&\s])(?:accountkey|sharedaccesskey|sharedaccesssignature|password|pwd|sig|(?:x-amz-|x-goog-)?signature"
    r"|access_token|token|(?:x-)?api[_-]?key)=([^;,&#\s]+)",
    re.IGNORECASE,
)
_KEYED = re.compile(r"[?&]key=([^&#\s]+)", re.IGNORECASE)
_SCHEME = r"(?:bearer|basic|token|apikey)(?:\s+|%20)"
_AFTER_SCHEME = re.compile(rf"{_SCHEME}(\S+)", re.IGNORECASE)
_HEADER = re.compile(rf"authorization[\"']?\s*[:=]\s*[\"']?{_SCHEME}([^\s\"',;]+)", re.IGNORECASE)
_NETRC = re.compile(r"(?:machine\s+\S+|default)\s+login\s+(\S+)\s+(?:account\s+\S+\s+)?password\s+(\S+)")
_PASSWORD = re.compile(r"(.*_)(?:password|passwd|pass|pwd)", re.IGNORECASE)
TOKEN = 10  # letters and digits that make a user of an address a token


def hiding(environment: Mapping[str, str]) -> Callable[[str], str]:
    """Return a function that writes *** in place of every secret of `environment`, however it is spelled."""
    any_of = _any_of(environment)
    return (lambda text: any_of.sub(HIDDEN, text)) if any_of else lambda text: text


def hide_across(lines: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """Hide the secrets in lines that follow each other, also one that begins in a line and ends in a later one."""
    any_of = _any_of(environment)
    if any_of is None:
        return list(lines)
    apart = [any_of.sub(HIDDEN, line) for line in lines]
    whole, found, start = "".join(apart), [], 0
    spans = [match.span() for match in any_of.finditer(whole)]
    for line in apart:
        found.append(_without(whole, spans, start, start + len(line)))
        start += len(line)
    return found


def _without(whole: str, spans: list[tuple[int, int]], start: int, end: int) -> str:
    """Return `whole` from `start` to `end` with *** for each span's part of it."""
    parts = []
    for low, high in spans:
        if low < end and high > start:
            parts += [whole[start:low], HIDDEN]
            start = min(high, end)
    return "".join([*parts, whole[start:end]])


def _any_of(environment: Mapping[str, str]) -> re.Pattern[str] | None:
    secrets = sorted({one for one in _secrets(environment) if len(one) >= SHORTEST}, key=len, reverse=True)
    logins = sorted({login for login in _logins(environment) if len(login) >= SHORTEST}, key=len, reverse=True)
    patterns = [pattern for login in logins for pattern in base64_spellings(login, (0,))]
    patterns += [pattern for secret in secrets for pattern in spellings(secret)]
    return re.compile("|".join(patterns)) if patterns else None


def _secrets(environment: Mapping[str, str]) -> Iterator[str]:
    """Find what is secret, in the order of the variables; what is too short, too."""
    for name, value in environment.items():
        found = [line.strip() for line in value.splitlines()] if _is_named(name, value) else []
        found += [one for line in found for one in _AFTER_SCHEME.findall(line)]
        for part in (*_in_value(value), *(password for _, password in _logins_in(value))):
            found += [part, unquote(part)]
        yield from found
        yield from (password for one in found for password in _packed(one))
        yield from _secrets(_members(value))


def _is_named(name: str, value: str) -> bool:
    """Whether a name says that its value is secret; of a key without such a word, the value does."""
    if _NAMED.search(name):
        return True
    undecided = _KEY.search(name) and not _KEY_OF_DATA.search(name)
    return bool(undecided) and any(map(_is_mixed, _RANDOM.findall(value)))


def _is_mixed(text: str) -> bool:
    return not text.isalpha() and not text.isdigit()


def _in_value(value: str) -> Iterator[str]:
    """Find what is secret wherever it stands."""
    yield from _ASSIGNED.findall(value)
    yield from _HEADER.findall(value)
    yield from filter(_is_token, _USER_IN_A_URL.findall(value))
    yield from (key for key in _KEYED.findall(value) if _is_token(key) and any(map(str.isalpha, key)))


def _is_token(user: str) -> bool:
    """Whether the user of an address is more than a name: long, with a digit."""
    return len(user) >= TOKEN and any(letter.isdigit() for letter in user)


def _logins_in(value: str) -> Iterator[tuple[str, str]]:
    """Find users and their passwords in addresses and in what a .netrc file holds.

    A password may hold an @ or a slash that should have been escaped, so that it may end at any @ of its address.
    """
    for user, most in _LOGIN_IN_A_URL.findall(value):
        ends = [match.start() for match in re.finditer("@", most)][:MOST_ENDS]
        for password in (*(most[:end] for end in ends), most):
            if not _PORT.match(password):
                yield user, password
    yield from _NETRC.findall(value)


def _logins(environment: Mapping[str, str]) -> Iterator[str]:
    """Write users and passwords as HTTP's basic authentication joins them, before base64 hides both."""
    upper = {name.upper(): value for name, value in environment.items()}
    for name, password in upper.items():
        match = _PASSWORD.fullmatch(name)
        users = (upper.get(f"{match[1]}{word}") for word in ("USERNAME", "USER")) if match else ()
        yield from (f"{user}:{password}" for user in users if user and password)
    for value in environment.values():
        yield from (f"{unquote(user)}:{unquote(password)}" for user, password in _logins_in(value))


def _packed(text: str) -> Iterator[str]:
    """Find the password in base64 of a user and a password."""
    try:
        user, colon, password = b64decode(text, validate=True).decode().partition(":")
    except ValueError:
        return
    if colon and user.isprintable() and password.isprintable():
        yield password


def _members(value: str) -> dict[str, str]:
    """Return the strings of a JSON object by their keys, however deep, as if they were variables."""
    if not value.lstrip().startswith("{"):
        return {}
    try:
        left = [("", json.loads(value))]
    except (ValueError, RecursionError):
        return {}
    found: dict[str, str] = {}
    while left:
        name, one = left.pop()
        if isinstance(one, dict):
            left += [(f"_{key}", inner) for key, inner in one.items()]
        elif isinstance(one, list):
            left += [(name, inner) for inner in one]
        elif isinstance(one, str):
            found[f"{len(found)}{name}"] = one
    return found
