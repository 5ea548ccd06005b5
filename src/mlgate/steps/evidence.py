"""Find the comparison that judged the candidate of the code that is checked out; only the registry is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from mlgate.errors import RequestError, StaleError
from mlgate.promotion.tags import evidence_digest
from mlgate.records import ComparisonRecord
from mlgate.steps.stores import require_own_store
from mlgate.tag_names import EVIDENCE, INPUTS, PULL_REQUEST

if TYPE_CHECKING:
    from mlgate.promotion.history import Entry
    from mlgate.records import Code
    from mlgate.steps.workspace import Workspace

COMPARISON = "comparison.json"
AGAIN = "run `mlgate run` on this commit to train and compare again"


def later(digest: str) -> str:
    """Name the file of a comparison that was made after the files had been copied: the run has an older one."""
    return f"comparison-{digest[:16]}.json"


def find_evidence(workspace: Workspace, name: str, code: Code, version: str | None = None) -> ComparisonRecord | None:
    """Return the newest comparison of a candidate made from `code`'s inputs, or of candidate `version` if named.

    After a merge, candidates that other pull requests made from the same inputs are passed over, if there are others.
    Raises StaleError when what is kept is not what the candidate's tag names, or describes another candidate.
    """
    from mlgate.adapters.registry import versions

    entries = versions.read_versions(workspace.registry, workspace.candidates(name), {INPUTS: code.inputs_digest})
    candidates = [entry for entry in entries if entry.operation is None]  # one model may hold both
    compared = [entry for entry in candidates if EVIDENCE in entry.tags and version in {None, entry.version}]
    if not compared and version is not None:
        raise RequestError(
            f"no candidate version {version[:20]} of {name}, made from this commit's inputs, has been compared",
            hint="leave --version out for the newest, or check out the commit that it was made from",
        )
    if not compared:
        return None
    entry = _reviewed_here(workspace, compared)[-1] if version is None else compared[-1]
    where = f"candidate version {entry.version} of {name}"
    require_own_store(workspace, name, workspace.candidates(name), entry)
    record = _read(workspace, entry, where)
    judged = (record.model, record.candidate.name, record.candidate.version, record.candidate.run_id)
    if judged != (name, workspace.candidates(name), entry.version, entry.run_id):
        raise StaleError(f"the comparison kept with {where} is about another candidate", hint=AGAIN)
    return record


def _reviewed_here(workspace: Workspace, compared: list[Entry]) -> list[Entry]:
    """Leave out what another pull request than the merged one reviewed; all, where nothing else is left."""
    merged = workspace.merged_pull
    if merged is None or len(compared) == 1:
        return compared
    return [entry for entry in compared if entry.tags.get(PULL_REQUEST, str(merged)) == str(merged)] or compared


def kept_evidence(workspace: Workspace, name: str, entry: Entry) -> ComparisonRecord:
    """Return the comparison that brought an entry into its stage, from production's own copy.

    Raises StaleError when what is kept is not what the entry's tag names, or describes other files.
    """
    where = f"version {entry.version} of {name}"
    record = _read(workspace, entry, where)
    if record.model != name or record.candidate.manifest_digest != entry.manifest:
        raise StaleError(f"the comparison kept with {where} is about another model", hint=AGAIN)
    return record


def _read(workspace: Workspace, entry: Entry, where: str) -> ComparisonRecord:
    from mlgate.adapters.registry import runs

    digest = entry.tags.get(EVIDENCE, "")
    texts = (runs.fetch_text(workspace.registry, entry.run_id, file) for file in (COMPARISON, later(digest)))
    text = next((text for text in texts if text is not None and evidence_digest(text) == digest), None)
    if text is None:
        raise StaleError(f"the comparison kept with {where} is missing or was changed", hint=AGAIN)
    try:
        return ComparisonRecord.model_validate_json(text)
    except ValidationError as error:
        raise StaleError(f"the comparison kept with {where} cannot be read by this mlgate", hint=AGAIN) from error
