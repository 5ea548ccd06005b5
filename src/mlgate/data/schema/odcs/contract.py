"""A data contract of the Open Data Contract Standard, version 3, as a schema; the standard's own library reads it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from mlgate.data.nearest import nearest
from mlgate.data.schema.notes import Notes
from mlgate.data.schema.odcs.columns import Columns
from mlgate.data.schema.odcs.keys import unknown_keys
from mlgate.data.schema.odcs.notes import Unjudged
from mlgate.data.schema.schema import Schema
from mlgate.errors import ConfigError, install

if TYPE_CHECKING:
    from open_data_contract_standard.model import OpenDataContractStandard, SchemaObject

    from mlgate.data.schema.document import Document


def read_contract(document: Document, wanted: str | None) -> Schema:
    """Read one object of a contract: the one named `wanted`, or the only one.

    Raises ConfigError that lists every problem (ten at most), or the objects that there are to choose from.
    """
    notes = Notes(str(document.path), document.positions)
    unjudged = Unjudged(document.path.name)
    contract = _parsed(document, notes)
    index, chosen = _choose(document, contract, wanted)
    place = ("schema", str(index))
    columns = Columns(notes, unjudged)
    columns.add_properties((*place, "properties"), chosen.properties or [])
    columns.add_rules((*place, "quality"), chosen.quality or [])
    _beside(contract, chosen, unjudged)
    if not columns.found:
        notes.add((*place, "properties"), None, "at least one property, which is a column of the data")
    notes.raise_if_any()
    return Schema(
        columns=tuple(columns.found),
        unique=tuple(columns.unique),
        checks=tuple(columns.checks),
        allowances=columns.allowances,
        notes=unjudged.sentences(),
    )


def _parsed(document: Document, notes: Notes) -> OpenDataContractStandard:
    try:
        from open_data_contract_standard.model import OpenDataContractStandard
    except ImportError as error:
        raise ConfigError(
            f"{document.path} is a data contract, and open-data-contract-standard is not installed",
            hint=install("contracts"),
        ) from error
    raw: dict[str, Any] = _plain(document.raw)
    version = raw.get("apiVersion")
    if not str(version).startswith("v3"):
        notes.add(("apiVersion",), version, "a version 3 of the standard, such as v3.1.0")
    if raw.get("kind") != "DataContract":
        notes.add(("kind",), raw.get("kind"), "DataContract", ["DataContract"])
    notes.raise_if_any()
    unknown_keys(raw, notes)
    try:
        contract = OpenDataContractStandard.model_validate(raw)
    except ValidationError as error:
        for problem in error.errors():
            path = tuple(str(part) for part in problem["loc"])
            expected = problem["msg"].removeprefix("Input should be ").removesuffix(" are not permitted")
            notes.add(path, problem["input"], expected if problem["type"] != "extra_forbidden" else "no such key here")
    notes.raise_if_any()
    return contract


def _plain(raw: Any) -> Any:  # noqa: ANN401 (whatever a file holds)
    """Write days and moments as the standard has them, as text; YAML makes values of them."""
    if isinstance(raw, dict):
        return {str(key): _plain(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_plain(value) for value in raw]
    return raw.isoformat() if isinstance(raw, date) else raw


def _choose(document: Document, contract: OpenDataContractStandard, wanted: str | None) -> tuple[int, SchemaObject]:
    objects = list(enumerate(contract.schema_ or []))
    names = [one.name or "without a name" for _, one in objects]
    if not objects:
        raise ConfigError(f"{document.path} has no schema objects", hint="describe the data under `schema:`")
    if wanted is None and len(objects) == 1:
        return objects[0]
    fitting = [(index, one) for index, one in objects if wanted is not None and wanted in {one.name, one.physicalName}]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(names[:10]) + (", …" if len(names) > 10 else "")
    if wanted is None:
        what = f"{document.path} has {len(objects)} schema objects: {listed}"
    else:
        many = "more than one schema object is" if fitting else "no schema object is"
        what = f"{document.path}: {many} named {wanted[:80]!r}; it has {listed}"
    close = nearest(wanted, names) if wanted is not None and not fitting else ""
    raise ConfigError(what, hint=f"name one of them, as `schema: {document.path.name}:{names[0]}`{close}")


def _beside(contract: OpenDataContractStandard, chosen: SchemaObject, unjudged: Unjudged) -> None:
    """Name what stands beside the columns, and is about other data or about the service."""
    for relationship in chosen.relationships or []:
        unjudged.add("relationship{s}", f"{relationship.from_} to {relationship.to}")
    for promised in contract.slaProperties or []:
        unjudged.add("promise{s} about the service", promised.property or "")
