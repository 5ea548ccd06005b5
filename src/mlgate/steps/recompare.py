"""Compare a reviewed candidate once more, with what is production now, from the predictions that both keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.config.metrics import known
from mlgate.errors import ConfigError, StaleError
from mlgate.steps.compare import Subject, decide
from mlgate.training import identity

if TYPE_CHECKING:
    from mlgate.records import ComparisonRecord
    from mlgate.steps.workspace import Workspace

FULL = "`mlgate run` on the default branch compares in full, then promotes"


def compare_again(workspace: Workspace, name: str, evidence: ComparisonRecord) -> ComparisonRecord:
    """Judge the candidate of `evidence` against what is production now; no model is loaded.

    Raises StaleError when the policy or the held-out rows are not those of the comparison, when a rule needs more than
    predictions, or when predictions were not kept.
    """
    model = workspace.model(name)
    more = [rule.name for rule in model.gate.every_rule if known(rule.metric).of in {"cost", "custom"}]
    if more:
        raise StaleError(f"{name}: {more[0]} needs more than predictions to be judged again", hint=FULL)
    digests = (identity.config_digest(model), identity.gate_digest(model))
    if digests != (evidence.config_digest, evidence.gate_digest):
        raise StaleError(f"{name}: mlgate.yaml is not the one that the candidate was judged by", hint=FULL)
    try:
        same_rows = workspace.held_out(name).sha256 == evidence.held_out.sha256
    except ConfigError as error:
        raise StaleError(
            f"{name}: the held-out rows are not here to compare again: {error.message}", hint=FULL
        ) from error
    if not same_rows:
        raise StaleError(f"{name}: the held-out rows are not those of the comparison", hint=FULL)
    subject = Subject(
        candidate=evidence.candidate,
        code=evidence.code,
        config_digest=evidence.config_digest,
        train_data=evidence.train_data,
        run_url=evidence.candidate_run_url,
    )
    with workspace.doing(f"{name}: production moved; comparing again from the predictions that were kept"):
        return decide(workspace, name, subject, kept_only=True)
