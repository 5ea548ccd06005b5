"""Our comment is known by its first line, and nothing can end that line early."""

from __future__ import annotations

import pytest

from mlgate.report.marker import Marker


def test_a_marker_is_found_where_it_was_written() -> None:
    """What was written on the first line is read back, with either line end."""
    marker = Marker(report="nightly-eval.v2")
    assert Marker.find(f"{marker}\nrest") == marker
    assert Marker.find(f"{marker}\r\nrest") == marker
    assert str(Marker()) == '<!-- {"mlgate":1,"report":"report"} -->'


def test_reports_of_one_pull_request_keep_apart() -> None:
    """A marker matches its own report only."""
    assert not Marker(report="a").matches(f"{Marker(report='b')}\n")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "hello",
        f"hello\n{Marker()}",
        f"> {Marker()}",
        '<!-- {"mlgate":2,"report":"report"} -->',
        '<!-- {"mlgate":1,"report":"--"} -->',
        '<!-- {"mlgate":1} -->',
        '<!-- {"mlgate":1,"report":["report"]} -->',
        '<!-- {"mlgate": -->',
    ],
)
def test_anything_else_is_not_ours(body: str) -> None:
    """A quote, another format, or a broken marker is not found."""
    assert Marker.find(body) is None


@pytest.mark.parametrize("report", ["", "a--b", "a-->b", "a b", '"', "-a", "a-", "x" * 101])
def test_an_id_that_could_end_the_comment_is_refused(report: str) -> None:
    """Two hyphens, quotes, brackets and blanks never get into the marker."""
    with pytest.raises(ValueError, match="report id"):
        Marker(report=report)
