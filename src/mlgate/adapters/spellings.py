"""How a secret may stand in a text: as it is, and as URLs, JSON, Python, HTML and base64 write it.

Each spelling is a regular expression in which no step can be tried in two ways, so that looking for it takes a time
that grows with the text alone.
"""

from __future__ import annotations

import re
from base64 import b64encode
from html.entities import codepoint2name
from itertools import groupby

SHORTEST = 6  # what is shorter would take ordinary words with it
_SLASH = r"(?:\\|%(?:25){0,3}+5[cC])"
_SLASHES = f"{_SLASH}{{0,8}}+"  # a text that was escaped twice or three times has as many
_ESCAPE = f"{_SLASH}{{1,8}}+"
_SHORT = {"\t": "t", "\b": "b", "\f": "f", "\v": "v"}
_ENDING = "(?:=|(?i:%3d)){0,2}+"


def spellings(secret: str) -> list[str]:
    """Return patterns for a secret as it is, with any of its characters escaped, and in base64 wherever it starts."""
    runs = [(character, len(list(run))) for character, run in groupby(secret)]
    before = ["", *(character for character, _ in runs)]
    escaped = "".join(_escaped(*run, after=after) for run, after in zip(runs, before, strict=False))
    return list(dict.fromkeys([re.escape(secret), escaped, *base64_spellings(secret)]))


def base64_spellings(secret: str, starts: tuple[int, ...] = (0, 1, 2)) -> list[str]:
    """Return patterns for what base64 makes of a secret that has so many bytes before it, modulo three.

    Characters to which bytes around the secret add bits are left out; at the end of the text there are none.
    """
    data = secret.encode(errors="replace")
    found = []
    for start in starts:
        code = b64encode(bytes(start) + data).decode().rstrip("=")
        first, last = (4 * start + 2) // 3, 8 * (start + len(data)) // 6
        if last - first >= SHORTEST:
            within, ending = (_in_base64(code[first:end]) for end in (last, len(code)))
            found += [ending + _ENDING, within]
    return found


def _in_base64(code: str) -> str:
    """Allow the alphabet of addresses, and an address's escapes."""
    return code.replace("+", "(?>(?i:%2b)|[+-])").replace("/", rf"(?>(?i:%2f)|{_SLASHES}/|_)")


def _escaped(character: str, times: int, *, after: str) -> str:
    """Return a pattern for one character so many times, each as it is or escaped.

    A backslash of the secret's own takes with it those by which the character after it is escaped.
    """
    if character.isascii() and character.isalnum():
        return character * times
    if character == "\\":
        return f"(?>{'|'.join(_escapes(character, _ESCAPE))}){{1,{8 * times}}}+"
    one, first = (
        f"(?>{'|'.join(_escapes(character, begin))})" for begin in (_ESCAPE, _SLASHES if after == "\\" else _ESCAPE)
    )
    return first + one * (times - 1)


def _escapes(character: str, begin: str) -> list[str]:
    """Return patterns for every escape of a character: of URLs, HTML, and with `begin` of JSON and Python."""
    number, octets = ord(character), character.encode(errors="replace")
    units = character.encode("utf-16-be", errors="replace")
    pairs = [units[at : at + 2].hex() for at in range(0, len(units), 2)]
    name = codepoint2name.get(number, {39: "apos"}.get(number))
    in_url = "%(?:25){1,4}+" if character == "%" else "".join(f"%(?:25){{0,3}}+{octet:02x}" for octet in octets)
    return [
        f"(?i:{begin}{_ESCAPE.join(f'x{octet:02x}' for octet in octets)})",
        f"(?i:{begin}{_ESCAPE.join(f'u{pair}' for pair in pairs)})",
        f"(?i:{begin}(?:x{number:02x}|u{number:08x}))",
        *([begin + _SHORT[character]] if character in _SHORT else []),
        f"&#0{{0,8}}+(?:{number}|x0{{0,8}}+(?i:{number:x}));",
        *([f"&{name};"] if name else []),
        *([r"\+"] if character == " " else []),
        _ESCAPE if character == "\\" else f"{_SLASHES}(?:(?i:{in_url})|{re.escape(character)})",
    ]
