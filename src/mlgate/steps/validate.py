"""Check the data before anything is trained on it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import ValidationError

from mlgate import __version__
from mlgate.adapters import files
from mlgate.records import ComparisonRecord, PromotionRecord, TrainingRecord, ValidationRecord
from mlgate.verdict import Verdict

if TYPE_CHECKING:
    import polars as pl

    from mlgate.config.model import Model
    from mlgate.data.profile.profile import Profile
    from mlgate.data.schema.schema import Schema
    from mlgate.data.validation.rows import Rows
    from mlgate.records import ColumnShift, Violation
    from mlgate.steps.workspace import Workspace


def validate(workspace: Workspace, name: str) -> ValidationRecord:
    """Check both data files of model `name` and the training data's shift against production's."""
    from mlgate.data.drift.findings import shift_findings
    from mlgate.data.files.read import scan
    from mlgate.data.validation.findings import findings, once
    from mlgate.data.validation.tolerances import tolerate

    model = workspace.model(name)
    code = workspace.code(name)
    files.forget_records(workspace.records, name, (ValidationRecord, TrainingRecord, ComparisonRecord, PromotionRecord))
    with workspace.doing(f"{name}: checking the data"):
        described = workspace.data_files(name)
        frames = {key: scan(workspace.loaded.file(name, "data", key)) for key in described}
        schema = _schema(workspace, name)
        found = _violations(workspace, name, schema, frames)
    version, profile = _production_profile(workspace, name)
    if profile is not None and model.data.max_row_change is not None:
        from mlgate.data.validation.expectations import size

        found += size(_rows(model, frames, "train"), profile.rows, model.data.max_row_change)
    violations = tolerate(once(found), model.data.tolerances)
    sound = not any(violation.judges for violation in violations)
    shifts = _shifts(workspace, name, version, profile, frames["train"]) if profile is not None and sound else ()
    rows = sum(file.rows for file in described.values())
    said = (
        *findings(violations, rules=schema.rules if schema else None, rows=rows),
        *shift_findings(shifts, model.data.shift, since="production's training data"),
    )
    record = ValidationRecord(
        model=name,
        mlgate=__version__,
        code=code,
        verdict=Verdict.of(said, empty="no schema and no rule judged the data"),
        findings=said,
        files=tuple(described.values()),
        violations=violations,
        shifts=shifts,
        compared_with=version if profile is not None else None,
    )
    workspace.write(record)
    return record


def _shifts(
    workspace: Workspace, name: str, version: str | None, profile: Profile, train: pl.LazyFrame
) -> tuple[ColumnShift, ...]:
    from mlgate.data.drift.shifts import measure

    with workspace.doing(f"{name}: measuring the shift against production version {version}"):
        return measure(profile, train, workspace.model(name).data.measured_shift)


def _schema(workspace: Workspace, name: str) -> Schema | None:
    from mlgate.config.reference import SchemaReference
    from mlgate.data.schema.source import load_schema

    configured = workspace.model(name).data.schema_
    if configured is None:
        return None
    class_name = SchemaReference.of(configured).class_name
    return load_schema(workspace.loaded.file(name, "data", "schema"), class_name)


def _violations(
    workspace: Workspace, name: str, schema: Schema | None, frames: dict[str, pl.LazyFrame]
) -> list[Violation]:
    from mlgate.data.validation.basics import basics
    from mlgate.data.validation.leakage import shared_content, shared_keys, telling_columns
    from mlgate.data.validation.rules import violations

    model = workspace.model(name)
    found: list[Violation] = []
    for key, frame in frames.items():
        shown = getattr(model.data, key)
        if schema is not None:
            found += violations(frame, schema, file=shown, key=model.data.key, limit=model.data.examples)
        found += basics(frame, file=shown, data=model.data, task=model.evaluate.task)
    if not any(violation.judges for violation in found):
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
            found += references(rows, reference, scan(workspace.loaded.path.parent / reference.file))
    train = _rows(model, frames, "train")
    found += constants(train, {data.key, data.label})
    if data.freshness is not None:
        found += freshness(train, data.freshness, datetime.now(UTC))
    return found


def _rows(model: Model, frames: dict[str, pl.LazyFrame], key: str) -> Rows:
    from mlgate.data.validation.rows import Rows

    return Rows.of(frames[key], file=getattr(model.data, key), key=model.data.key, limit=model.data.examples)


def _production_profile(workspace: Workspace, name: str) -> tuple[str | None, Profile | None]:
    """Return production's version and the profile of what it was trained on, where there is one."""
    if not workspace.has_registry:
        return None, None
    from mlgate.adapters.registry import runs
    from mlgate.data.profile.profile import Profile
    from mlgate.steps.production import find_production

    production = find_production(workspace, name)
    if production is None:
        return None, None
    text = runs.fetch_text(workspace.registry, production.run_id, "profile.json")
    try:
        return production.version, Profile.model_validate_json(text) if text else None
    except ValidationError:
        workspace.warn(f"{name}: the profile of production version {production.version} is of another mlgate's format")
        return production.version, None
