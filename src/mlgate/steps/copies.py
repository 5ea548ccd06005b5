"""Copy a candidate's files to where its credential cannot reach them, before anything is appended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mlgate.adapters import files
from mlgate.errors import StaleError
from mlgate.promotion.measured import metrics_of
from mlgate.steps.formats import StoppedError, check_formats
from mlgate.steps.stage import Stored
from mlgate.tag_names import CANDIDATE_RUN, MODEL

if TYPE_CHECKING:
    from mlgate.promotion.values import CopyBytes
    from mlgate.records import ComparisonRecord
    from mlgate.steps.workspace import Workspace

Manifest = dict[str, tuple[int, str]]
KEPT = ("training.json", "profile.json", "importance.json", "config.json", "packages.txt")


@dataclass
class Copies:
    """The copies of a command, by digest: a promotion that was overtaken copies its candidate once."""

    workspace: Workspace
    name: str
    made: dict[str, Stored] = field(default_factory=dict)
    files: dict[str, Manifest] = field(default_factory=dict)

    def of(self, step: CopyBytes, evidence: ComparisonRecord) -> Stored:
        """Return where the copy is, made when it is not there yet; see `copy_bytes`."""
        if step.manifest not in self.made:
            copied = copy_bytes(self.workspace, self.name, step, evidence)
            self.made[step.manifest], self.files[step.manifest] = copied
        return self.made[step.manifest]


def copy_bytes(workspace: Workspace, name: str, step: CopyBytes, evidence: ComparisonRecord) -> tuple[Stored, Manifest]:
    """Copy the candidate's files, and what is kept with them, into a run of production's own; return their manifest.

    Before anything is appended, raises StaleError when the files are not those that were compared, and StoppedError
    when the policy refuses their formats.
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
            raise StoppedError(refusal)
        tags = {CANDIDATE_RUN: evidence.candidate.run_id, MODEL: name}
        _, run_id = runs.open_run(registry, f"{name}/production", tags, {})
        source = runs.save_folder(registry, run_id, "model", folder)
        for kept in KEPT:
            text = runs.fetch_text(registry, evidence.candidate.run_id, kept)
            if text is not None:
                runs.save_text(registry, run_id, kept, text)
        runs.copy_file(registry, evidence.candidate.run_id, run_id, "predictions", evidence.predictions_digest)
        runs.log_metrics(registry, run_id, metrics_of(evidence))
        runs.close_run(registry, run_id, finished=True)
        return Stored(source=source, run_id=run_id), entries
