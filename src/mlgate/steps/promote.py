"""Make the reviewed candidate staging or production: plan, then apply; no model is ever loaded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mlgate import __version__
from mlgate.adapters import files
from mlgate.config.address import is_url
from mlgate.data.files.digest import sha256
from mlgate.errors import ConfigError, StaleError
from mlgate.promotion.history import FENCES, MANIFEST, PRODUCTION, is_fenced
from mlgate.promotion.plan import Terms, plan_promotion, plan_release
from mlgate.promotion.tags import promotion_tags
from mlgate.promotion.values import Append, Archive, CheckBytes, CopyBytes, MoveAlias, Observed, PromotionPlan
from mlgate.records import PromotionRecord, TrainingRecord, ValidationRecord
from mlgate.steps.base_policy import replaced_policy
from mlgate.steps.evidence import find_evidence, kept_evidence
from mlgate.steps.production import alias_of, read_standing
from mlgate.steps.stage import Done, Stored, append, archive, check_bytes, context, move_alias, one_line
from mlgate.training import identity

if TYPE_CHECKING:
    from mlgate.promotion.history import Entry
    from mlgate.promotion.values import Refusal, Stage, Standing
    from mlgate.records import Code, ComparisonRecord
    from mlgate.steps.workspace import Workspace

KEPT = ("training.json", "profile.json", "importance.json", "config.json", "packages.txt")


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What a promotion was asked for; without a stage, what the configuration says follows a merge.

    `version` is one of the candidates, or of staging where a merge promotes to staging and `to` is production.
    """

    to: Stage | None = None
    version: str | None = None
    reason: str = ""
    dry_run: bool = False
    unfence: bool = False


# A release does not depend on what is checked out.
OF_NO_COMMIT = Observed(
    inputs_digest="",
    dirty=(),
    config_digest="",
    gate_digest="",
    data={},
    fenced=False,
    now=datetime.min.replace(tzinfo=UTC),
)


@dataclass(frozen=True, kw_only=True)
class _Decided:
    """A plan, what it rests on, and where its stage stood."""

    plan: PromotionPlan | Refusal
    target: Standing
    evidence: ComparisonRecord | None
    staged: Entry | None = None


def promote(workspace: Workspace, name: str, ask: Ask | None = None) -> PromotionRecord:
    """Promote the candidate that was compared for the code that is checked out, or refuse and say why."""
    ask = ask or Ask()
    reason = one_line(ask.reason)
    code = workspace.code(name)
    on_merge = workspace.loaded.config.promotion.on_merge
    to = ask.to or on_merge
    with workspace.doing(f"{name}: reading the evidence and the stage history"):
        from_staging = to == PRODUCTION and on_merge != PRODUCTION
        decided = _release(workspace, name, ask) if from_staging else _merge(workspace, name, code, to, ask)
    if decided.evidence is not None:
        _show_evidence(workspace, decided.evidence)
    after = decided.target.alias_version
    if isinstance(decided.plan, PromotionPlan) and not ask.dry_run:
        after = _apply(workspace, name, decided, reason) or after
    done = Done(plan=decided.plan, dry_run=ask.dry_run, from_version=decided.target.current, to_version=after)
    record = PromotionRecord(
        model=name,
        mlgate=__version__,
        code=code,
        operation="promote",
        stage=to,
        alias=alias_of(workspace, to),
        candidate=decided.evidence.candidate.version if decided.evidence else None,
        **done.fields(),
    )
    workspace.write(record)
    return record


def _merge(workspace: Workspace, name: str, code: Code, to: Stage, ask: Ask) -> _Decided:
    """Decide about the candidate that was reviewed for the code that is checked out."""
    evidence = find_evidence(workspace, name, code, ask.version)
    production = read_standing(workspace, name)
    target = production if to == PRODUCTION else read_standing(workspace, name, to)
    digest = evidence.candidate.manifest_digest if evidence else ""
    observed = _observe(workspace, name, code, fenced=_fenced(workspace, name, digest))
    plan = plan_promotion(evidence, target, production, observed, _terms(workspace, ask))
    return _Decided(plan=plan, target=target, evidence=evidence)


def _release(workspace: Workspace, name: str, ask: Ask) -> _Decided:
    """Decide about a version of staging: the one behind its alias, or the one that was asked for."""
    from mlgate.steps.production import read_history

    staging, production = read_standing(workspace, name, "staging"), read_standing(workspace, name)
    staged = staging.head if ask.version is None else read_history(workspace, name, "staging")[0].find(ask.version)
    evidence = kept_evidence(workspace, name, staged) if staged else None
    digest = (staged.manifest or "") if staged else ""
    observed = replace(OF_NO_COMMIT, fenced=_fenced(workspace, name, digest), now=datetime.now(UTC))
    plan = plan_release(staged, evidence, production, observed, _terms(workspace, ask))
    return _Decided(plan=plan, target=production, evidence=evidence, staged=staged)


def _terms(workspace: Workspace, ask: Ask) -> Terms:
    config = workspace.loaded.config
    return Terms(
        max_age_days=config.registry.max_evidence_age_days,
        soak_hours=config.promotion.soak_hours,
        unfence=ask.unfence,
    )


def _fenced(workspace: Workspace, name: str, digest: str) -> bool:
    from mlgate.adapters.registry import versions

    if not digest:
        return False
    registry = workspace.registry
    return is_fenced(
        digest, [e for tag in (FENCES, MANIFEST) for e in versions.read_versions(registry, name, {tag: digest})]
    )


def _show_evidence(workspace: Workspace, evidence: ComparisonRecord) -> None:
    """Lay the evidence beside the promotion, so that the report says on what it rests; drop what is about another."""
    training = files.find_record(workspace.records, evidence.model, TrainingRecord)
    if training is not None and training.candidate != evidence.candidate:
        files.forget_records(workspace.records, evidence.model, (ValidationRecord, TrainingRecord))
    workspace.write(evidence)


def _observe(workspace: Workspace, name: str, code: Code, *, fenced: bool) -> Observed:
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
        fenced=fenced,
        now=datetime.now(UTC),
        replaced_policy=replaced_policy(workspace, name),
    )


def _apply(workspace: Workspace, name: str, decided: _Decided, reason: str) -> str | None:
    """Carry out the steps in order and return the stage's version; after a crash the same command does the rest."""
    staged, evidence = decided.staged, decided.evidence
    stored = Stored(source=staged.source, run_id=staged.run_id) if staged else None
    version = None
    for step in decided.plan.steps if isinstance(decided.plan, PromotionPlan) else ():
        match step:
            case CopyBytes() if evidence is not None:
                stored = _copy_bytes(workspace, name, step, evidence)
            case CheckBytes() if staged is not None:
                check_bytes(workspace, name, staged)
            case Append() if evidence is not None and stored is not None:
                tags = promotion_tags(evidence, evidence.model_dump_json(indent=2), step, context(workspace, reason))
                append(workspace, name, step, stored, tags)
            case MoveAlias():
                head = move_alias(workspace, name, step)
                version = head.version if head else None
            case Archive():
                archive(workspace, name, step)
    return version


def _copy_bytes(workspace: Workspace, name: str, step: CopyBytes, evidence: ComparisonRecord) -> Stored:
    """Copy the candidate's files into a run of production's own.

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
        tags = {"mlgate.candidate_run": evidence.candidate.run_id, "mlgate.model": name}
        _, run_id = runs.open_run(registry, f"{name}/production", tags, {})
        source = runs.save_folder(registry, run_id, "model", folder)
        runs.save_text(registry, run_id, "comparison.json", evidence.model_dump_json(indent=2))
        for kept in KEPT:
            text = runs.fetch_text(registry, evidence.candidate.run_id, kept)
            if text is not None:
                runs.save_text(registry, run_id, kept, text)
        runs.copy_folder(registry, evidence.candidate.run_id, run_id, "predictions")
        runs.close_run(registry, run_id, finished=True)
        return Stored(source=source, run_id=run_id)
