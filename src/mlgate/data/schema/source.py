"""Where a schema comes from: pandera's YAML or JSON, a model in the user's repository, a data contract, a suite."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mlgate.data.schema.schema import Schema
from mlgate.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from mlgate.data.schema.suite import Suite


def load_rules(path: Path, part: str | None = None) -> Schema | Suite:
    """Load what judges data: the file at `path`, or the class or object of it that `part` names.

    Raises ConfigError with the file, the line and what is expected there.
    """
    found = _read(path, part)
    if not isinstance(found, Schema):
        return found
    told = dict.fromkeys(f"{path.name}: {check.note}" for check in found.every_check if check.note)
    return replace(found, notes=(*found.notes, *told))


def _read(path: Path, part: str | None) -> Schema | Suite:
    if path.suffix.lower() == ".py" and part is not None:
        from mlgate.data.schema.models import from_model

        return from_model(path, part)
    from mlgate.data.schema.document import read_document

    document = read_document(path)
    if document.layout == "contract":
        from mlgate.data.schema.odcs.contract import read_contract

        return read_contract(document, part)
    if part is not None:
        raise ConfigError(
            f"{path} is no data contract, and holds nothing to choose {part!r} from",
            hint=f"write `schema: {path.name}`; FILE.py:CLASS names a model, and contract.yaml:OBJECT an object",
        )
    if document.layout == "suite":
        from mlgate.data.schema.suite import read_suite

        return read_suite(document)
    from mlgate.data.schema.yaml_file import read_schema

    return read_schema(document)


def load_schema(path: Path, part: str | None = None) -> Schema:
    """Load a schema, as `load_rules` does, where no suite will do; raises ConfigError for one."""
    found = load_rules(path, part)
    if not isinstance(found, Schema):
        raise ConfigError(
            f"{path} is a suite of Great Expectations, which it judges by itself, on pandas",
            hint="name a schema or a data contract here, or have `mlgate validate` judge the suite with polars",
        )
    return found
