"""The tags that bind a version to what it was made from and judged by."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from mlgate.promotion.history import ASKED, BASE, CANDIDATE, FENCES, MANIFEST, OPERATION, ORIGINAL, STAGE
from mlgate.training.identity import config_digest, gate_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlgate.config.model import Model
    from mlgate.promotion.history import Entry
    from mlgate.promotion.plan import Wish
    from mlgate.promotion.values import Append
    from mlgate.records import Code, ComparisonRecord

INPUTS = "mlgate.inputs"
EVIDENCE = "mlgate.evidence"
VERDICT = "mlgate.verdict"
GATE = "mlgate.gate"
TRAINED_AT = "mlgate.trained_at"  # the commit that was reviewed; mlgate.commit is the one that promoted


def candidate_tags(model: Model, code: Code, manifest: str) -> dict[str, str]:
    """Return the tags of a candidate: how promotion finds it, by what the merged commit still says."""
    return {
        INPUTS: code.inputs_digest,
        MANIFEST: manifest,
        "mlgate.config": config_digest(model),
        GATE: gate_digest(model),
        "mlgate.commit": code.commit,
    }


def evidence_digest(text: str) -> str:
    """Return the sha256 of the comparison record as it is kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def evidence_tags(record: ComparisonRecord, text: str) -> dict[str, str]:
    """Return the tags that a comparison puts on its candidate."""
    return {
        VERDICT: record.verdict.outcome.value,
        EVIDENCE: evidence_digest(text),
        "mlgate.compared_with": record.production.version if record.production else "none",
    }


def promotion_tags(evidence: ComparisonRecord, text: str, step: Append, context: Mapping[str, str]) -> dict[str, str]:
    """Return the tags of a promotion's entry in the stage history."""
    return {
        **_entry(step),
        MANIFEST: evidence.candidate.manifest_digest,
        CANDIDATE: f"{evidence.candidate.name}/{evidence.candidate.version}",
        EVIDENCE: evidence_digest(text),
        INPUTS: evidence.code.inputs_digest,
        GATE: evidence.gate_digest,
        TRAINED_AT: evidence.code.commit,
        **context,
    }


def rollback_tags(target: Entry, head: Entry, step: Append, wish: Wish, context: Mapping[str, str]) -> dict[str, str]:
    """Return the tags of a rollback's entry: the bytes are the target's, the entry is new, the head's bytes fenced."""
    kept = {
        key: target.tags[key] for key in (MANIFEST, CANDIDATE, EVIDENCE, INPUTS, GATE, TRAINED_AT) if key in target.tags
    }
    fence = {FENCES: head.manifest} if head.manifest else {}
    return {**kept, **_entry(step), ORIGINAL: target.original, ASKED: wish.to, **fence, **context}


def _entry(step: Append) -> dict[str, str]:
    return {OPERATION: step.operation, STAGE: step.stage, BASE: step.base}
