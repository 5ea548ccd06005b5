"""Carry out a plan's steps in order; after a crash the same command does what is left of those that decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mlgate.adapters import files
from mlgate.errors import StaleError
from mlgate.promotion.tags import as_kept, evidence_digest
from mlgate.promotion.values import Adopt, Append, Archive, CheckBytes, CopyBytes, MoveAlias
from mlgate.steps.evidence import COMPARISON, later
from mlgate.steps.formats import StoppedError, check_formats
from mlgate.steps.material import Merged, Released, Restored
from mlgate.steps.provenance import keep_provenance
from mlgate.steps.stage import Stored, adopt, append, archive, check_bytes, move_alias, write_description
from mlgate.tag_names import CANDIDATE_RUN, EVIDENCE, MODEL

if TYPE_CHECKING:
    from mlgate.promotion.values import PromotionPlan
    from mlgate.records import ComparisonRecord
    from mlgate.steps.material import Material
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


def apply(workspace: Workspace, name: str, plan: PromotionPlan, material: Material | None) -> str | None:
    """Carry out a plan and return the version that its stage has then, if it moved.

    No material is needed for what appends nothing, such as the end of what was interrupted.
    """
    entry = material.entry if isinstance(material, Released | Restored) else None
    stored = Stored(source=entry.source, run_id=entry.run_id) if entry else None
    noted: dict[str, str] = {}
    appended, version = None, None
    for step in plan.steps:
        match step:
            case CopyBytes() if isinstance(material, Merged):
                stored = material.copies.of(step, material.evidence)
            case CheckBytes():
                refusal = check_bytes(workspace, name, step, formats=isinstance(material, Released))
                if refusal is not None:
                    raise StoppedError(refusal)
            case Adopt():
                noted = adopt(workspace, name, step)
            case Append() if stored is not None and material is not None:
                _keep(workspace, stored, material)
                appended = append(workspace, name, step, stored, {**material.tags(workspace, step), **noted})
            case MoveAlias():
                head = move_alias(workspace, name, step)
                version = head.version if head else None
            case Archive():
                archive(workspace, name, step)
            case _:
                raise AssertionError(f"nothing to carry out {step} with")
    if appended is not None:
        evidence = material.evidence if isinstance(material, Merged | Released) else None
        write_description(workspace, name, appended, evidence)
    return version


def _keep(workspace: Workspace, stored: Stored, material: Material) -> None:
    """Keep with the files the evidence that decided, and where they come from; a staged version has both already."""
    from mlgate.adapters.registry import runs

    if isinstance(material, Restored):
        return
    evidence = material.evidence
    text = as_kept(evidence)
    if isinstance(material, Merged):
        runs.save_text(workspace.registry, stored.run_id, COMPARISON, text)
        copied = material.copies.files[evidence.candidate.manifest_digest]
        keep_provenance(workspace, evidence, stored.run_id, copied)
    elif (digest := evidence_digest(text)) != material.entry.tags.get(EVIDENCE):  # it was compared again since
        runs.save_text(workspace.registry, stored.run_id, later(digest), text)


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
        runs.close_run(registry, run_id, finished=True)
        return Stored(source=source, run_id=run_id), entries
