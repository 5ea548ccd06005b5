"""Compare a reviewed candidate once more, with what is production now, or from its very bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.config.metrics import known
from mlgate.errors import AbsentDataError, ConfigError, StaleError
from mlgate.steps.compare import Means, Subject, decide
from mlgate.steps.formats import StoppedError, check_formats
from mlgate.steps.score import require_compared
from mlgate.training import identity

if TYPE_CHECKING:
    from mlgate.records import ComparisonRecord
    from mlgate.steps.workspace import Workspace

FULL = "`mlgate run` on the default branch compares in full, then promotes"


def compare_again(workspace: Workspace, name: str, evidence: ComparisonRecord) -> ComparisonRecord:
    """Judge the candidate of `evidence` against what is production now, from kept predictions; no model is loaded.

    Raises StaleError when the policy or the held-out rows are not those of the comparison, when a rule needs more than
    predictions, or when the predictions were not kept, or changed.
    """
    more = [r.name for r in workspace.model(name).gate.every_rule if known(r.metric).of in {"cost", "custom"}]
    if more:
        raise StaleError(f"{name}: {more[0]} needs more than predictions to be judged again", hint=FULL)
    with workspace.doing(f"{name}: production moved; comparing again from the predictions that were kept"):
        return _again(workspace, name, evidence, Means.KEPT_ONLY)


def score_again(workspace: Workspace, name: str, evidence: ComparisonRecord) -> ComparisonRecord:
    """Judge the candidate of `evidence` by predictions that its bytes make here and now, in the user's Python.

    Its files' formats are judged first, since scoring loads it: raises StoppedError where the policy refuses them, and
    StaleError when the files, the policy or the held-out rows are not those of the comparison. Each later download is
    held against the same digest, so that what is loaded is what was judged.
    """
    from mlgate.adapters.registry import versions

    candidate = evidence.candidate
    with versions.version_files(workspace.registry, candidate.name, candidate.version) as (folder, entries):
        require_compared(candidate, entries)
        refusal = check_formats(workspace, name, folder, entries)
    if refusal is not None:
        raise StoppedError(refusal)
    with workspace.doing(f"{name}: scoring the reviewed candidate again, as promotion.evidence asks"):
        return _again(workspace, name, evidence, Means.MADE_ANEW)


def _again(workspace: Workspace, name: str, evidence: ComparisonRecord, means: Means) -> ComparisonRecord:
    model = workspace.model(name)
    digests = (identity.config_digest(model), identity.gate_digest(model))
    if digests != (evidence.config_digest, evidence.gate_digest):
        raise StaleError(f"{name}: mlgate.yaml is not the one that the candidate was judged by", hint=FULL)
    try:
        same_rows = workspace.held_out(name).sha256 == evidence.held_out.sha256
    except (ConfigError, AbsentDataError) as error:
        message = f"{name}: the held-out rows are not here to compare again: {error.message}"
        raise StaleError(message, hint=FULL) from error
    if not same_rows:
        raise StaleError(f"{name}: the held-out rows are not those of the comparison", hint=FULL)
    subject = Subject(
        candidate=evidence.candidate,
        code=evidence.code,
        config_digest=evidence.config_digest,
        train_data=evidence.train_data,
        run_url=evidence.candidate_run_url,
        predictions_digest=evidence.predictions_digest,
    )
    return decide(workspace, name, subject, means)
