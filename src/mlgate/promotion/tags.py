"""The tags that bind a version to what it was made from and judged by."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from mlgate.promotion.history import BASE, CANDIDATE, MANIFEST, OPERATION, ORIGINAL
from mlgate.training.identity import config_digest, gate_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlgate.config.model import Model
    from mlgate.promotion.history import Entry
    from mlgate.records import Code, ComparisonRecord

INPUTS = "mlgate.inputs"
EVIDENCE = "mlgate.evidence"
VERDICT = "mlgate.verdict"


def candidate_tags(model: Model, code: Code, manifest: str) -> dict[str, str]:
    """Return the tags of a candidate: how promotion finds it, by what the merged commit still says."""
    return {
        INPUTS: code.inputs_digest,
        MANIFEST: manifest,
        "mlgate.config": config_digest(model),
        "mlgate.gate": gate_digest(model),
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


def promotion_tags(evidence: ComparisonRecord, text: str, base: str, context: Mapping[str, str]) -> dict[str, str]:
    """Return the tags of a promotion's entry in the stage history."""
    return {
        OPERATION: "promote",
        BASE: base,
        MANIFEST: evidence.candidate.manifest_digest,
        CANDIDATE: f"{evidence.candidate.name}/{evidence.candidate.version}",
        EVIDENCE: evidence_digest(text),
        INPUTS: evidence.code.inputs_digest,
        **context,
    }


def rollback_tags(target: Entry, base: str, context: Mapping[str, str]) -> dict[str, str]:
    """Return the tags of a rollback's entry: the bytes are the target's, the entry is new."""
    kept = {key: target.tags[key] for key in (MANIFEST, CANDIDATE, EVIDENCE, INPUTS) if key in target.tags}
    return {**kept, OPERATION: "rollback", BASE: base, ORIGINAL: target.original, **context}
