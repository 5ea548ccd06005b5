"""A pull request that lowers its own threshold, from its first check to the label that approves it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.integration.conftest import git
from tests.integration.loop.conftest import CONFIG, Project, project

__all__ = ["project"]

HARD = "{metric: roc_auc, lower_bound: 0.9}"
GATE = (
    f"holdout: {{max_uses: 9}}\n      rules:\n        - {HARD}\n        - {{metric: model_size, upper_bound: 1000.0}}"
)
BEFORE = CONFIG.replace(f"rules:\n        - {HARD}", GATE)


def pull_request(project: Project, monkeypatch: pytest.MonkeyPatch, *labels: str) -> None:
    """Let the next commands run for a pull request of the branch `pr`."""
    base, head = (git(project.folder, "rev-parse", name).strip() for name in ("main", "pr"))
    named = [{"name": label} for label in labels]
    event = {"pull_request": {"number": 7, "base": {"sha": base}, "head": {"sha": head}, "labels": named}}
    path = project.folder.parent / "event.json"
    path.write_text(json.dumps(event), encoding="utf-8")
    monkeypatch.setenv("GITHUB_EVENT_NAME", "pull_request")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(path))


def policy(project: Project) -> dict[str, Any]:
    """Return what the comparison says about the change."""
    found: dict[str, Any] = project.record("comparison")["policy"]
    return found


def test_a_threshold_that_is_lowered_with_its_candidate(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The base's rules decide until a maintainer approves the edit; a looser edit that the base passes is only told.

    The rows are used once, whichever policies ask; what only the base's rules ask for is measured, too.
    """
    project.commit({"mlgate.yaml": BEFORE})
    git(project.folder, "checkout", "-b", "pr")
    labels = "import numpy\ndata['benign'] = numpy.random.default_rng(0).permutation(data['benign'])\n"
    spoilt = project.text("train.py").replace("columns = list", f"{labels}columns = list")
    assert spoilt != project.text("train.py")
    easy = CONFIG.replace(f"        - {HARD}", "        - {metric: roc_auc, lower_bound: 0.01, judge: point}")
    project.commit({"mlgate.yaml": easy, "train.py": spoilt})
    pull_request(project, monkeypatch)

    for step in ("validate", "train"):
        assert project.mlgate(step) == 0, capsys.readouterr()
    assert project.mlgate("compare") == 1
    record, found = project.record("comparison"), policy(project)
    assert (found["own"]["outcome"], found["verdict"]["outcome"]) == ("PASS", "FAIL")
    assert (record["verdict"]["outcome"], record["verdict"]["decided_by"]) == ("FAIL", "policy of the base")
    said = [(one["key"], one["base"], one["now"], one["direction"]) for one in found["differences"]]
    assert said == [
        ("gate.rules", "roc_auc >= 0.9", "roc_auc >= 0.01, judge: point", "looser"),
        ("gate.rules", "model_size <= 1000", None, "looser"),
        ("gate.holdout", '{"max_uses": 9}', None, "looser"),
    ]
    assert record["holdout"]["use"] == 1
    assert f"to be approved by the label {found['label']}" in capsys.readouterr().out

    pull_request(project, monkeypatch, found["label"])
    assert project.mlgate("compare") == 0, capsys.readouterr()
    assert policy(project)["approved"] == "pull request #7"
    assert project.record("comparison")["holdout"]["use"] == 1
    assert project.mlgate("report") == 0
    assert "**This pull request edits how it is judged.**" in project.text(".mlgate/report.md")
    assert "This pull request edits how it is judged" in project.text(".mlgate/report.html")

    # pushed after the label was given: another edit, which it does not approve
    project.commit({"mlgate.yaml": easy.replace("0.01", "0.02")})
    pull_request(project, monkeypatch, found["label"])
    assert project.mlgate("compare") == 1
    assert policy(project)["approved"] is None

    # rules by a column that the rows do not have cannot be asked
    git(project.folder, "checkout", "main")
    sliced = BEFORE.replace(
        "rules:", "slices: [{by: [nowhere], rules: [{metric: roc_auc, lower_bound: 0.1}]}]\n      rules:"
    )
    project.commit({"mlgate.yaml": sliced})
    git(project.folder, "checkout", "pr")
    pull_request(project, monkeypatch)
    assert project.mlgate("compare") == 1
    assert policy(project)["verdict"]["outcome"] == "INCONCLUSIVE"
    assert "the base's policy cannot be applied here" in policy(project)["verdict"]["sentence"]
