"""Tell GitHub which version a stage runs, where people look: the repository's deployments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.errors import OutsideError
from mlgate.escape import visible
from mlgate.promotion.history import NONE, PRODUCTION
from mlgate.records import PromotionRecord
from mlgate.report.links import safe_url
from mlgate.tag_names import BASE, CANDIDATE, COMMIT, MANIFEST, OPERATION, ORIGINAL, REASON, RUN_URL, VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlgate.adapters.github import Deployment
    from mlgate.records import Record
    from mlgate.steps.workspace import Workspace


def announce(workspace: Workspace, record: Record) -> None:
    """Make a promotion or rollback visible as a deployment; whatever goes wrong is a warning, since it stands.

    What was promoted before is announced too, once: an earlier job may have been cut short, or not been allowed to.
    """
    if not isinstance(record, PromotionRecord) or record.status not in {"done", "already"} or not record.to_version:
        return
    github = workspace.hub
    if github is None:
        return
    from mlgate.adapters.github import Announced

    stage = record.stage
    environment = environment_of(workspace, record.model, stage)
    try:
        answer = github.announce(_deployment(workspace, record, environment, production=stage == PRODUCTION))
    except OutsideError as error:
        problem = f"{error.message}; {error.hint}"
    else:
        if isinstance(answer, Announced):
            workspace.console.print(f"    deployment of {environment}: {answer.action}", markup=False)
            return
        problem = answer.sentence
    stands = f"{record.model} version {record.to_version} stays what it is in {stage}"
    workspace.warn(f"GitHub does not show the deployment of {environment}: {problem}. {stands}")


def environment_of(workspace: Workspace, model: str, stage: str) -> str:
    """Name GitHub's environment: the stage, and of several models which one, since an environment runs one thing."""
    return stage if len(workspace.loaded.config.models) == 1 else f"{stage} ({model})"


def _deployment(workspace: Workspace, record: PromotionRecord, environment: str, *, production: bool) -> Deployment:
    from mlgate.adapters.github import Deployment

    version = record.to_version or ""
    tags = _tags(workspace, record.model, version)
    return Deployment(
        environment=environment,
        ref=tags.get(COMMIT) or record.code.commit,
        description=_description(record.model, version, tags),
        payload=_payload(record.model, version, tags),
        production=production,
        page=safe_url(workspace.registry.version_url(record.model, version)),
        log=safe_url(tags.get(RUN_URL) or workspace.runner.run_url),
    )


def _tags(workspace: Workspace, model: str, version: str) -> Mapping[str, str]:
    """Read the tags of a version; one that was deleted since has none."""
    from mlgate.adapters.registry import versions

    entry = versions.read_version(workspace.registry, model, version)
    return entry.tags if entry else {}


def _payload(model: str, version: str, tags: Mapping[str, str]) -> dict[str, str]:
    facts = {
        "model": model,
        "version": version,
        "manifest": tags.get(MANIFEST),
        "operation": tags.get(OPERATION),
        "from_version": tags.get(BASE),
        "candidate": tags.get(CANDIDATE),
        "original": tags.get(ORIGINAL),
        "mlgate": tags.get(VERSION),
    }
    return {key: value for key, value in facts.items() if value and value != NONE}


def _description(model: str, version: str, tags: Mapping[str, str]) -> str:
    base, reason = tags.get(BASE, NONE), tags.get(REASON, "")
    if ORIGINAL in tags:
        what = f"{model} {version}: rolled back from version {base} to the files of version {tags[ORIGINAL]}"
    else:
        candidate = tags.get(CANDIDATE, "").rpartition("/")[2]
        after = f"after version {base}" if base != NONE else "the first version"
        what = f"{model} {version}: promoted candidate {candidate}, {after}"
    return visible(f"{what}: {reason}" if reason else what, 140)
