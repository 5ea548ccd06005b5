"""Hold the candidate against production on the same held-out rows, decide, and keep the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from mlgate import __version__
from mlgate.adapters import files
from mlgate.errors import RecordError, StaleError
from mlgate.promotion.history import PRODUCTION
from mlgate.promotion.measured import promoted
from mlgate.promotion.policy import overall
from mlgate.records import ComparisonRecord, TrainingRecord, Version
from mlgate.steps.base_policy import describe_change, read_base
from mlgate.steps.costs import measure_costs
from mlgate.steps.evidence import COMPARISON, kept_evidence
from mlgate.steps.kept import TRAINING, read_kept
from mlgate.steps.places import place_results, place_slices
from mlgate.steps.production import find_production
from mlgate.steps.score import ToScore, score
from mlgate.tag_names import DECIDED_BY, EVIDENCE, VERDICT
from mlgate.training import identity
from mlgate.verdict import Outcome, Verdict

if TYPE_CHECKING:
    from mlgate.config.model import Model
    from mlgate.evaluation.beside import Costs
    from mlgate.evaluation.judged import Judged
    from mlgate.promotion.history import Entry
    from mlgate.records import Code, DataFile, Figures, Promoted, SliceResult
    from mlgate.steps.score import Scored
    from mlgate.steps.workspace import Workspace


SHOWN_VERSIONS = 10


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whom a comparison judges: a candidate, and what it was made from."""

    candidate: Version
    code: Code
    config_digest: str
    train_data: tuple[DataFile, ...]
    run_url: str | None
    predictions_digest: str = ""


def compare(workspace: Workspace, name: str) -> ComparisonRecord:
    """Compare the candidate that `train` registered with production."""
    training = files.read_record(workspace.records, name, TrainingRecord)
    subject = Subject(
        candidate=_candidate(workspace, training),
        code=training.code,
        config_digest=training.config_digest,
        train_data=tuple(file for file in training.data if file.role == "training"),
        run_url=training.run_url,
    )
    return decide(workspace, name, subject)


class Means(Enum):
    """What a comparison may do to get predictions."""

    KEPT_OR_MADE = "those that were kept, else the models are asked"
    KEPT_ONLY = "those that were kept: no model is loaded, and nothing is measured"
    MADE_ANEW = "the candidate is asked again, whatever was kept"


def decide(workspace: Workspace, name: str, subject: Subject, means: Means = Means.KEPT_OR_MADE) -> ComparisonRecord:
    """Judge a candidate against what is production now, and keep the evidence.

    Raises StaleError where only kept predictions may be used, and there are none, or others than the subject names.
    """
    candidate, held_out, production = subject.candidate, workspace.held_out(name), find_production(workspace, name)
    targets = _targets(name, subject, production, anew=means is Means.MADE_ANEW)
    scored = score(workspace, name, held_out, targets, kept_only=means is Means.KEPT_ONLY)
    base = read_base(workspace, name, in_production=production is not None)
    also = base.model.gate if base and base.model else None
    costs = {} if means is Means.KEPT_ONLY else measure_costs(workspace, name, targets, also=also)
    around = _Around(candidate=candidate, production=production, costs=costs)
    judged = _judge(workspace, workspace.model(name), scored, around, name=name)
    policy = describe_change(
        workspace, name, base, judged.verdict, lambda by: _judge(workspace, by, scored, around, name=name).verdict
    )
    record = ComparisonRecord(
        model=name,
        mlgate=__version__,
        code=subject.code,
        verdict=overall(judged.verdict, policy),
        candidate=candidate,
        production=_version(name, production) if production else None,
        production_created_at=production.created_at if production else None,
        held_out=held_out,
        train_data=subject.train_data,
        config_digest=subject.config_digest,
        gate_digest=identity.gate_digest(workspace.model(name)),
        predictions_digest=scored["candidate"].digest,
        confidence_level=(judged.holdout or workspace.model(name).gate).confidence_level,
        results=place_results(workspace, name, judged.results),
        slices=place_slices(workspace, name, judged.slices),
        flips=judged.flips,
        hints=judged.hints,
        holdout=judged.holdout,
        policy=policy,
        candidate_run_url=subject.run_url,
        candidate_url=workspace.registry.version_url(candidate.name, candidate.version),
        production_url=workspace.registry.version_url(name, production.version) if production else None,
        history=_history(workspace, name) if production else (),
    )
    workspace.write(record)
    files.keep_figures(workspace.records, name, _figures(workspace, name, judged))
    if record.verdict.warned:
        workspace.warn(f"{name}: {record.verdict.sentence}")
    _keep_evidence(workspace, record)
    _show_production(workspace, name, production)
    return record


def _history(workspace: Workspace, name: str) -> tuple[Promoted, ...]:
    """Read what was measured of the versions that were production last."""
    from mlgate.adapters.registry import versions

    return promoted(versions.newest(workspace.registry, name, PRODUCTION, SHOWN_VERSIONS))


def _targets(name: str, subject: Subject, production: Entry | None, *, anew: bool) -> dict[str, ToScore]:
    """Name the versions to score, by role, with the files that each must have."""
    candidate = subject.candidate
    targets = {
        "candidate": ToScore(
            name=candidate.name,
            version=candidate.version,
            run_id=candidate.run_id,
            manifest=candidate.manifest_digest,
            predictions=subject.predictions_digest,
            anew=anew,
        )
    }
    if production is not None:
        # the run of a version that was adopted is not behind the promoter's credential, and so its predictions are not
        targets["production"] = ToScore(
            name=name,
            version=production.version,
            run_id=production.run_id,
            manifest=production.manifest or "",
            anew=anew and production.operation is None,
        )
    return targets


def _candidate(workspace: Workspace, training: TrainingRecord) -> Version:
    name = training.model
    hint = f"run `mlgate train --model {name}` again"
    if training.candidate is None:
        raise RecordError(f"there is no candidate of {name}: {training.verdict.sentence}", hint=hint)
    if training.code.inputs_digest != workspace.code(name).inputs_digest:
        raise RecordError(f"the candidate of {name} was trained from other code than is checked out", hint=hint)
    if training.config_digest != identity.config_digest(workspace.model(name)):
        raise RecordError(f"the candidate of {name} was trained with another configuration", hint=hint)
    return training.candidate


@dataclass(frozen=True, kw_only=True)
class _Around:
    """What a comparison needs beside the predictions."""

    candidate: Version
    production: Entry | None
    costs: dict[str, Costs]


def _judge(workspace: Workspace, model: Model, scored: dict[str, Scored], around: _Around, *, name: str) -> Judged:
    """Judge the predictions by `model`: as the configuration describes it, or as the base did."""
    from mlgate.evaluation.beside import Beside
    from mlgate.evaluation.judged import Judged, judge
    from mlgate.steps.elsewhere import UsersPython
    from mlgate.steps.held_out import read_held_out
    from mlgate.steps.holdout import note_use

    for role, one in scored.items():
        if one.frame is None:
            sentence = f"the {role} could not be scored: {one.problem}"
            return Judged(verdict=Verdict(outcome=Outcome.ERROR, decided_by=f"{role} predictions", sentence=sentence))
    frames = {role: one.frame for role, one in scored.items() if one.frame is not None}
    environment = workspace.runner.environment
    return judge(
        read_held_out(workspace.data_file(name, "held_out"), model.data, model.gate),
        frames["candidate"],
        frames.get("production"),
        data=model.data,
        evaluate=model.evaluate,
        gate=model.gate,
        beside=Beside(
            candidate=around.costs.get("candidate"),
            production=around.costs.get("production"),
            elsewhere=UsersPython(
                configured=workspace.model(name).train.python, folder=workspace.folder, environment=environment
            ),
        ),
        slices_before=_slices_of(workspace, name, around.production),
        ledger=partial(note_use, workspace, name, around.candidate, gate=model.gate),
    )


def _figures(workspace: Workspace, name: str, judged: Judged) -> Figures | None:
    """Make what the report draws; nothing is decided by it, so that nothing fails for it."""
    if judged.paired is None:
        return None
    from mlgate.evaluation.figures.make import figures

    model, level = workspace.model(name), judged.holdout.confidence_level if judged.holdout else None
    try:
        return figures(judged.paired, model=name, task=model.evaluate.task, gate=model.gate, level=level)
    except Exception as error:  # noqa: BLE001 (whatever it is, the comparison stands)
        workspace.warn(f"{name}: the report has no pictures of the comparison: {type(error).__name__}: {error}"[:500])
        return None


def _slices_of(workspace: Workspace, name: str, production: Entry | None) -> tuple[SliceResult, ...]:
    """Return the slices that were large enough when production was compared: they must not vanish unnoticed."""
    if production is None or EVIDENCE not in production.tags:  # adopted, it was never compared
        return ()
    try:
        before = kept_evidence(workspace, name, production)
    except StaleError as error:
        workspace.warn(f"{name}: whether slices vanished since is not known: {error.message}")
        return ()
    aside = {"small_slice", "missing_slice"}
    return tuple(part for part in before.slices if not {one.finding.reason for one in part.results} & aside)


def _version(name: str, entry: Entry) -> Version:
    return Version(name=name, version=entry.version, run_id=entry.run_id, manifest_digest=entry.manifest or "")


def _show_production(workspace: Workspace, name: str, production: Entry | None) -> None:
    """Lay how production was trained beside the records, so that the report can say what changed."""
    (workspace.records / name / f"{PRODUCTION}.json").unlink(missing_ok=True)
    if production is None:
        return
    of = f"version {production.version} of {name}"
    record = read_kept(workspace.registry, production.run_id, TRAINING, TrainingRecord, of=of, warn=workspace.warn)
    if record is None or record.model != name:
        return
    try:
        files.write_record(workspace.records, record, PRODUCTION)
    except RecordError as error:  # whoever may write the run made it so large; the comparison stands
        workspace.warn(f"{name}: the report will not say what changed since production: {error.message}")


def _keep_evidence(workspace: Workspace, record: ComparisonRecord) -> None:
    """Keep the record in the registry, its digest on the version: promotion believes nothing else."""
    from mlgate.adapters.registry import runs, versions
    from mlgate.promotion.tags import evidence_tags

    candidate, text = record.candidate, record.model_dump_json(indent=2)
    runs.save_text(workspace.registry, candidate.run_id, COMPARISON, text)
    versions.tag_version(workspace.registry, candidate.name, candidate.version, evidence_tags(record, text))
    runs.set_run_tags(
        workspace.registry,
        candidate.run_id,
        {VERDICT: record.verdict.outcome.value, DECIDED_BY: record.verdict.decided_by},
    )
