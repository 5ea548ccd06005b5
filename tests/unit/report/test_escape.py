"""Hostile values come out of Markdown as text."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from mlgate.escape import code, fenced, prose, visible

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/x.png)",
    "[click](https://evil.example)",
    "https://evil.example/login",
    "www.evil.example",
    "@everyone look",
    "see #1 and GH-1 and acme/repo#2",
    "a | b | c",
    "a\\|b",
    "\\",
    "ends with \\",
    "`",
    "``` ```` `",
    "` <b> `",
    "-->",
    "<!-- {} -->",
    "line\nbreak\r\n\r\n# heading",
    "1. list",
    "- list",
    "> quote",
    "===",
    "---",
    "\u202egnp.exe",
    "\x1b[31mred",
    "\u200b",
    "",
    "   ",
    "~~gone~~ **bold** _it_ $x$",
    "</details></td></table>",
    "&lt;b&gt; &#64;me",
    "deadbeefdeadbeef",
    "[x]: https://evil.example",
    "| --- | --- |",
    "a" * 5000,
]
# Pieces that mean something to Markdown, HTML or GitHub, mixed with anything else.
PIECES = st.lists(
    st.one_of(
        st.sampled_from([*"|`\\<>[]()!@#*_~&$:-=+.1\n\t ", "``", "<b>", "https://", "www.", "\\|"]), st.text(max_size=4)
    ),
    max_size=25,
).map("".join)


def tokens(text: str) -> list[Token]:
    """Parse, and flatten what is inside of lines."""
    return [inner for token in PARSER.parse(text) for inner in [token, *(token.children or [])]]


def cells(text: str) -> int:
    """Count the cells of the table's one row."""
    return sum(token.type == "td_open" for token in tokens(text))


def structure(text: str) -> list[str]:
    """Name the blocks that open, and the lines."""
    return [one.type for one in PARSER.parse(text) if not one.type.endswith("_close")]


def unsafe(text: str) -> list[str]:
    """Name what a reader could be fooled by: tags, links, images, and what GitHub links outside of code spans."""
    parsed = tokens(text)
    bad = [one.type for one in parsed if one.type in {"html_inline", "html_block", "link_open", "image"}]
    shown = " ".join(one.content for one in parsed if one.type == "text")
    return bad + re.findall(r"@\w|#[0-9]|://|www\.|GH-[0-9]", shown)


@pytest.mark.parametrize("write", [code, prose], ids=["code", "prose"])
@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_stays_text_in_a_table_cell(value: str, write: Callable[[str], str]) -> None:
    """Known attacks leave one row of three cells, no tag, link, image or mention, and one item of a list."""
    table = f"| a | b | c |\n| - | - | - |\n| 1 | {write(value)} | 3 |\n"
    assert cells(table) == 3
    assert unsafe(table) == []
    # Blank sentences leave nothing; the word after shows that nothing comes of that either.
    assert structure(f"- {write(value)} after\n") == ["bullet_list_open", "list_item_open", "paragraph_open", "inline"]


@settings(max_examples=400)
@given(PIECES)
def test_any_value_stays_text(value: str) -> None:
    """No string breaks a table, a list item, a quote or a fenced block, or brings a tag, link or mention with it."""
    for write in (code, prose):
        written = write(value)
        table = f"| a | b | c |\n| - | - | - |\n| 1 | {written} | 3 |\n\nafter\n"
        assert cells(table) == 3
        assert unsafe(table) == []
        assert structure(f"- {written} after\n") == ["bullet_list_open", "list_item_open", "paragraph_open", "inline"]
        assert unsafe(f"> {written}\n\nafter\n") == []
    block = PARSER.parse(f"{fenced([value, value])}\n\nafter\n")
    assert [token.type for token in block] == ["fence", "paragraph_open", "inline", "paragraph_close"]


@given(st.text())
def test_a_visible_value_is_one_short_line(value: str) -> None:
    """What is shown has no control or direction character, is not too long, and does not hide that it was cut."""
    shown = visible(value, 40)
    assert len(shown) <= 40
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]", shown)
    assert shown == value or "\\" in shown or shown.endswith("…")


def test_a_backslash_before_a_pipe_does_not_free_it() -> None:
    """Dialects disagree whether a pipe after two backslashes ends a cell, so that none is ever written."""
    assert code("a\\|b") == r"`a\u007cb`"
    assert code("a|b") == r"`a\|b`"


def test_a_code_span_shows_what_was_written() -> None:
    """A reader sees the value itself, in a table as GitHub reads tables."""
    table = f"| a |\n| - |\n| {code('x | `y` | z')} |\n"
    assert [token.content for token in tokens(table) if token.type == "code_inline"] == ["x | `y` | z"]


@pytest.mark.parametrize(
    "sentence",
    [
        "the candidate is better than production by more than 0.01.",
        "it ended with exit code 1 (after 3.5 min); 2,000 of 10,000 rows, 5% each",
        "n = 1,000: not shown to be worse",
    ],
)
def test_a_harmless_sentence_is_left_alone(sentence: str) -> None:
    """Ordinary words and numbers are not littered with code marks."""
    assert prose(sentence) == sentence


def test_intervals_and_names_read_well_in_a_sentence() -> None:
    """Brackets around numbers cannot become a link, and names are set as code."""
    assert prose("roc_auc -0.02 [-0.03, -0.01]: worse") == "`roc_auc` -0.02 &#91;-0.03, -0.01&#93;: worse"


def test_what_is_quoted_as_code_already_is_not_quoted_twice() -> None:
    """A sentence may mark its own names."""
    assert prose("column `dep_time`: missing") == "column `dep_time`: missing"


def test_a_quoted_command_keeps_its_spaces() -> None:
    """It is one thing to copy, not one span a word; a quote that is not closed stays harmless."""
    assert prose("run `mlgate promote --unfence`.") == "run `mlgate promote --unfence`."
    assert prose("(`a b`), c") == "(`a b`), c"
    assert tokens(f"{prose('run `a <b> c')}\n")
    assert unsafe(f"{prose('run `a <b> c')}\n") == []


@pytest.mark.parametrize("word", [
    "shipped:ship:", "a:tada:", ":+1:", "1234567", "1234567...7654321", "1234567e1", "0.1234567", "deadbee1",
])  # fmt: skip
def test_what_github_reads_into_a_word_is_code(word: str) -> None:
    """Names of emoji, and digits that may be a commit's."""
    for text in (word, f"see {word} there"):
        assert not re.search(r"[0-9]{7}|:\w+:", re.sub("`[^`]+`", "", prose(text)))


@pytest.mark.parametrize("word", ["09:30:15", "27,004", "+0.0251", "2026-03-02", "non-inferiority", "ratio:", "a/b"])
def test_ordinary_words_and_numbers_are_written_plainly(word: str) -> None:
    """Times, counts, differences, days."""
    assert prose(f"see {word} there") == f"see {word} there"


@pytest.mark.parametrize("hidden", ["\u3164", "\u115f", "\uffa0", "\u2800", "\ufe0f", "\u034f", "\u180b", "\U000e0100"])
def test_letters_that_are_drawn_as_nothing_are_shown(hidden: str) -> None:
    """Two names that look alike are not the same name."""
    assert "\\" in visible(f"a{hidden}b")


def test_a_letter_carries_no_tower_of_marks() -> None:
    """Accents of languages stay; what would climb out of its line is written as escapes."""
    assert visible("e\u0301 Vi\u1ec7t a\u0323\u0302") == "e\u0301 Vi\u1ec7t a\u0323\u0302"
    assert visible("a" + "\u0301" * 20).count("\u0301") == 2
    assert visible("\u26a0\ufe0f") == "\u26a0\ufe0f"
