"""Where the rules are written that findings are about: the line of mlgate.yaml, or of the schema.

What decides is pure and knows no files; so the steps write it into what was decided, before it is recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.adapters import git
from mlgate.config.reference import split_reference

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from mlgate.config.gate import Slices
    from mlgate.config.position import KeyPath
    from mlgate.records import MetricResult, SliceResult, Violation
    from mlgate.steps.workspace import Workspace
    from mlgate.verdict import Place

# rules of the data that mlgate.yaml asks for, by the key that asks
ASKED_BY = {
    "min_rows": "min_rows",
    "class_share": "min_class_share",
    "row_count": "max_row_change",
    "fresh": "freshness",
    "reference": "references",
    "key_type": "key",
    "key_null": "key",
    "key_duplicate": "key",
    "label_null": "label",
    "label_type": "label",
    "label_infinite": "label",
    "label_classes": "label",
    "one_class": "label",
    "leakage": "held_out",
}
COLUMNS = ("key", "label", "weight", "cluster", "query")  # keys that name a column


def place_violations(workspace: Workspace, name: str, violations: Iterable[Violation]) -> tuple[Violation, ...]:
    """Write on each broken rule of model `name`'s data where it is written."""
    from mlgate.data.schema.places import finder

    data, above = workspace.model(name).data, ("models", name, "data")
    schema = workspace.loaded.file(name, "data", "schema") if data.schema_ else None
    line_of = finder(schema, split_reference(data.schema_).part) if schema and data.schema_ else None
    columns = {getattr(data, key): key for key in reversed(COLUMNS)}

    def place(one: Violation) -> Place | None:
        key = ASKED_BY.get(one.rule)
        line = line_of(one.column, one.rule) if line_of and not key else None
        key = key or columns.get(one.column)
        if schema and (line or not key):
            return _place(workspace, schema, line)
        return _configured(workspace, (*above, key) if key else above)

    return tuple(one.model_copy(update={"place": place(one)}) for one in violations)


def place_results(workspace: Workspace, name: str, results: Iterable[MetricResult]) -> tuple[MetricResult, ...]:
    """Write on each answer, in the order of the gate's rules, where its rule is written."""
    gate = ("models", name, "gate")
    return tuple(_placed(workspace, one, _rule(workspace, gate, index)) for index, one in enumerate(results))


def place_slices(workspace: Workspace, name: str, slices: Iterable[SliceResult]) -> tuple[SliceResult, ...]:
    """Write on each answer of a slice where its rule is written."""

    def placed(part: SliceResult) -> SliceResult:
        found = tuple(_placed(workspace, one, _rule_on(workspace, name, part, one)) for one in part.results)
        return part.model_copy(update={"results": found})

    return tuple(placed(part) for part in slices)


def _rule(workspace: Workspace, gate: KeyPath, index: int) -> KeyPath:
    """Name the key of a rule; those that `when` stands for come after those that are listed."""
    listed = (*gate, "rules", str(index))
    known = workspace.loaded.positions.lines
    return (*gate, "when") if listed not in known and (*gate, "when") in known else listed


def _rule_on(workspace: Workspace, name: str, part: SliceResult, one: MetricResult) -> KeyPath:
    above = ("models", name, "gate", "slices")
    for number, slices in enumerate(workspace.model(name).gate.slices):
        for index, rule in enumerate(slices.rules):
            if one.finding.rule == f"{rule.name} on {part.name}" and _parts_so(slices, part):
                return (*above, str(number), "rules", str(index))
    return above


def _parts_so(slices: Slices, part: SliceResult) -> bool:
    if slices.where:
        return part.of == "where" and part.name in slices.where
    return part.of.partition(";")[0] == f"by {', '.join(slices.by)}"


def _placed(workspace: Workspace, one: MetricResult, key: KeyPath) -> MetricResult:
    place = _configured(workspace, key)
    return one.model_copy(update={"finding": one.finding.model_copy(update={"place": place})})


def _configured(workspace: Workspace, key: KeyPath) -> Place | None:
    return _place(workspace, workspace.loaded.path, workspace.loaded.positions.line(key))


def _place(workspace: Workspace, file: Path, line: int | None) -> Place | None:
    return git.place_of(file, line, workspace.top) if workspace.top else None
