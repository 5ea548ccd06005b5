"""Where a schema comes from: a YAML file, or a pandera model in the user's repository."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from mlgate.data.schema.schema import Schema


def load_schema(path: Path, class_name: str | None = None) -> Schema:
    """Load the schema at `path`: YAML, or with `class_name` a pandera model of a Python file.

    Raises ConfigError with the file, the line and what is expected there.
    """
    schema = _read(path, class_name)
    told = dict.fromkeys(f"{path.name}: {check.note}" for check in schema.every_check if check.note)
    return replace(schema, notes=(*schema.notes, *told))


def _read(path: Path, class_name: str | None) -> Schema:
    if class_name is not None:
        from mlgate.data.schema.models import from_model

        return from_model(path, class_name)
    from mlgate.data.schema.yaml_file import read_schema

    return read_schema(path)
