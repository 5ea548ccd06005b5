"""Check the data before anything is trained on it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mlgate import __version__
from mlgate.adapters import files
from mlgate.config.address import shown
from mlgate.config.reference import split_reference
from mlgate.records import ComparisonRecord, PromotionRecord, TrainingRecord, ValidationRecord
from mlgate.steps.places import place_violations
from mlgate.verdict import Verdict

if TYPE_CHECKING:
    import polars as pl

    from mlgate.config.model import Model
    from mlgate.data.schema.schema import Schema
    from mlgate.data.schema.suite import Suite
    from mlgate.data.validation.rows import Rows
    from mlgate.records import ColumnShift, Violation
    from mlgate.steps.reference import Reference
    from mlgate.steps.workspace import Workspace


NOT_ASKED = "leakage, freshness, references, class shares and the like are asked when no rule of the files is broken"


def validate(workspace: Workspace, name: str) -> ValidationRecord:
    """Check both data files of model `name` and the training data's shift against production's."""
    from mlgate.data.drift.findings import shift_findings
    from mlgate.data.drift.importance import importance_findings, weighted
    from mlgate.data.files.read import scan
    from mlgate.data.validation.findings import findings, once
    from mlgate.data.validation.tolerances import tolerate

    model = workspace.model(name)
    code = workspace.code(name)
    files.forget_records(workspace.records, name, (ValidationRecord, TrainingRecord, ComparisonRecord, PromotionRecord))
    workspace.fetch(name)
    with workspace.doing(f"{name}: checking the data"):
        described = workspace.data_files(name)
        frames = {key: scan(workspace.data_file(name, key)) for key in described}
        schema = _rules(workspace, name)
        found = _violations(workspace, name, schema, frames)
    before = _reference(workspace, name)
    found += _resized(model, frames, before)
    taken = tolerate(place_violations(workspace, name, once(found)), model.data.tolerances)
    violations = sorted(taken, key=lambda one: not one.judges)
    shifts = _shifts(workspace, name, before, frames["train"])
    rows = sum(file.rows for file in described.values())
    said = (
        *findings(violations, rules=(schema.rules or None) if schema else None, rows=rows),
        *shift_findings(shifts, model.data.shift, since="production's training data"),
        *importance_findings(shifts),
    )
    record = ValidationRecord(
        model=name,
        mlgate=__version__,
        code=code,
        verdict=Verdict.of(said, empty="no schema and no rule judged the data"),
        findings=said,
        files=tuple(described.values()),
        violations=tuple(violations),
        shifts=shifts,
        weighted_shift=weighted(shifts),
        compared_with=before.version if before is not None and before.profile is not None else None,
    )
    workspace.write(record)
    return record


def _resized(model: Model, frames: dict[str, pl.LazyFrame], before: Reference | None) -> list[Violation]:
    """Hold the number of training rows against production's, where the configuration asks for it."""
    change = model.data.max_row_change
    if before is None or before.profile is None or change is None:
        return []
    from mlgate.data.validation.expectations import size

    return size(_rows(model, frames, "train"), before.profile.rows, change)


def _reference(workspace: Workspace, name: str) -> Reference | None:
    if not workspace.has_registry:
        return None
    from mlgate.steps.reference import production_reference

    return production_reference(workspace, name)


def _shifts(workspace: Workspace, name: str, before: Reference | None, train: pl.LazyFrame) -> tuple[ColumnShift, ...]:
    if before is None or before.profile is None:
        return ()
    from mlgate.data.drift.importance import with_importance
    from mlgate.data.drift.shifts import measure

    with workspace.doing(f"{name}: measuring the shift against production version {before.version}"):
        shifts = measure(before.profile, train, workspace.model(name).data.measured_shift)
        return with_importance(shifts, before.importance)


def _rules(workspace: Workspace, name: str) -> Schema | Suite | None:
    from mlgate.data.schema.source import load_rules

    configured = workspace.model(name).data.schema_
    if configured is None:
        return None
    rules = load_rules(workspace.loaded.file(name, "data", "schema"), split_reference(configured).part)
    for note in rules.notes:
        workspace.warn(f"{name}: {note}")
    return rules


def _violations(
    workspace: Workspace, name: str, schema: Schema | Suite | None, frames: dict[str, pl.LazyFrame]
) -> list[Violation]:
    from mlgate.data.files.members import is_typed
    from mlgate.data.validation.basics import basics
    from mlgate.data.validation.judge import judge
    from mlgate.data.validation.leakage import shared_content, shared_keys, telling_columns

    model = workspace.model(name)
    found: list[Violation] = []
    for key, frame in frames.items():
        file = shown(getattr(model.data, key))
        if schema is not None:
            typed = is_typed(workspace.data_file(name, key))
            found += judge(frame, schema, file=file, key=model.data.key, limit=model.data.examples, typed=typed)
        found += basics(frame, file=file, data=model.data, task=model.evaluate.task)
    if any(violation.judges for violation in found):
        workspace.warn(f"{name}: {NOT_ASKED}")
    else:
        found += _expectations(workspace, name, frames)
        found += shared_keys(frames["train"], frames["held_out"], model.data.key, model.data.examples)
        found += shared_content(frames["train"], frames["held_out"], model.data.key, model.data.examples)
        found += telling_columns(frames["train"], key=model.data.key, label=model.data.label, task=model.evaluate.task)
    return found


def _expectations(workspace: Workspace, name: str, frames: dict[str, pl.LazyFrame]) -> list[Violation]:
    """Ask of each file what is configured beyond the schema; only of files that are sound so far."""
    from mlgate.data.files.read import scan
    from mlgate.data.validation.expectations import balance, constants, freshness, references

    model = workspace.model(name)
    data = model.data
    found: list[Violation] = []
    for key in frames:
        rows = _rows(model, frames, key)
        if data.min_class_share and model.evaluate.task in {"binary", "multiclass"}:
            found += balance(rows, data.label, data.min_class_share)
        for reference in data.references:
            found += references(rows, reference, scan(workspace.reference_file(reference)))
    train = _rows(model, frames, "train")
    found += constants(train, {data.key, data.label})
    if data.freshness is not None:
        found += freshness(train, data.freshness, datetime.now(UTC))
    return found


def _rows(model: Model, frames: dict[str, pl.LazyFrame], key: str) -> Rows:
    from mlgate.data.validation.rows import Rows

    return Rows.of(frames[key], file=shown(getattr(model.data, key)), key=model.data.key, limit=model.data.examples)
