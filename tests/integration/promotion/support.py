"""Candidates and their comparisons, made without training: one file stands for a model."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from mlgate.adapters import files
from mlgate.adapters.registry import runs, versions
from mlgate.promotion.history import Entry
from mlgate.promotion.tags import candidate_tags, evidence_tags
from mlgate.records import ComparisonRecord, Version
from mlgate.steps.production import find_production
from mlgate.steps.workspace import Workspace
from mlgate.tag_names import BASE
from mlgate.training import identity
from mlgate.verdict import Outcome, Verdict
from tests.integration.conftest import commit, open_workspace

PASSED = Verdict(outcome=Outcome.PASS, decided_by="every rule", sentence="the rule holds")
FAILED = Verdict(outcome=Outcome.FAIL, decided_by="roc_auc", sentence="worse")


def registered(
    workspace: Workspace,
    content: str | Callable[[Path], object],
    name: str = "churn",
    pull_request: int | None = None,
) -> Version:
    """Register a candidate: its only file holds `content`, or `content` writes its files into a folder."""
    registry = workspace.registry
    _, run_id = runs.open_run(registry, name, {}, {})
    with tempfile.TemporaryDirectory() as folder:
        if isinstance(content, str):
            Path(folder, "MLmodel").write_text(content, encoding="utf-8")
        else:
            content(Path(folder))
        digest = files.manifest_digest(files.manifest(Path(folder)))
        source = runs.save_folder(registry, run_id, "model", Path(folder))
    tags = candidate_tags(workspace.model(name), workspace.code(name), digest, pull_request)
    number = versions.create_version(registry, workspace.candidates(name), source=source, run_id=run_id, tags=tags)
    return Version(name=workspace.candidates(name), version=number, run_id=run_id, manifest_digest=digest)


def compared(
    workspace: Workspace,
    candidate: Version,
    verdict: Verdict = PASSED,
    name: str = "churn",
    predictions: str = "",
) -> ComparisonRecord:
    """Keep the evidence of a comparison of the candidate with today's production; `predictions` is their digest."""
    model, data = workspace.model(name), workspace.data_files(name)
    production = find_production(workspace, name)
    record = ComparisonRecord(
        model=name,
        mlgate="0",
        code=workspace.code(name),
        verdict=verdict,
        candidate=candidate,
        production=Version(name=name, version=production.version, run_id=production.run_id, manifest_digest="")
        if production
        else None,
        held_out=data["held_out"],
        train_data=(data["train"],),
        config_digest=identity.config_digest(model),
        gate_digest=identity.gate_digest(model),
        confidence_level=0.95,
        predictions_digest=predictions,
        results=(),
    )
    keep(workspace, record)
    return record


def keep(workspace: Workspace, record: ComparisonRecord, on: Version | None = None) -> None:
    """Keep a record as a comparison does, beside its candidate or beside another one: text and digest agree."""
    text = record.model_dump_json(indent=2)
    where = on or record.candidate
    runs.save_text(workspace.registry, where.run_id, "comparison.json", text)
    versions.tag_version(workspace.registry, where.name, where.version, evidence_tags(record, text))


def reviewed(
    workspace: Workspace, content: str | Callable[[Path], object], verdict: Verdict = PASSED, name: str = "churn"
) -> ComparisonRecord:
    """Register a candidate and compare it."""
    return compared(workspace, registered(workspace, content, name), verdict, name)


def served(workspace: Workspace, name: str = "churn") -> str | None:
    """Read what a server would load: the file of the version behind the alias."""
    version = versions.read_alias(workspace.registry, name, "production")
    if version is None:
        return None
    with versions.version_files(workspace.registry, name, version) as (folder, _):
        return (folder / "MLmodel").read_text(encoding="utf-8")


def next_change(folder: Path, text: str) -> Workspace:
    """Commit another training and open the repository again."""
    commit(folder, {"train.py": text})
    return open_workspace(folder)


def listed(workspace: Workspace, name: str = "churn") -> list[Entry]:
    """List all versions of production's model, without mlgate's own reading."""
    found, token = [], None
    while True:
        page = workspace.registry.client.search_model_versions(f"name = '{name}'", 200, ["version_number ASC"], token)
        found += [
            Entry(
                version=str(version.version),
                run_id=version.run_id or "",
                source=version.source or "",
                created_at=datetime.fromtimestamp(version.creation_timestamp / 1000, UTC),
                tags=dict(version.tags),
            )
            for version in page
        ]
        token = page.token
        if not token:
            return found


def chain(entries: Iterable[Entry]) -> list[Entry]:
    """Replay by the rule alone, where nothing is deleted: an entry counts if it names the head as its base."""
    valid: list[Entry] = []
    for entry in sorted(entries, key=lambda entry: int(entry.version)):
        if not valid or entry.tags[BASE] == valid[-1].version:
            valid.append(entry)
    return valid
