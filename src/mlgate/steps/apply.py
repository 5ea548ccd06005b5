"""Carry out a plan's steps in order; after a crash the same command does what is left of those that decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.promotion.tags import as_kept, evidence_digest
from mlgate.promotion.values import Adopt, Append, Archive, CheckBytes, CopyBytes, MoveAlias
from mlgate.steps.evidence import COMPARISON, later
from mlgate.steps.formats import StoppedError
from mlgate.steps.material import Merged, Released, Restored
from mlgate.steps.provenance import keep_provenance
from mlgate.steps.stage import Stored, adopt, append, archive, check_bytes, move_alias, write_description
from mlgate.tag_names import EVIDENCE

if TYPE_CHECKING:
    from mlgate.promotion.values import PromotionPlan
    from mlgate.steps.material import Material
    from mlgate.steps.workspace import Workspace


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
