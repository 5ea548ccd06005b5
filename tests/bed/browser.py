"""A browser that looks at a page: what it complains of, what it asks for, who cannot read it, and what sticks out."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal

SCRIPT = Path(__file__).parent / "browser.mjs"
PACKAGES = Path(__file__).parents[2] / "node_modules"
NAMES = ("chromium", "chromium-browser", "google-chrome")
Scheme = Literal["light", "dark"]
Media = Literal["screen", "print"]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What is wrong with a page: `wide` are the pixels by which it is wider than the window."""

    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    wide: int = 0


@dataclass(frozen=True, kw_only=True)
class Browser:
    """A running headless Chromium."""

    ask: IO[str]
    answers: IO[str]

    def look(
        self,
        page: Path,
        *,
        width: int,
        scheme: Scheme = "light",
        media: Media = "screen",
        shot: Path | None = None,
        pdf: Path | None = None,
    ) -> Seen:
        """Open a file, on a screen or as it is printed; write a picture of the whole page to `shot`, a PDF to `pdf`."""
        asked = {
            "page": str(page),
            "width": width,
            "scheme": scheme,
            "shot": str(shot) if shot else None,
            "media": media,
            "pdf": str(pdf) if pdf else None,
        }
        self.ask.write(json.dumps(asked) + "\n")
        self.ask.flush()
        answer = json.loads(self.answers.readline())
        if "broken" in answer:
            raise RuntimeError(answer["broken"])
        return Seen(**answer)


def missing() -> str:
    """Say what is missing to look at pages, and the way to get it; nothing when all is there."""
    if not _chromium():
        return "no Chromium: apt-get install chromium"
    if not shutil.which("node"):
        return "no node: install Node.js 20 or newer"
    absent = [name for name in ("playwright-core", "axe-core") if not (PACKAGES / name).is_dir()]
    return f"no {absent[0]}: run `make tools`" if absent else ""


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium, and end it."""
    with subprocess.Popen(
        ["node", str(SCRIPT), _chromium()], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdin
        assert running.stdout
        try:
            yield Browser(ask=running.stdin, answers=running.stdout)
        finally:
            running.stdin.close()
            running.wait(timeout=30)


def _chromium() -> str:
    return next(filter(None, map(shutil.which, NAMES)), "")
