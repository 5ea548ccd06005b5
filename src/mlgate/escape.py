"""Write any value into Markdown so that it stays text: no tag, link, mention, image or broken table comes out.

`code` writes a value (a column name, a cell, a path), `prose` a sentence that may hold such values, `fenced` a log, and
`plain` words that are known beforehand.
All make invisible characters visible and clamp the length. What they return is `Markdown`, which templates
write as it is; every other string that reaches a template goes through `prose`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VALUE_LIMIT = 120
SENTENCE_LIMIT = 600
TITLE_LIMIT = 80

_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
# Letters and marks that are drawn as nothing (Unicode's Default_Ignorable_Code_Point beside those kinds), and the blank
# of Braille.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
_MOST_MARKS = 2  # combining marks on one letter, which no word of a language has more of
# A word that no Markdown dialect reads as anything but text.
_PLAIN = re.compile(
    r"[(\"'\u201c\u2018]*[^\W_]*(?:(?:[-+\u2212\u2013./,:'\u2019%=\u2265\u2264\u00b1\u00d7]|\.\.\.)[^\W_]+)*[%\u00b0]?[)\"'\u201d\u2019]*[.,;:?\u2026]*"
)
_SIGN = re.compile(r"[-+\u2212\u2013\u2014=\u2265\u2264\u00b1\u00d7/\u2026]{1,2}")
_NUMBERS = re.compile(
    r"(?!\S*[0-9a-f]{7})(\[)?([-+\u2212]?(?:[0-9][0-9.,]*(?:e[-+\u2212]?[0-9]+)?|nan|inf)%?)(\])?([.,;:]*)"
)
_CODE = re.compile(r"([(]?)`([^`]+)`([).,;:]*)")
# A quoted command keeps its spaces; what else has no space in it is a word.
_WORDS = re.compile(r"(?<!\S)[(]?`[^`\s][^`]*`[).,;:]*(?!\S)|\S+")
# `www.` and `scheme://` become links, 7 or more hex digits become commits, `GH-1` becomes an issue, `:tada:` a picture.
_LINKS = re.compile(r"www\.|[a-z]+:/|\b[0-9a-f]{7,}\b|gh-[0-9]|:(?:[a-z+-][\w+-]*|100|1234|8ball):", re.IGNORECASE)

_NAMES = re.compile(r"[A-Za-z0-9_ ,./-]*")
_HARMLESS = re.compile(r"[A-Za-z0-9 .,:%+\u2212\u2013\u2191\u2193\[\]()-]*")


class Markdown(str):
    """Text that is Markdown already."""

    __slots__ = ()


def visible(value: object, limit: int = VALUE_LIMIT) -> str:
    """Write control, bidirectional and other hidden characters of `value` as escapes, and clamp it to `limit`."""
    text = str(value)
    start = text[: limit + 1]
    shown = start if start.isascii() and start.isprintable() else "".join(_all_shown(start))
    return shown if len(text) <= limit and len(shown) <= limit else shown[: limit - 1] + "…"


def _all_shown(text: str) -> Iterator[str]:
    """Write each character, and as an escape what is not seen, or would climb out of its line."""
    before, marks = "", 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        coloured = character in "\ufe0e\ufe0f" and unicodedata.category(before or " ") == "So"
        blank = _BLANK.match(character) is not None and not coloured
        yield _escaped(character) if blank or marks > _MOST_MARKS else _shown(character)
        before = character


def _shown(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN:
        # Spaces other than the plain one are invisible differences too.
        if character == " " or not character.isspace():
            return character
        return f"\\u{ord(character):04x}"
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character)
    if short:
        return short
    return _escaped(character)


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def code(value: object, limit: int = VALUE_LIMIT) -> Markdown:
    r"""Write a value as a code span whose fence is longer than any run of backticks in it.

    A pipe is written `\|`, which a table needs; one that follows a backslash is written as its number, because
    Markdown dialects disagree about that pair.
    """
    text = visible(value, limit)
    if not text.strip():
        return Markdown("*(empty)*" if not text else "*(blank)*")
    text = text.replace("\\|", "\\u007c").replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return Markdown(f"{fence}{pad}{text}{pad}{fence}")


def title(value: str, otherwise: str) -> Markdown:
    """Write names into the title of a fold, where Markdown is not read, if they are plain ones, else other words."""
    harmless = len(value) <= TITLE_LIMIT and _NAMES.fullmatch(value) and not _LINKS.search(value)
    return Markdown(value if harmless else otherwise)


def plain(value: object) -> Markdown:
    """Write a word or number of ours as it is; whatever else turns up in its place is written as prose."""
    text = str(value)
    harmless = _HARMLESS.fullmatch(text) and "](" not in text and not _LINKS.search(text)
    return Markdown(text) if harmless else prose(text)


def fenced(lines: Iterable[str], limit: int = 200) -> Markdown:
    """Write lines of a log as a fenced block whose fence no line can close, and none of which is one of our marks."""
    shown = [visible(line, limit).replace("<!--", "<! --") for line in lines]
    longest = max((len(run) for line in shown for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return Markdown("\n".join([f"{fence}text", *shown, fence]))


def prose(value: object, limit: int = SENTENCE_LIMIT) -> Markdown:
    """Write a sentence: harmless words as they are, anything that Markdown or GitHub could read as code spans."""
    if isinstance(value, Markdown):
        return value
    text = visible(" ".join(str(value).split()), limit)
    words = [_word(word, first=index == 0) for index, word in enumerate(_WORDS.findall(text))]
    return Markdown(" ".join(words))


def _word(word: str, *, first: bool) -> str:
    quoted = _CODE.fullmatch(word)
    if quoted:
        before, inner, after = quoted.groups()
        return f"{before}{code(inner)}{after}"
    numbers = _NUMBERS.fullmatch(word)
    if numbers and (not first or (word[0].isdecimal() and word[-1].isdecimal())):
        opening, number, closing, after = numbers.groups()
        return f"{'&#91;' if opening else ''}{number}{'&#93;' if closing else ''}{after}"
    if first and not word[0].isalpha():
        return code(word)
    if not _LINKS.search(word) and (_PLAIN.fullmatch(word) or (_SIGN.fullmatch(word) and not first)):
        return word
    bare = word.rstrip(".,;:")
    return Markdown(f"{code(bare)}{word[len(bare) :]}") if bare else code(word)
