"""Regular expressions as Java reads them, with the meaning that they have in polars."""

from __future__ import annotations

import re

import polars as pl

# \d, \w, \s and \b of all of Unicode, and a line that ends with \n only: so polars reads every pattern
MEANING = "(?Ud)"
_HEX = r"x[0-9A-Fa-f]{2}|x\{[0-9A-Fa-f]{1,6}\}"
_ESCAPE = rf"\\(?:[dDwWsStnrfa]|{_HEX}|[pP][A-Z]|[pP]\{{[A-Z][a-z]?\}}|[!-/:;=?@\[-`{{-~])"
_IN_CLASS = rf"(?:{_ESCAPE}|[^\[\]\\&~-]|&(?!&)|~(?!~)|-(?!-))"
_TOKENS = re.compile(
    "|".join(
        (
            rf"(?P<same>{_ESCAPE}|\\[bBAz]|\(\?[is]*(?:-[is]+)?[:)]|\((?!\?)|[)|.^]|[^\\.+*?()|\[\]{{}}^$])",
            r"(?P<end>\$)",
            r"(?P<named>\(\?P?<[A-Za-z_][A-Za-z0-9_]*>)",
            r"(?P<repeated>(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\??(?![*+?{]))",
            rf"(?P<class>\[\^?{_IN_CLASS}+\])",
            r"(?P<bracket>[\]}])",
        )
    )
)


def to_java(pattern: str) -> str | None:
    """Write a pattern for Java; None where it uses what Java lacks, or may read in another way.

    Such are set operations, POSIX classes, scripts, and the flags m, u, U and x.
    """
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.PolarsError:
        return None
    written, place = [MEANING], 0
    while place < len(pattern):
        found = _TOKENS.match(pattern, place)
        if found is None:
            return None
        written.append(_in_java(found))
        place = found.end()
    return "".join(written)


def _in_java(found: re.Match[str]) -> str:
    if found.lastgroup == "end":
        return r"\z"  # Java's $ also stands before a last line break
    if found.lastgroup == "named":
        return "(?:"
    return "\\" + found[0] if found.lastgroup == "bracket" else found[0]
