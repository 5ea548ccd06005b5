"""Keep where a promoted model came from: beside the model in the registry, and beside the records for a job to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.adapters import files
from mlgate.promotion.provenance import Origin, provenance_of
from mlgate.records import TrainingRecord
from mlgate.steps.kept import TRAINING, read_kept
from mlgate.tag_names import RUN_URL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlgate.records import ComparisonRecord
    from mlgate.steps.workspace import Workspace

FILE = "provenance.json"


def keep_provenance(
    workspace: Workspace, evidence: ComparisonRecord, run_id: str, entries: Mapping[str, tuple[int, str]]
) -> None:
    """Write the provenance of the candidate that `evidence` judged into production's run and into the records."""
    from mlgate.adapters.registry import runs

    around = workspace.runner
    origin = Origin(
        train=workspace.model(evidence.model).train,
        repository=f"{around.server_url}/{around.repository}" if around.repository else "",
        invocation=runs.read_tags(workspace.registry, evidence.candidate.run_id).get(RUN_URL, ""),
    )
    text = provenance_of(evidence, _training(workspace, evidence), entries, origin)
    runs.save_text(workspace.registry, run_id, FILE, text)
    files.write_text(workspace.records / evidence.model / FILE, text)


def _training(workspace: Workspace, evidence: ComparisonRecord) -> TrainingRecord | None:
    """Read the record that the training left with the candidate; None where it left none that can be read."""
    candidate = evidence.candidate
    of = f"candidate version {candidate.version} of {evidence.model}"
    record = read_kept(workspace.registry, candidate.run_id, TRAINING, TrainingRecord, of=of, warn=workspace.warn)
    return record if record is not None and record.run_id == candidate.run_id else None
