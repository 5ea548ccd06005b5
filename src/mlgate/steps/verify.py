"""Hold a version's files against what was registered, and judge their formats; nothing is loaded or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate import __version__
from mlgate.adapters import files
from mlgate.errors import RequestError
from mlgate.promotion.history import PRODUCTION, STAGING, is_number, replay
from mlgate.records import FileFormat, Verification
from mlgate.steps.formats import describe, flagged, read_formats
from mlgate.steps.production import alias_of
from mlgate.steps.stores import require_own_store
from mlgate.verdict import Finding, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlgate.promotion.formats import Format
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

    registered = workspace.candidates(name) if candidate else name
    wanted = candidate or version or _served(workspace, name)
    entry = versions.read_version(workspace.registry, registered, wanted) if is_number(wanted) else None
    if entry is None:
        newest = [one.version for one in versions.read_versions(workspace.registry, registered)[-10:]]
        known = ", ".join(newest) or "none"
        raise RequestError(f"{registered} has no version {wanted[:80]}", hint=f"its newest versions: {known}")
    require_own_store(workspace, name, registered, entry)
    return entry, candidate is not None or _counted(workspace, name, entry)


def _served(workspace: Workspace, name: str) -> str:
    """Return the version that is served, which after a crash is not the history's head."""
    from mlgate.adapters.registry import versions

    alias = alias_of(workspace, PRODUCTION)
    served = versions.read_alias(workspace.registry, name, alias)
    if served is None:
        raise RequestError(
            f"{name} serves nothing: its alias {alias} points to no version",
            hint=f"name one: `mlgate verify {name} --version VERSION`, or --candidate VERSION",
        )
    return served


def _counted(workspace: Workspace, name: str, entry: Entry) -> bool:
    """Whether an entry was in its stage: it was confirmed, or is near the end of the history."""
    from mlgate.adapters.registry import versions

    stage = STAGING if entry.stage == STAGING else PRODUCTION
    if entry.stage == stage and entry.confirmed:
        return True
    near = replay(versions.read_tail(workspace.registry, name, stage), stage)
    return near.find(entry.version) is not None


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


def _formats(judged: Mapping[str, Format], policy: str) -> Finding:
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
