"""What the input `extras` adds to mlgate's own environment, by the launcher as it is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from scripts.lock import EXTRAS, names
from tests.actions.support import ACTIONS, ROOT, read
from tests.bed.suite import launch

LOCKS = ROOT / "requirements"


def test_the_extras_are_those_of_the_project() -> None:
    """Each word is an extra of pyproject.toml, has a lock, and stands in the input's description."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(EXTRAS) <= set(project["optional-dependencies"])
    assert {path.stem.removeprefix("extra-") for path in LOCKS.glob("extra-*.txt")} == set(EXTRAS)
    having = [content["inputs"]["extras"] for path in ACTIONS.values() if "extras" in (content := read(path))["inputs"]]
    assert len(having) == 4
    for one in having:
        assert set(EXTRAS) <= set(re.findall(r"\w+", one["description"]))


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_s_lock_agrees_with_all_others(extra: str) -> None:
    """Every package is in the version of the development lock, hashed, and none is the suite's: nothing is replaced."""
    text = (LOCKS / f"extra-{extra}.txt").read_text(encoding="utf-8")
    pins = set(re.findall(r"^[A-Za-z0-9].*?==[^ \\;]+", text, re.MULTILINE))
    assert pins
    assert pins <= set(re.findall(r"^[A-Za-z0-9].*?==[^ \\;]+", (LOCKS / "dev.txt").read_text(), re.MULTILINE))
    assert not set(names(text)) & set(names((LOCKS / "suite.txt").read_text(encoding="utf-8")))
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)


@pytest.mark.parametrize("word", ["nothing", "../uv", "s3;id", "$(id)", "*"])
def test_an_unknown_word_is_refused_before_anything_is_installed(tmp_path: Path, word: str) -> None:
    """It is a word of the list or an error of the request; it is never a path, a pattern or a command."""
    (tmp_path / "s3").touch()
    done = launch(f"delta {word}", tmp_path)
    assert done.returncode == 2
    assert "use words of this list: azure contracts delta" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["s3"]
