"""The tags that bind a version to what it was made from and judged by."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from mlgate.promotion.measured import measured
from mlgate.tag_names import (
    ASKED,
    BASE,
    CANDIDATE,
    COMMIT,
    COMPARED_WITH,
    CONFIG,
    EVIDENCE,
    FENCES,
    FENCES_SOURCE,
    GATE,
    INPUTS,
    MADE_FROM,
    MANIFEST,
    MEASURED,
    OPERATION,
    ORIGINAL,
    PULL_REQUEST,
    STAGE,
    TRAINED_AT,
    VERDICT,
)
from mlgate.training.identity import config_digest, gate_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlgate.config.model import Model
    from mlgate.promotion.history import Entry
    from mlgate.promotion.values import Append, Wish
    from mlgate.records import Code, ComparisonRecord

FENCED = {FENCES: MANIFEST, FENCES_SOURCE: MADE_FROM}


def candidate_tags(model: Model, code: Code, manifest: str, pull_request: int | None = None) -> dict[str, str]:
    """Return the tags of a candidate: how promotion finds it, by what the merged commit still says."""
    made_in = {PULL_REQUEST: str(pull_request)} if pull_request is not None else {}
    return {
        **made_in,
        INPUTS: code.inputs_digest,
        MANIFEST: manifest,
        CONFIG: config_digest(model),
        GATE: gate_digest(model),
        COMMIT: code.commit,
    }


def evidence_digest(text: str) -> str:
    """Return the sha256 of the comparison record as it is kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def as_kept(record: ComparisonRecord) -> str:
    """Return a comparison record as it is kept, to the byte: its digest is a tag."""
    return record.model_dump_json(indent=2)


def evidence_tags(record: ComparisonRecord, text: str) -> dict[str, str]:
    """Return the tags that a comparison puts on its candidate."""
    return {
        VERDICT: record.verdict.outcome.value,
        EVIDENCE: evidence_digest(text),
        COMPARED_WITH: record.production.version if record.production else "none",
    }


def promotion_tags(
    evidence: ComparisonRecord, step: Append, context: Mapping[str, str], staged: Entry | None = None
) -> dict[str, str]:
    """Return the tags of a promotion's entry in the stage history; a release is of what brought `staged` there."""
    return {
        **_entry(step),
        MANIFEST: evidence.candidate.manifest_digest,
        CANDIDATE: f"{evidence.candidate.name}/{evidence.candidate.version}",
        EVIDENCE: evidence_digest(as_kept(evidence)),
        INPUTS: evidence.code.inputs_digest,
        GATE: evidence.gate_digest,
        MADE_FROM: made_from(evidence),
        TRAINED_AT: evidence.code.commit,
        MEASURED: measured(evidence),
        **(_of_model(staged, context, (COMMIT, PULL_REQUEST)) if staged else context),
    }


def made_from(evidence: ComparisonRecord) -> str:
    """Return the sha256 over code, configuration and data: who trains it again has nothing new to promote."""
    data = sorted({file.sha256 for file in evidence.train_data})
    parts = (evidence.code.inputs_digest, evidence.config_digest, *data, evidence.held_out.sha256)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def rollback_tags(target: Entry, left: Entry, step: Append, wish: Wish, context: Mapping[str, str]) -> dict[str, str]:
    """Return the tags of a rollback's entry: the target's bytes; what is left is fenced, and never the target."""
    about = (MANIFEST, CANDIDATE, EVIDENCE, INPUTS, GATE, MADE_FROM, MEASURED, TRAINED_AT)
    kept = {key: target.tags[key] for key in about if key in target.tags}
    about_job = _of_model(target, context, (COMMIT,))
    fence = {tag: left.tags.get(of) for tag, of in FENCED.items() if left.tags.get(of) != target.tags.get(of)}
    return {**kept, **_entry(step), ORIGINAL: target.original, ASKED: wish.to, **_present(fence), **about_job}


def _of_model(brought: Entry, context: Mapping[str, str], keys: tuple[str, ...]) -> dict[str, str]:
    """Name the commit of the entry that brought a model, instead of the one that the job which moves it stands on."""
    about_job = {key: value for key, value in context.items() if key not in {COMMIT, PULL_REQUEST}}
    return {**about_job, **{key: brought.tags[key] for key in keys if key in brought.tags}}


def _entry(step: Append) -> dict[str, str]:
    return {OPERATION: step.operation, STAGE: step.stage, BASE: step.base}


def _present(tags: Mapping[str, str | None]) -> dict[str, str]:
    return {key: value for key, value in tags.items() if value}
