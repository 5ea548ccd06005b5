"""What a browser says of the pages: nothing sticks out, nothing is asked for, and everybody can read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bed.browser import Browser, Scheme, Seen
from tests.integration.report.pages import EVIL, STORIES

PAGES = (
    *STORIES, "multiclass", "many-classes", "regression-slices", "ranking", "no-production", "hostile", "hostile-name",
    "drift",
)  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound(chromium: Browser, written: dict[str, Path], name: str, width: int, scheme: Scheme) -> None:
    """No error, no request, no serious fault of accessibility, and nothing wider than the window."""
    assert chromium.look(written[name], width=width, scheme=scheme) == Seen()


def test_every_page_is_looked_at(written: dict[str, Path]) -> None:
    """The list above leaves none out."""
    assert set(written) == set(PAGES)


def test_faults_would_be_seen(chromium: Browser, tmp_path: Path) -> None:
    """A page with a script that fails, a picture from elsewhere, grey on grey and a long word has all four."""
    page = tmp_path / "bad.html"
    word = "W" * 500
    page.write_text(
        '<!doctype html><html lang="en"><title>x</title><img src="https://127.0.0.1:9/x.png" alt="">'
        f'<p style="color:#999;background:#888">{word}</p><script>nothing()</script>',
        encoding="utf-8",
    )
    seen = chromium.look(page, width=360, scheme="light")
    assert any("nothing is not defined" in error for error in seen.errors)
    assert seen.requests == ["https://127.0.0.1:9/x.png"]
    assert any(one.startswith("color-contrast") for one in seen.violations)
    assert seen.wide > 1000


@pytest.mark.parametrize("name", ["passed", "many-classes", "regression-slices", "drift"])
def test_a_page_prints(chromium: Browser, written: dict[str, Path], name: str, tmp_path: Path) -> None:
    """On A4 within narrow margins nothing is cut off, and a PDF comes out."""
    pdf = tmp_path / "page.pdf"
    assert chromium.look(written[name], width=718, media="print", pdf=pdf) == Seen()
    assert pdf.read_bytes().startswith(b"%PDF")


def test_hostile_texts_stay_texts(written: dict[str, Path]) -> None:
    """No tag of a record is one of the page, in the SVG neither; hidden characters are shown."""
    for name in ("hostile", "hostile-name"):
        text = written[name].read_text(encoding="utf-8")
        assert "alert(1)" in text
        assert not [bad for bad in ("<script", "<img", "\u202e", "\x00") if bad in text]
        assert EVIL not in text
        assert text.count("</style>") == 1
