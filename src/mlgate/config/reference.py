"""How a schema is named: a file, or a class in a Python file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

PYTHON = ".py:"


@dataclass(frozen=True)
class SchemaReference:
    """The file that holds a schema, and the model's class in it where the file is Python."""

    file: Path
    class_name: str | None = None

    @classmethod
    def of(cls, written: str) -> Self:
        """Read `FILE.yaml` or `FILE.py:CLASS`."""
        file, python, class_name = written.partition(PYTHON)
        return cls(Path(f"{file}.py"), class_name or None) if python else cls(Path(written))
