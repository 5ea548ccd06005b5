"""Where a promoted model came from, as an in-toto statement (v1) with SLSA's provenance (v1); pure.

The subjects are the model's files and, by the digest of their manifest, the version as a whole. See
https://slsa.dev/spec/v1.0/provenance and https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mlgate.config.address import is_url
from mlgate.escape import visible
from mlgate.promotion.tags import evidence_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlgate.config.model import Train
    from mlgate.records import ComparisonRecord, DataFile, TrainingRecord

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://slsa.dev/provenance/v1"
HOME = "https://github.com/mlgate/mlgate"
LONGEST_NAME = 4096


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What the records do not say: how the configuration trains, where the code lives, and which run trained.

    `repository` is an address such as https://github.com/owner/name, `invocation` that of the workflow's run.
    """

    train: Train | None = None
    repository: str = ""
    invocation: str = ""


def provenance_of(
    evidence: ComparisonRecord,
    training: TrainingRecord | None,
    entries: Mapping[str, tuple[int, str]],
    origin: Origin | None = None,
) -> str:
    """Write the statement of the model that `evidence` judged, as JSON.

    `entries` is the manifest of its files, `training` the record that its training left, if it did.
    """
    origin = origin or Origin()
    candidate = evidence.candidate
    whole = {"name": f"{candidate.name}@{candidate.version}", "digest": {"sha256": candidate.manifest_digest}}
    # a line break in a name would become a subject of its own where subjects are written as lines
    files = [
        {"name": visible(path, LONGEST_NAME), "digest": {"sha256": digest}}
        for path, (_, digest) in sorted(entries.items())
    ]
    statement = {
        "_type": STATEMENT,
        "subject": [whole, *files],
        "predicateType": PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": f"{HOME}/blob/main/docs/verify.md#provenance",
                "externalParameters": _parameters(evidence, training, origin.train),
                "resolvedDependencies": [_code(evidence, origin.repository), *map(_data, evidence.train_data)],
            },
            "runDetails": _run(evidence, training, origin.invocation),
        },
    }
    return json.dumps(statement, indent=2) + "\n"


def _parameters(evidence: ComparisonRecord, training: TrainingRecord | None, train: Train | None) -> dict[str, Any]:
    """Say what was asked for: how to train, with what, and by which configuration."""
    asked: dict[str, Any] = {"model": evidence.model, "configDigest": {"sha256": evidence.config_digest}}
    if train is not None:
        asked |= {"command": train.command} if train.command else {"function": train.function}
    if training is not None:
        asked |= {"seed": training.seed, "params": training.params}
    return asked


def _code(evidence: ComparisonRecord, repository: str) -> dict[str, Any]:
    uri = {"uri": f"git+{repository}"} if repository else {"name": "code"}
    inputs = {"inputs": list(evidence.code.inputs), "inputsDigest": evidence.code.inputs_digest}
    return {**uri, "digest": {"gitCommit": evidence.code.commit}, "annotations": inputs}


def _data(file: DataFile) -> dict[str, Any]:
    named = {"uri": file.path} if is_url(file.path) else {"uri": f"file:{quote(file.path)}"}
    return {**named, "digest": {"sha256": file.sha256}, "annotations": {"role": file.role, "rows": file.rows}}


def _run(evidence: ComparisonRecord, training: TrainingRecord | None, invocation: str) -> dict[str, Any]:
    """Say who built it and when, and which comparison judged it."""
    version = {"mlgate": evidence.mlgate}
    metadata = {"invocationId": invocation or evidence.candidate_run_url or evidence.candidate.run_id}
    if training is not None:
        finished = training.created_at.astimezone(UTC).replace(tzinfo=None)
        metadata["finishedOn"] = f"{finished.isoformat(timespec='seconds')}Z"
        version |= {"python": training.environment.python} if training.environment else {}
    digest = evidence_digest(evidence.model_dump_json(indent=2))
    return {
        "builder": {"id": HOME, "version": version},
        "metadata": metadata,
        "byproducts": [{"name": "comparison.json", "digest": {"sha256": digest}}],
    }
