"""Row 10 of the threat model: a pull request that edits its own gate does not pass by the edit alone."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from mlgate.promotion.checks import OF_A_COMMIT, Case, policy_reviewed
from mlgate.promotion.history import replay
from mlgate.promotion.policy import DECIDED_BY, approval_label, overall
from mlgate.promotion.values import Observed, Standing
from mlgate.records import Code, ComparisonRecord, DataFile, PolicyChange, PolicyDifference, Version
from mlgate.verdict import Outcome, Verdict

NOW = datetime(2026, 11, 24, tzinfo=UTC)
LOWERED = PolicyDifference(key="gate.rules", base="roc_auc >= 0.9", now="roc_auc >= 0.5", direction="looser")


def says(outcome: Outcome) -> Verdict:
    """Make a verdict."""
    return Verdict(outcome=outcome, decided_by="roc_auc", sentence=f"it is {outcome}")


def changed(by_base: Outcome, approved: str | None = None) -> PolicyChange:
    """Make a change that passes by its own policy."""
    return PolicyChange(
        base_commit="b" * 40,
        base_digest="before",
        differences=(LOWERED, LOWERED),
        own=says(Outcome.PASS),
        verdict=says(by_base),
        label=approval_label("before", "after"),
        approved=approved,
    )


@pytest.mark.parametrize(("own", "by_base"), list(product(Outcome, Outcome)))
def test_the_worse_of_the_two_policies_decides(own: Outcome, by_base: Outcome) -> None:
    """Unless the change is approved; then its own policy does."""
    verdict = overall(says(own), changed(by_base))
    assert verdict.outcome.severity == max(own.severity, by_base.severity)
    assert (verdict.decided_by == DECIDED_BY) == (by_base.severity > own.severity)
    assert overall(says(own), changed(by_base, "pull request #7")) == says(own)


def test_the_verdict_names_the_edit_and_the_way_to_approve_it() -> None:
    """A reader of the log alone knows what was edited, what the base says, and which label approves it."""
    label = approval_label("before", "after")
    sentence = overall(says(Outcome.PASS), changed(Outcome.FAIL)).sentence
    assert "gate.rules: `roc_auc >= 0.9` becomes `roc_auc >= 0.5` and 1 more" in sentence
    assert "the base's policy says: it is FAIL" in sentence
    assert sentence.endswith(f"by the label `{label}`")


def test_a_base_that_is_not_known_decides_nothing() -> None:
    """Neither does one that is the same."""
    unknown = PolicyChange(base_commit="b" * 40, unknown="not here")
    assert overall(says(Outcome.PASS), unknown) == overall(says(Outcome.PASS), None) == says(Outcome.PASS)
    assert not unknown.holds


def test_a_label_approves_one_change_only() -> None:
    """Another edit, from another base, or the way back: each asks for a label of its own, that GitHub takes."""
    labels = {approval_label(base, now) for base, now in (("a", "b"), ("a", "c"), ("c", "b"), ("b", "a"))}
    assert len(labels) == 4
    assert all(len(label) <= 50 and label.startswith("mlgate: policy ") for label in labels)


def case(policy: PolicyChange | None, replaced: str | None) -> Case:
    """Make a merge that replaced a policy, and evidence with or without a word about it."""
    file = DataFile(role="training", path="train.csv", sha256="d", rows=1, columns=1, bytes=1)
    evidence = ComparisonRecord(
        model="churn",
        mlgate="0",
        code=Code(commit="c", inputs_digest="code", inputs=(".",)),
        verdict=says(Outcome.PASS),
        candidate=Version(name="churn-candidates", version="7", run_id="r7", manifest_digest="m7"),
        production=None,
        held_out=file,
        train_data=(file,),
        config_digest="config",
        gate_digest="gate",
        confidence_level=0.95,
        results=(),
        policy=policy,
    )
    observed = Observed(
        inputs_digest="code",
        dirty=(),
        config_digest="config",
        gate_digest="gate",
        data={},
        fenced=False,
        now=NOW,
        replaced_policy=replaced,
    )
    nothing = Standing(stage="production", alias="production", alias_version=None, history=replay(()))
    return Case(
        evidence=evidence, target=nothing, production=nothing, observed=observed, max_age_days=14, unfence=False
    )


@pytest.mark.parametrize(
    ("policy", "replaced", "refused"),
    [
        (None, None, False),
        (changed(Outcome.FAIL), None, False),
        (changed(Outcome.PASS), "before", False),
        (changed(Outcome.FAIL, "pull request #7"), "before", False),
        (None, "before", True),
        (changed(Outcome.FAIL), "before", True),
        (changed(Outcome.INCONCLUSIVE), "before", True),
        (changed(Outcome.PASS), "another", True),
        (changed(Outcome.FAIL, "pull request #7"), "another", True),
        (PolicyChange(base_commit="b" * 40, unknown="not here"), "before", True),
    ],
)
def test_a_merge_that_changes_the_policy_needs_evidence_of_the_one_before(
    policy: PolicyChange | None,
    replaced: str | None,
    refused: bool,  # noqa: FBT001 (a row of the table)
) -> None:
    """Passed under it, or approved against it; otherwise comparing again, with the base's policy, may help."""
    refusal = policy_reviewed(case(policy, replaced))
    assert (refusal is not None) == refused
    if refusal is not None:
        assert (refusal.reason, refusal.stale) == ("policy_unreviewed", True)
    assert policy_reviewed in OF_A_COMMIT
