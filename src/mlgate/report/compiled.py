"""Keep compiled templates where Python keeps compiled modules: to read one takes a fraction of compiling it."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import FileSystemBytecodeCache

if TYPE_CHECKING:
    from jinja2.bccache import Bucket


class CompiledTemplates(FileSystemBytecodeCache):
    """Bytecode of the templates in a folder, in its `__pycache__` or wherever else Python is told to keep such.

    Like Python, it writes nothing where PYTHONDONTWRITEBYTECODE is set; a folder that cannot be written is no error.
    Whoever may write there may change mlgate's own modules as well, so that reading it trusts nobody more.
    """

    def __init__(self, folder: Path, shaped_by: str) -> None:
        """Take a folder, and what shapes the code beside a template's text: what another shaped counts as none."""
        super().__init__(str(Path(cache_from_source(str(folder / "template.py"))).parent), "%s.template")
        self.shaped_by = shaped_by

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 (jinja2's signature)
        """Name the file as the template."""
        return f"{name}.{sys.implementation.cache_tag}"

    def get_source_checksum(self, source: str) -> str:
        """Tell apart texts, and what shapes their code."""
        return super().get_source_checksum(f"{self.shaped_by}\n{source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read what was kept; nothing where it is missing, torn, or of another text."""
        try:
            super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001 (pickle raises whatever it likes over bytes that are none of its own)
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled; the file appears whole, whoever else writes it."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)
