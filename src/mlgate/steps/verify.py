"""Hold a version's files against what was registered, and judge their formats; nothing is loaded or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate import __version__
from mlgate.adapters import files
from mlgate.errors import RequestError
from mlgate.promotion.history import PRODUCTION, STAGING, replay
from mlgate.records import FileFormat, Verification
from mlgate.steps.formats import describe, flagged, read_formats
from mlgate.steps.production import find_production
from mlgate.steps.stores import require_own_store
from mlgate.verdict import Finding, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlgate.promotion.formats import Judged
    from mlgate.promotion.history import Entry
    from mlgate.steps.workspace import Workspace


def verify(
    workspace: Workspace, name: str, *, version: str | None = None, candidate: str | None = None
) -> Verification:
    """Verify production, or a version of it, or a candidate."""
    from mlgate.adapters.registry import versions

    with workspace.doing(f"{name}: finding the version"):
        entry, counts = _find(workspace, name, version, candidate)
    registered = workspace.candidates(name) if candidate else name
    with (
        workspace.doing(f"{name}: downloading version {entry.version} of {registered}, without loading it"),
        versions.version_files(workspace.registry, registered, entry.version) as (folder, entries),
    ):
        judged = read_formats(folder, entries)
    digest = files.manifest_digest(entries)
    findings = (_bytes(entry, digest, counts=counts), _formats(judged, workspace.loaded.config.promotion.formats))
    return Verification(
        mlgate=__version__,
        model=name,
        name=registered,
        version=entry.version,
        manifest_digest=digest,
        recorded_digest=entry.manifest,
        files=tuple(
            FileFormat(
                path=path,
                bytes=entries[path][0],
                sha256=entries[path][1],
                kind=found.kind,
                loading=found.loading,
                reason=found.reason,
            )
            for path, found in judged.items()
        ),
        findings=findings,
        verdict=_verdict(findings),
    )


def _find(workspace: Workspace, name: str, version: str | None, candidate: str | None) -> tuple[Entry, bool]:
    """Find the version that is asked for, and whether its record of its files counts."""
    from mlgate.adapters.registry import versions

    if version is None and candidate is None:
        found = find_production(workspace, name)
        if found is None:
            raise RequestError(
                f"{name} has no production version yet",
                hint=f"name another: `mlgate verify {name} --candidate VERSION`",
            )
        version = found.version
    registered = workspace.candidates(name) if candidate else name
    entries = versions.read_versions(workspace.registry, registered)
    wanted = candidate or version
    entry = next((entry for entry in entries if entry.version == wanted), None)
    if entry is None:
        known = ", ".join(entry.version for entry in entries[-10:]) or "none"
        raise RequestError(f"{registered} has no version {wanted}", hint=f"its newest versions: {known}")
    stage = STAGING if entry.stage == STAGING else PRODUCTION
    require_own_store(workspace, name, registered, entry)
    return entry, candidate is not None or replay(entries, stage).find(entry.version) is not None


def _bytes(entry: Entry, digest: str, *, counts: bool) -> Finding:
    """Judge the bytes by the digest that the version's tag kept."""
    if entry.manifest is None or not counts:
        return Finding(
            rule="bytes",
            outcome=Outcome.INCONCLUSIVE,
            reason="not_recorded",
            sentence=f"version {entry.version} is not of mlgate's history: nothing says which bytes it should have",
        )
    if entry.manifest == digest:
        return Finding(
            rule="bytes", outcome=Outcome.PASS, reason="same_bytes", sentence="the files are those that were registered"
        )
    return Finding(
        rule="bytes",
        outcome=Outcome.FAIL,
        reason="changed_bytes",
        sentence=f"the files of version {entry.version} are not those that were registered",
    )


def _formats(judged: Mapping[str, Judged], policy: str) -> Finding:
    found = flagged(judged)
    if not found:
        return Finding(
            rule="formats", outcome=Outcome.PASS, reason="data_only", sentence="every file loads as data only"
        )
    reason = "runs_code" if any(one.loading == "code" for one in found.values()) else "unknown_format"
    return Finding(
        rule="formats", outcome=Outcome.FAIL, reason=reason, sentence=describe(found), judged=policy == "refuse"
    )


def _verdict(findings: tuple[Finding, ...]) -> Verdict:
    verdict = Verdict.of(findings, empty="nothing was judged")
    if not verdict.passed:
        return verdict
    quiet = [finding for finding in findings if finding.outcome is not Outcome.PASS]
    said = "; ".join(finding.sentence for finding in findings if finding.judged)
    noted = "; not all of them load as data only, which promotion.formats lets pass" if quiet else ""
    return verdict.model_copy(update={"sentence": f"{said}{noted}"})
