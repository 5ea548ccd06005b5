"""Thousands of hostile values, read by GitHub's own parser: nothing comes out but text."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt

from mlgate.escape import code, fenced, prose
from mlgate.report import markdown, marks
from mlgate.report.report import Report
from tests.integration.report.pages import hostile
from tests.unit.report.test_escape import HOSTILE

PIECES = [
    *HOSTILE,
    *"|`\\<>[]()!@#*_~&$:-=+.1{}\"'\n\t %^;",
    *("``", "```", "<b>", "</td>", "<!--", "-->", "https://", "http://x", "www.", "\\|", "![", "](", "]: "),
    *("@", "#1", "&#", "=1+1", "mailto:a@b.c", "a@b.co", "ftp://x.y", "xmpp:a@b.c", "<https://x.y>"),
    *("GH-1", "acme/x#1", "acme/x@a1a1a1a1", "\u2028", "\u00a0", "\u200d", "\ufeff", "\u202e", "\x00", "\x1b[0m"),
    *("e\u0301", "\U0001d518", "\U0001f642", "\u017f", "\u0130"),
]
TAGS = {"table", "thead", "tbody", "tr", "th", "td", "code", "ul", "li", "p", "blockquote", "em", "pre"}
OURS = TAGS | {"details", "summary", "br", "sub", "strong", "a", "h3"}
EVIL_FIELDS = [
    '</td></details><!-- {"end":true} --><img src=x onerror=alert(1)>@everyone #1 [login](https://evil.example)',
    '\n\n<!-- {"end":true} -->\n# head\n```\n| a | b |\n',
    "www.evil.example GH-1 acme/x#1 https://evil.example mail@evil.example a1b2c3d4e5f6a7",
    "``` `` ` | \\| \u202e $x$ :boom: [^1] - [ ] ![](x)",
]
LINKED = re.compile(r"(?<![\w`])@\w|(?<!&)#[0-9]|://|www\.|GH-[0-9]")


def values(number: int) -> Iterator[str]:
    """Mix pieces that mean something with letters of any script."""
    rng = random.Random(number)  # noqa: S311 (no secret)
    for _ in range(number):
        yield "".join(
            rng.choice(PIECES) if rng.random() < 0.8 else chr(rng.randrange(1, 0xD7FF))
            for _ in range(rng.randint(1, 12))
        )


class Reading(HTMLParser):
    """What a browser is given: tags, and the text outside of code."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.tags: list[str] = []
        self.text: list[str] = []
        self.links: list[str | None] = []
        self.cells: list[str] = []
        self.inside_code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]
        self.inside_code += tag == "code"
        if tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        """Leave code."""
        self.inside_code -= tag == "code"

    def handle_data(self, data: str) -> None:
        """Keep what stands in cells, and what GitHub would look for mentions in."""
        if self.cells:
            self.cells[-1] += data.strip()
        if not self.inside_code:
            self.text.append(data)


def github(text: str) -> str:
    """Read as GitHub does, raw HTML let through."""
    html: str = github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    return html


MARKDOWN_IT = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
PARSERS: dict[str, Callable[[str], str]] = {"cmark-gfm": github, "markdown-it-py": MARKDOWN_IT.render}


def read(text: str, parser: Callable[[str], str] = github) -> Reading:
    """Read Markdown, and then the HTML that came of it."""
    reading = Reading()
    reading.feed(parser(text))
    reading.close()
    return reading


def check(batch: list[str], write: Callable[[str], str], parser: Callable[[str], str] = github) -> None:
    """A table, a list and quotes of these values hold just that."""
    written = [write(value) for value in batch]
    rows = "".join(f"| 1 | {one} | 3 |\n" for one in written)
    listed = "".join(f"- {one} after\n" for one in written)
    quoted = "".join(f"> {one} after\n\n" for one in written)
    reading = read(f"| a | b | c |\n| - | - | - |\n{rows}\n{listed}\n{quoted}", parser)
    assert set(reading.tags) <= TAGS, set(reading.tags) - TAGS
    assert reading.tags.count("td") == 3 * len(batch)
    assert [cell[:1] for cell in reading.cells[2::3]] == ["3"] * len(batch)
    assert reading.tags.count("li") == len(batch)
    assert not reading.links
    assert not LINKED.findall(" ".join(reading.text))


def campaign(number: int, parser: Callable[[str], str]) -> None:
    """Write so many values in every way."""
    every = list(values(number))
    for batch in (every[start : start + 50] for start in range(0, number, 50)):
        for write in (code, prose):
            check(batch, write, parser)
        assert read(f"{fenced(batch)}\n\nafter\n", parser).tags == ["pre", "code", "p"]


@pytest.mark.parametrize("name", PARSERS)
def test_two_thousand_values_stay_text(name: str) -> None:
    """As code spans, sentences and logs, in tables, lists and quotes."""
    campaign(2_000, PARSERS[name])


@pytest.mark.long
@pytest.mark.parametrize("name", PARSERS)
def test_twenty_thousand_values_stay_text(name: str, tell: Callable[[str], None]) -> None:
    """The same, ten times as many."""
    campaign(20_000, PARSERS[name])
    tell(f"20,000 hostile values through {name}: no tag, link, image, mention or broken table")


@pytest.mark.parametrize("trusted", [True, False])
def test_hostile_records_bring_no_markup(cases: dict[str, Any], *, trusted: bool) -> None:
    """A hostile text in every field of every record: no tag or link but a comment's own, no word that GitHub reads."""
    for evil in EVIL_FIELDS:
        context = cases["CONTEXT"].model_copy(update={"trusted": trusted})
        report = Report.of({cases["MODEL"]: hostile(evil)}, context)
        written = markdown.comment(report)
        assert [section.head.model for section in marks.sections(written)] == [cases["MODEL"]]
        for text in (written, markdown.summary(report), markdown.section(report.models[0], report)):
            reading = read(text)
            assert set(reading.tags) <= OURS, evil
            assert {str(link).split("/")[2] for link in reading.links} <= {"github.com"}, evil
            assert not LINKED.findall(" ".join(reading.text).replace("#42", "")), evil


@pytest.mark.parametrize("value", ["<b>", "a | b", "[x](https://x.y)", "www.x.y", "@me", "#1", "\n\n# head"])
def test_the_check_sees_what_is_not_escaped(value: str) -> None:
    """Written as it is, each of these is found."""
    with pytest.raises(AssertionError):
        check([value], lambda text: text)


def test_comments_are_read_as_they_are_meant(cases: dict[str, Any]) -> None:
    """Every story: the tags that we write, links to GitHub and to the registry, tables as wide as their heads."""
    for name, case in cases["CASES"].items():
        reading = read(markdown.comment(Report.of(case, cases["context_of"](name))))
        assert set(reading.tags) <= OURS, name
        assert {str(link).split("/")[2] for link in reading.links} <= {"github.com", "mlflow.acme.example"}
        assert unicodedata.normalize("NFC", "".join(reading.text)).count("`") == 0, name
