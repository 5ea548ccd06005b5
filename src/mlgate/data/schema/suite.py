"""A suite of Great Expectations, as its versions 0.x and 1.x write it, for it to judge data by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from mlgate.data import gx
from mlgate.data.schema.notes import Notes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlgate.config.position import KeyPath
    from mlgate.data.schema.document import Document

MOST = 5000
STEERING = {"result_format", "catch_exceptions", "include_config", "batch_id"}  # they steer a report, and judge nothing
SEVERITIES: dict[str, Literal["warn", "error"]] = {
    **dict.fromkeys(("critical", "error"), "error"),
    **dict.fromkeys(("warning", "warn", "info"), "warn"),
}


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """One rule of a suite; `made` is what Great Expectations made of its name and arguments."""

    rule: str
    arguments: Mapping[str, Any]
    severity: Literal["warn", "error"]
    made: Any

    @property
    def column(self) -> str | None:
        """Name its column, where it is about one."""
        return self.arguments.get("column")

    @property
    def expected(self) -> str:
        """Say in words what is expected, such as `column values to be between: min_value 0, max_value 23`."""
        words = self.rule.removeprefix("expect_").replace("_", " ")
        told = [f"{name} {str(value)[:120]}" for name, value in self.arguments.items() if name != "column"]
        return words + (f": {', '.join(told)}" if told else "")


@dataclass(frozen=True, kw_only=True)
class Suite:
    """What a file must look like, as Great Expectations judges it; `notes` as of a `Schema`."""

    expectations: tuple[Expectation, ...]
    notes: tuple[str, ...] = ()

    @property
    def rules(self) -> int:
        """Count the rules that judge."""
        return sum(one.severity == "error" for one in self.expectations)


def read_suite(document: Document) -> Suite:
    """Read the suite that stands in `document`; raises ConfigError that lists every problem (ten at most) at once."""
    notes = Notes(str(document.path), document.positions)
    top = notes.mapping((), document.raw, "a suite")
    listed = top["expectations"]
    if not isinstance(listed, list) or not listed:
        notes.add(("expectations",), listed, "a list of at least one expectation")
    elif len(listed) > MOST:
        notes.add(("expectations",), f"{len(listed):,} expectations", f"at most {MOST:,}: split the suite")
    notes.raise_if_any()
    gx.require(document.path)
    known = gx.known_rules()
    read = [_expectation(("expectations", str(index)), item, known, notes) for index, item in enumerate(listed)]
    notes.raise_if_any()
    note = (
        f"{document.path.name} is judged by Great Expectations on pandas: the columns of one rule at a time, with all "
        "their rows, are held in memory; a YAML schema needs no such memory, and is quicker"
    )
    return Suite(expectations=tuple(one for one in read if one is not None), notes=(note,))


def _expectation(path: KeyPath, raw: object, known: list[str], notes: Notes) -> Expectation | None:
    before = len(notes)
    body = notes.mapping(path, raw, "an expectation as {type: ..., kwargs: {...}}")
    if len(notes) > before:
        return None
    rule = body.get("type") or body.get("expectation_type")
    if not isinstance(rule, str):
        notes.add((*path, "type"), rule, "the name of an expectation, such as expect_column_values_to_not_be_null")
    given = notes.mapping((*path, "kwargs"), body.get("kwargs") or {}, "arguments by name")
    arguments = {name: value for name, value in given.items() if name not in STEERING and value is not None}
    for name, value in arguments.items():
        if isinstance(value, dict) and any(str(key).startswith("$") for key in value):
            notes.add((*path, "kwargs", name), value, "a value: mlgate has no parameters to put in its place")
    severity = _severity(path, body, notes)
    if len(notes) > before or not isinstance(rule, str):
        return None
    if rule not in known:
        notes.add((*path, "type"), rule, "an expectation that comes with Great Expectations", known)
        return None
    try:
        made = gx.make(rule, arguments)
    except ValueError as error:
        notes.add((*path, "kwargs"), given, f"what {rule} takes ({error})")
        return None
    return Expectation(rule=rule, arguments=arguments, severity=severity, made=made)


def _severity(path: KeyPath, body: Mapping[str, Any], notes: Notes) -> Literal["warn", "error"]:
    """Read an expectation's own word; in `meta`, which is the user's, other words may stand for something else."""
    meta = notes.mapping((*path, "meta"), body.get("meta") or {}, "keys and values")
    found = body.get("severity")
    if found is None:
        return SEVERITIES.get(str(meta.get("severity")).lower(), "error")
    if not isinstance(found, str) or found.lower() not in SEVERITIES:
        notes.add((*path, "severity"), found, f"one of {', '.join(SEVERITIES)}", SEVERITIES)
        return "error"
    return SEVERITIES[found.lower()]
