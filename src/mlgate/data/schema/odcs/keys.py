"""The keys of a data contract: its library passes over those that it does not know, and a misspelt one is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel

    from mlgate.config.position import KeyPath
    from mlgate.data.schema.notes import Notes


def unknown_keys(contract: dict[str, Any], notes: Notes) -> None:
    """Note every key of objects, properties and quality rules that the standard does not have."""
    from open_data_contract_standard.model import SchemaObject

    for path, body in _items(("schema",), contract):
        _walk(path, body, SchemaObject, notes)


def _walk(path: KeyPath, body: dict[str, Any], model: type[BaseModel], notes: Notes) -> None:
    from open_data_contract_standard.model import DataQuality, SchemaProperty

    notes.unknown(path, body, {field.alias or name for name, field in model.model_fields.items()})
    for place, rule in _items((*path, "quality"), body):
        notes.unknown(place, rule, set(DataQuality.model_fields))
    for place, prop in _items((*path, "properties"), body):
        _walk(place, prop, SchemaProperty, notes)
    items = body.get("items")
    if isinstance(items, dict):
        _walk((*path, "items"), items, SchemaProperty, notes)


def _items(path: KeyPath, body: dict[str, Any]) -> list[tuple[KeyPath, dict[str, Any]]]:
    """List the mappings of the list at the end of `path`; whatever else is there the library refuses."""
    listed = body.get(path[-1])
    found = enumerate(listed) if isinstance(listed, list) else ()
    return [((*path, str(index)), item) for index, item in found if isinstance(item, dict)]
