"""One Chromium for the session, and the pages that it looks at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bed.browser import Browser, browser, missing
from tests.integration.report.pages import pages


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Chromium for the session; where it is missing, skip with the way to get it, but fail in CI."""
    problem = missing()
    if problem:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(problem)
    with browser() as running:
        yield running


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write each page to a file, by its name."""
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for name, text in pages().items():
        found[name] = folder / f"{name}.html"
        found[name].write_text(text, encoding="utf-8")
    return found
