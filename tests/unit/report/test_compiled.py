"""Compiled templates are kept as Python keeps compiled modules: an aid that may be missing, torn or out of date."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader
from jinja2.bccache import bc_magic

from mlgate.report.compiled import CompiledTemplates

TEXT = "Hello {{ name }}!"


class Counting(Environment):
    """Counts what it compiles."""

    compiled = 0

    def compile(self, *values: Any, **options: Any) -> Any:
        """Compile, and count."""
        type(self).compiled += 1
        return super().compile(*values, **options)


@pytest.fixture(autouse=True)
def _written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the tests run with, Python writes bytecode here, beside its modules."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    monkeypatch.setattr(Counting, "compiled", 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one template."""
    (tmp_path / "greeting.j2").write_text(TEXT)
    return tmp_path


def render(folder: Path, shaped_by: str = "", **options: Any) -> str:
    """Render as a process of its own does."""
    cache = CompiledTemplates(folder, shaped_by)
    environment = Counting(loader=FileSystemLoader(folder), bytecode_cache=cache, **options)
    return environment.get_template("greeting.j2").render(name="<you>")


def test_a_template_is_compiled_once(folder: Path) -> None:
    """The second process reads what the first one kept, where Python keeps its own."""
    assert [render(folder), render(folder)] == ["Hello <you>!"] * 2
    assert Counting.compiled == 1
    assert [path.name for path in (folder / "__pycache__").iterdir()] == [
        f"greeting.j2.{sys.implementation.cache_tag}.template"
    ]


def test_another_text_is_compiled_again(folder: Path) -> None:
    """An upgrade changes templates where they lie."""
    render(folder)
    (folder / "greeting.j2").write_text("Bye {{ name }}!")
    assert render(folder) == "Bye <you>!"


def test_what_another_environment_compiled_is_compiled_again(folder: Path) -> None:
    """What escapes is part of the code: bytecode of an environment that does not must never be run by one that does."""
    assert render(folder, "plain") == "Hello <you>!"
    assert render(folder, "html", autoescape=True) == "Hello &lt;you&gt;!"


@pytest.mark.parametrize("left", [b"", b"j2", b"nothing of ours", "whole", "half"])
def test_what_is_torn_is_compiled_again(folder: Path, left: bytes | str) -> None:
    """A file that was cut, or is another's, is no error."""
    render(folder)
    kept = next((folder / "__pycache__").iterdir())
    whole = kept.read_bytes()
    kept.write_bytes(left if isinstance(left, bytes) else whole[: len(whole) // (1 if left == "whole" else 2)])
    assert render(folder) == "Hello <you>!"
    assert kept.read_bytes() == whole
    assert Counting.compiled == (1 if left == "whole" else 2)


def test_bytes_after_the_magic_number_that_are_no_pickle(folder: Path) -> None:
    """Pickle has errors of its own."""
    render(folder)
    kept = next((folder / "__pycache__").iterdir())
    kept.write_bytes(bc_magic + b"\xff" * 40)
    assert render(folder) == "Hello <you>!"
    assert Counting.compiled == 2


def test_a_folder_that_cannot_be_written(folder: Path) -> None:
    """An installation that is read-only compiles each time."""
    (folder / "__pycache__").write_text("no folder")
    assert [render(folder), render(folder)] == ["Hello <you>!"] * 2
    assert Counting.compiled == 2


def test_python_that_writes_no_bytecode(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PYTHONDONTWRITEBYTECODE is heeded."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    render(folder)
    assert not (folder / "__pycache__").exists()


def test_python_that_keeps_bytecode_elsewhere(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PYTHONPYCACHEPREFIX is heeded."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.setattr(sys, "pycache_prefix", str(elsewhere))
    render(folder)
    assert not (folder / "__pycache__").exists()
    assert list(elsewhere.rglob("greeting.j2.*.template"))
