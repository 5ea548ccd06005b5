"""What a comment hides: whose it is, and where each model's section begins; nothing in a record can say so."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlgate.escape import code, fenced, prose
from mlgate.report import markdown, marks
from mlgate.report.head import Head
from mlgate.report.report import Report
from mlgate.verdict import Outcome

WORDS = st.text(max_size=300)
HEADS = st.builds(
    Head,
    model=WORDS,
    project=WORDS,
    outcome=st.sampled_from(Outcome),
    decided_by=WORDS,
    sentence=WORDS,
    happened=WORDS,
    candidate=st.none() | WORDS,
    commit=WORDS,
)


@given(HEADS)
def test_a_line_is_read_as_it_was_written(head: Head) -> None:
    """Whatever a record's texts hold, they come back, and nothing in them ends the hidden line."""
    line = marks.section_line(head)
    assert re.fullmatch(r"<!-- [ -~]+ -->", line)
    assert "--" not in line[4:-3]
    assert ">" not in line[4:-3]
    (read,) = marks.sections(f"{marks.first_line()}\n{line}\n{marks.last_line()}\nfooter")
    assert read.head == head


@given(WORDS | st.sampled_from([marks.first_line(), marks.block_line("table"), f"\n{marks.last_line()}\n"]))
def test_no_text_looks_like_a_hidden_line(text: str) -> None:
    """Neither a log, nor a value, nor a sentence that quotes one of our lines."""
    for written in (fenced(text.split("\n")), code(text), prose(text)):
        assert not [line for line in written.split("\n") if marks.is_mark(line)]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_sections_are_read_from_a_comment(cases: dict[str, Any], end: str) -> None:
    """Every model's line and blocks, with either line end."""
    report = Report.of(cases["CASES"]["several-models"], cases["CONTEXT"])
    comment = markdown.comment(report)
    read = marks.sections(comment.replace("\n", end))
    assert [section.head.model for section in read] == ["flight-delay", "no-show", "arrival-time"]
    assert list(read[1].blocks) == ["violations", "data", "reproduce"]
    assert all(text in comment for section in read for text in section.blocks.values())


@pytest.mark.parametrize(
    "body",
    [
        "",
        "hello",
        f"hello\n{marks.first_line()}",
        f"> {marks.first_line()}",
        f" {marks.first_line()}",
        '<!-- {"mlgate":2} -->',
        '<!-- {"mlgate":"1"} -->',
        "<!-- [1] -->",
        '<!-- {"mlgate": -->',
    ],
)
def test_anything_else_is_not_ours(body: str) -> None:
    """A quote, another format, or a broken line is not found."""
    assert not marks.is_ours(body)


@pytest.mark.parametrize(
    "section", ["1", '{"model":1}', '{"model":"m"}', '{"model":"m","outcome":"GREAT"}', "null", "[]"]
)
def test_a_section_that_cannot_be_read_is_left_out(section: str) -> None:
    """Somebody edited the comment by hand: the rest of it stays."""
    good = marks.section_line(Head(model="m", outcome=Outcome.PASS, decided_by="", sentence="", happened=""))
    body = f'{marks.first_line()}\n<!-- {{"section":{section}}} -->\nlost\n{good}\n{marks.block_line("data")}\nkept'
    (read,) = marks.sections(body)
    assert read.blocks == {"data": "kept"}
