"""Make the reviewed candidate production: plan, then apply; no model is ever loaded."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mlgate import __version__
from mlgate.adapters import files
from mlgate.config.address import is_url
from mlgate.data.files.digest import sha256
from mlgate.errors import ConfigError, StaleError
from mlgate.promotion.plan import plan_promotion
from mlgate.promotion.tags import promotion_tags
from mlgate.promotion.values import Append, CopyBytes, MoveAlias, Observed, PromotionPlan, Refusal
from mlgate.records import PromotionRecord, TrainingRecord, ValidationRecord
from mlgate.steps.evidence import find_evidence
from mlgate.steps.formats import check_formats
from mlgate.steps.production import read_history
from mlgate.steps.provenance import keep_provenance
from mlgate.steps.stage import Done, append, context, move_alias, one_line
from mlgate.training import identity

if TYPE_CHECKING:
    from mlgate.records import Code, ComparisonRecord
    from mlgate.steps.workspace import Workspace

KEPT = ("comparison.json", "training.json", "profile.json", "importance.json", "config.json", "packages.txt")


def promote(
    workspace: Workspace, name: str, *, reason: str = "", dry_run: bool = False, unfence: bool = False
) -> PromotionRecord:
    """Promote the candidate that was compared for the code that is checked out, or refuse and say why."""
    reason = one_line(reason)
    code = workspace.code(name)
    with workspace.doing(f"{name}: reading the evidence and the stage history"):
        evidence = find_evidence(workspace, name, code)
        history, _, alias_version = read_history(workspace, name)
    if evidence is not None:
        _show_evidence(workspace, evidence)
    settings = workspace.loaded.config.registry
    plan = plan_promotion(
        evidence,
        history,
        _observe(workspace, name, code, alias_version),
        max_age_days=settings.max_evidence_age_days,
        unfence=unfence,
    )
    if isinstance(plan, PromotionPlan) and evidence is not None and not dry_run:
        plan = _apply(workspace, name, plan, evidence, reason)
        _, _, alias_version = read_history(workspace, name)
    before = history.head.version if history.head else None
    done = Done(plan=plan, dry_run=dry_run, from_version=before, to_version=alias_version)
    return _record(workspace, name, code, done, evidence)


def _show_evidence(workspace: Workspace, evidence: ComparisonRecord) -> None:
    """Lay the evidence beside the promotion, so that the report says on what it rests; drop what is about another."""
    training = files.find_record(workspace.records, evidence.model, TrainingRecord)
    if training is not None and training.candidate != evidence.candidate:
        files.forget_records(workspace.records, evidence.model, (ValidationRecord, TrainingRecord))
    workspace.write(evidence)


def _observe(workspace: Workspace, name: str, code: Code, alias_version: str | None) -> Observed:
    model = workspace.model(name)
    data = {}
    for key in ("train", "held_out"):
        if is_url(getattr(model.data, key)):  # as data that is not checked out
            continue
        try:
            data[getattr(model.data, key)] = sha256(workspace.loaded.file(name, "data", key))
        except ConfigError:  # data that is not checked out is bound by its digest in the evidence
            continue
    return Observed(
        inputs_digest=code.inputs_digest,
        dirty=code.dirty,
        config_digest=identity.config_digest(model),
        gate_digest=identity.gate_digest(model),
        data=data,
        alias=workspace.loaded.config.registry.alias,
        alias_version=alias_version,
        now=datetime.now(UTC),
    )


def _apply(
    workspace: Workspace, name: str, plan: PromotionPlan, evidence: ComparisonRecord, reason: str
) -> PromotionPlan | Refusal:
    """Carry out the steps in order; after any interruption the same command finishes the rest.

    Returns the plan, or why nothing was done: the files are first seen here.
    """
    copied = ("", "")
    for step in plan.steps:
        match step:
            case CopyBytes():
                found = _copy_bytes(workspace, name, step, evidence)
                if isinstance(found, Refusal):
                    return found
                copied = found
            case Append():
                text = evidence.model_dump_json(indent=2)
                tags = promotion_tags(evidence, text, step.base, context(workspace, reason))
                append(workspace, name, source=copied[0], run_id=copied[1], tags=tags)
            case MoveAlias():
                move_alias(workspace, name, step.alias)
    return plan


def _copy_bytes(
    workspace: Workspace, name: str, step: CopyBytes, evidence: ComparisonRecord
) -> tuple[str, str] | Refusal:
    """Copy the candidate's files into a run of production's own; return (source, run id), or refuse their formats.

    Raises StaleError, before anything is appended, when the files are not those that were compared.
    """
    from mlgate.adapters.registry import runs, versions

    registry = workspace.registry
    with (
        workspace.doing(f"{name}: checking and copying the candidate's files"),
        versions.version_files(registry, step.candidate, step.version) as (folder, entries),
    ):
        if files.manifest_digest(entries) != step.manifest:
            raise StaleError(
                f"the files of candidate version {step.version} are not those that were compared",
                hint="find out who changed them; then train and compare again",
            )
        refusal = check_formats(workspace, name, folder, entries)
        if refusal is not None:
            return refusal
        tags = {"mlgate.candidate_run": evidence.candidate.run_id, "mlgate.model": name}
        _, run_id = runs.open_run(registry, f"{name}/production", tags, {})
        source = runs.save_folder(registry, run_id, "model", folder)
        for kept in KEPT:
            text = runs.fetch_text(registry, evidence.candidate.run_id, kept)
            if text is not None:
                runs.save_text(registry, run_id, kept, text)
        runs.copy_folder(registry, evidence.candidate.run_id, run_id, "predictions")
        keep_provenance(workspace, evidence, run_id, entries)
        runs.close_run(registry, run_id, finished=True)
        return source, run_id


def _record(
    workspace: Workspace, name: str, code: Code, done: Done, evidence: ComparisonRecord | None
) -> PromotionRecord:
    record = PromotionRecord(
        model=name,
        mlgate=__version__,
        code=code,
        operation="promote",
        alias=workspace.loaded.config.registry.alias,
        candidate=evidence.candidate.version if evidence else None,
        **done.fields(),
    )
    workspace.write(record)
    return record
