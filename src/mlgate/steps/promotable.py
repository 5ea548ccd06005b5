"""Read what a promotion rests on, and plan it: the evidence, where the stages stand, what is checked out."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from mlgate.config.address import is_url, shown
from mlgate.data.files.digest import sha256
from mlgate.errors import AbsentDataError, ConfigError, RequestError
from mlgate.promotion.history import PRODUCTION, STAGING, Makings, is_fenced
from mlgate.promotion.plan import Staged, Terms, plan_promotion, plan_release
from mlgate.promotion.tags import made_from
from mlgate.promotion.values import Observed, Seen
from mlgate.steps.base_policy import replaced_policy
from mlgate.steps.evidence import find_evidence, kept_evidence
from mlgate.steps.production import read_history, read_standing
from mlgate.training import identity

if TYPE_CHECKING:
    from mlgate.promotion.history import Entry
    from mlgate.promotion.values import PromotionPlan, Refusal, Standing
    from mlgate.records import ComparisonRecord
    from mlgate.steps.ask import Ask
    from mlgate.steps.workspace import Workspace

# A release does not depend on what is checked out.
OF_NO_COMMIT = Observed(
    inputs_digest="",
    dirty=(),
    config_digest="",
    gate_digest="",
    data={},
    fenced=False,
    now=datetime.min.replace(tzinfo=UTC),
)


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A plan, what it rests on, and where its stage stood."""

    plan: PromotionPlan | Refusal
    target: Standing
    evidence: ComparisonRecord | None
    staged: Entry | None = None


def decide(workspace: Workspace, name: str, ask: Ask, evidence: ComparisonRecord | None = None) -> Decided:
    """Plan the promotion; `evidence` is a comparison that was just made again, else the registry's is read."""
    on_merge = workspace.loaded.config.promotion.on_merge
    if ask.to == STAGING and on_merge == PRODUCTION:
        raise RequestError(
            "this repository has no staging: a merge promotes to production",
            hint="set promotion.on_merge: staging in mlgate.yaml, or promote to production",
        )
    if ask.to == PRODUCTION and on_merge != PRODUCTION:
        return _release(workspace, name, ask, evidence)
    return _merge(workspace, name, ask, evidence)


def _merge(workspace: Workspace, name: str, ask: Ask, evidence: ComparisonRecord | None) -> Decided:
    """Decide about the candidate that was reviewed for the code that is checked out."""
    evidence = evidence or find_evidence(workspace, name, workspace.code(name), ask.version)
    production = read_standing(workspace, name)
    target = read_standing(workspace, name, STAGING) if ask.to == STAGING else production
    observed = _observe(workspace, name, evidence, newest=ask.newest)
    plan = plan_promotion(evidence, target, production, observed, _terms(workspace, ask))
    return Decided(plan=plan, target=target, evidence=evidence)


def _release(workspace: Workspace, name: str, ask: Ask, evidence: ComparisonRecord | None) -> Decided:
    """Decide about a version of staging: the one behind its alias, or the one that was asked for."""
    if not ask.reason and not ask.dry_run:
        raise RequestError("a release needs a reason", hint="say in a sentence why, for the history: --reason '…'")
    production = read_standing(workspace, name)
    staged = _staged(workspace, name, ask.version)
    if evidence is None and staged is not None:
        evidence = kept_evidence(workspace, name, staged.entry)
    known = _known(workspace, name, evidence)
    observed = replace(OF_NO_COMMIT, fenced=known.fenced, known=known.entries, now=datetime.now(UTC))
    plan = plan_release(staged, evidence, production, observed, _terms(workspace, ask))
    return Decided(plan=plan, target=production, evidence=evidence, staged=staged.entry if staged else None)


def _staged(workspace: Workspace, name: str, version: str | None) -> Staged | None:
    """Find what is in staging, or a version that was."""
    standing = read_standing(workspace, name, STAGING)
    if version is None:
        return Staged(entry=standing.head, standing=standing) if standing.head else None
    history = read_history(workspace, name, STAGING)[0]
    entry = history.find(version)
    after = next((one for one in history.valid if int(one.version) > int(version)), None)
    left_at = after.created_at if after else None
    return Staged(entry=entry, standing=standing, left_at=left_at) if entry else None


def _terms(workspace: Workspace, ask: Ask) -> Terms:
    config = workspace.loaded.config
    return Terms(
        max_age_days=config.registry.max_evidence_age_days,
        soak_hours=config.promotion.soak_hours,
        unfence=ask.unfence,
    )


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the history has of a model: the entries that name its files or makings, and whether they fence it."""

    entries: tuple[Entry, ...] = ()
    fenced: bool = False


def _known(workspace: Workspace, name: str, evidence: ComparisonRecord | None) -> Known:
    from mlgate.adapters.registry import versions

    if evidence is None:
        return Known()
    model = Makings(manifest=evidence.candidate.manifest_digest, made_from=made_from(evidence))
    about = [versions.read_versions(workspace.registry, name, {tag: value}) for tag, value in model.asked().items()]
    entries = tuple(entry for entries in about for entry in entries)
    return Known(entries=entries, fenced=is_fenced(model, entries))


def _data(workspace: Workspace, name: str, *, newest: bool) -> dict[Literal["train", "held_out"], Seen]:
    """Digest the data that is here; the rest is bound by its digest in the evidence."""
    data: dict[Literal["train", "held_out"], Seen] = {}
    roles: tuple[Literal["train", "held_out"], ...] = ("train", "held_out")
    for key in roles:
        named = workspace.loaded.named(name, "data", key)
        if is_url(named) and not newest:
            continue
        with suppress(ConfigError, AbsentDataError):
            data[key] = Seen(path=shown(named), sha256=sha256(workspace.data_file(name, key)))
    return data


def _observe(workspace: Workspace, name: str, evidence: ComparisonRecord | None, *, newest: bool) -> Observed:
    model, code = workspace.model(name), workspace.code(name)
    known = _known(workspace, name, evidence)
    return Observed(
        inputs_digest=code.inputs_digest,
        dirty=code.dirty,
        config_digest=identity.config_digest(model),
        gate_digest=identity.gate_digest(model),
        data=_data(workspace, name, newest=newest),
        fenced=known.fenced,
        known=known.entries,
        now=datetime.now(UTC),
        replaced_policy=replaced_policy(workspace, name, evidence),
    )
