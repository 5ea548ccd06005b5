"""A merge that brings another policy promotes nothing that was not held against the policy before it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from mlgate.adapters.registry import runs, versions
from mlgate.adapters.runner import read_runner
from mlgate.config.load import load
from mlgate.promotion.tags import evidence_tags
from mlgate.records import ComparisonRecord, PolicyChange
from mlgate.steps.promote import promote
from mlgate.steps.workspace import Workspace
from mlgate.training.identity import policy_digest
from mlgate.verdict import Outcome, Verdict
from tests.integration.conftest import CONFIG, commit, git
from tests.integration.promotion.support import PASSED, keep, reviewed

FAILED = Verdict(outcome=Outcome.FAIL, decided_by="roc_auc", sentence="below 0.6")


@pytest.fixture
def pushed(repository: Path) -> Workspace:
    """A push to main that lowers the bound of the gate."""
    before = git(repository, "rev-parse", "HEAD").strip()
    commit(repository, {"mlgate.yaml": CONFIG.replace("lower_bound: 0.6", "lower_bound: 0.5")})
    event = repository.parent / "event.json"
    event.write_text(json.dumps({"before": before, "repository": {"default_branch": "main"}}), encoding="utf-8")
    around = {"GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": str(event), "GITHUB_REF": "refs/heads/main"}
    return Workspace(load(repository / "mlgate.yaml"), read_runner({"PATH": "", **around}), Console(quiet=True))


def held_against(workspace: Workspace, record: ComparisonRecord, by_base: Verdict, approved: str | None) -> None:
    """Compare again: this time the evidence says what the policy before makes of the candidate."""
    (workspace.folder.parent / "before.yaml").write_text(CONFIG, encoding="utf-8")
    base = load(workspace.folder.parent / "before.yaml").config.models["churn"]
    change = PolicyChange(
        base_commit="b" * 40, base_digest=policy_digest(base), own=PASSED, verdict=by_base, approved=approved
    )
    text = record.model_copy(update={"policy": change}).model_dump_json(indent=2)
    runs.save_text(workspace.registry, record.candidate.run_id, "comparison.json", text)
    tags = evidence_tags(record, text)
    versions.tag_version(workspace.registry, record.candidate.name, record.candidate.version, tags)


def test_evidence_that_does_not_know_the_policy_before_is_stale(pushed: Workspace) -> None:
    """Comparing on main, against it, is what helps; then the same merge promotes."""
    record = reviewed(pushed, "one")
    refused = promote(pushed, "churn")
    assert (refused.status, refused.reason, refused.stale) == ("refused", "policy_unreviewed", True)
    held_against(pushed, record, FAILED, None)
    assert promote(pushed, "churn").reason == "policy_unreviewed"
    held_against(pushed, record, PASSED, None)
    assert promote(pushed, "churn").status == "done"


def test_an_approved_change_is_promoted(pushed: Workspace) -> None:
    """Although the policy before refuses the candidate."""
    held_against(pushed, reviewed(pushed, "one"), FAILED, "pull request #7")
    assert promote(pushed, "churn").status == "done"


@pytest.mark.parametrize(
    ("base", "status"),
    [("lower", "done"), ("before", "refused"), ("f" * 40, "done"), ("--help", "done")],
    ids=["the same policy", "another policy", "nowhere", "no commit"],
)
def test_a_policy_that_was_not_known_is_looked_up_by_whatever_job_promotes(
    pushed: Workspace, capsys: pytest.CaptureFixture[str], base: str, status: str
) -> None:
    """A schedule and the next push stand on the policy that came with the change: its base is the comparison's."""
    named = {"lower": "HEAD", "before": "HEAD~1"}.get(base)
    commit_of_base = git(pushed.folder, "rev-parse", named).strip() if named else base
    job = Workspace(pushed.loaded, read_runner({"PATH": "", "GITHUB_EVENT_NAME": "schedule"}), Console(quiet=True))
    record = reviewed(job, "one")
    keep(job, record.model_copy(update={"policy": PolicyChange(base_commit=commit_of_base, unknown="no clone")}))
    found = promote(job, "churn")
    assert (found.status, found.stale) == (status, status == "refused")
    assert found.reason == ("policy_unreviewed" if status == "refused" else "done")
    assert ("how it is judged is not known" in capsys.readouterr().err) == (named is None)
