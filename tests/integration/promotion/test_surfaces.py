"""A promotion or rollback is visible where people look: deployments, the job summary; and stands when it is not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlgate.__main__ import run
from mlgate.adapters.github import GitHub
from mlgate.promotion.values import Wish
from mlgate.steps.ask import Ask
from mlgate.steps.deployment import announce
from mlgate.steps.promote import promote
from mlgate.steps.rollback import rollback
from mlgate.steps.workspace import Workspace
from tests.bed.deployments import Pages, github_pages
from tests.integration.conftest import CONFIG, commit, git, open_workspace
from tests.integration.promotion.support import next_change, reviewed

RELEASE = Ask(to="production", reason="looks well")
HEAD, CHURN, END = CONFIG.partition("  churn:")[0], *CONFIG.partition("  churn:")[2].split("registry:")
TWO_MODELS = f"{HEAD}  churn:{CHURN}  fraud:{CHURN}registry:{END}"


@pytest.fixture
def pages() -> Iterator[Pages]:
    """The repository's deployments."""
    with github_pages() as serving:
        yield serving


def environment(url: str, sha: str, **more: str) -> dict[str, str]:
    """Give the variables of a job on the default branch."""
    usual = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": url,
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_SHA": sha,
        "GITHUB_RUN_ID": "9001",
        "GITHUB_ACTOR": "ada",
    }
    return {**usual, **more}


def job(folder: Path, url: str, **more: str) -> Workspace:
    """Open the repository as a job with a token does, with short pauses."""
    around = open_workspace(folder, environment(url, git(folder, "rev-parse", "HEAD").strip(), **more))
    workspace = Workspace(around.loaded, around.runner, around.console, "ghs_job")
    vars(workspace)["hub"] = GitHub(url, "o/r", "ghs_job", pause=0.01)
    return workspace


def test_a_promotion_is_a_deployment_of_its_commit(stored: Path, pages: Pages) -> None:
    """It names model, version, files and what was replaced; promoting again announces nothing twice."""
    workspace = job(stored, pages.url)
    manifest = reviewed(workspace, "one").candidate.manifest_digest
    announce(workspace, promote(workspace, "churn", Ask(reason="the first")))
    made = pages.deployments[0]
    assert made["ref"] == git(stored, "rev-parse", "HEAD").strip()
    assert made["description"] == "churn 1: promoted candidate 1, the first version: the first"
    assert {key: made["payload"][key] for key in ("model", "version", "manifest", "operation", "candidate")} == {
        "model": "churn",
        "version": "1",
        "manifest": manifest,
        "operation": "promote",
        "candidate": "churn-candidates/1",
    }
    assert pages.statuses[1][0]["log_url"] == "https://github.com/o/r/actions/runs/9001"
    announce(workspace, promote(workspace, "churn"))
    git(stored, "commit", "--allow-empty", "-m", "Words only")
    later = job(stored, pages.url)
    record = promote(later, "churn")
    announce(later, record)
    assert (record.status, len(pages.deployments)) == ("already", 1)


def test_a_rollback_shows_the_commit_that_it_went_back_to(stored: Path, pages: Pages) -> None:
    """What runs is the old commit's model, so the old commit is what the environment shows, with the reason."""
    first = job(stored, pages.url)
    reviewed(first, "one")
    announce(first, promote(first, "churn"))
    next_change(stored, "print('v2')\n")
    second = job(stored, pages.url)
    reviewed(second, "two")
    announce(second, promote(second, "churn"))
    announce(second, rollback(second, "churn", Wish(to="previous", reason="complaints")))
    assert [one["ref"] for one in pages.deployments] == [first.runner.sha, second.runner.sha, first.runner.sha]
    assert pages.deployments[2]["payload"]["from_version"] == "2"
    assert pages.deployments[2]["description"] == (
        "churn 3: rolled back from version 2 to the files of version 1: complaints"
    )
    assert pages.active() == [("production", "churn", "3")]


def test_several_models_have_an_environment_each(stored: Path, pages: Pages) -> None:
    """One environment shows one thing, so that no model hides another; another stage is no production."""
    commit(stored, {"mlgate.yaml": TWO_MODELS})
    workspace = job(stored, pages.url)
    reviewed(workspace, "one")
    record = promote(workspace, "churn")
    announce(workspace, record)
    announce(workspace, record.model_copy(update={"stage": "staging"}))
    shown = [(one["environment"], one["production_environment"]) for one in pages.deployments]
    assert shown == [("production (churn)", True), ("staging (churn)", False)]


def test_a_release_is_of_the_commit_that_was_merged(stored: Path, pages: Pages) -> None:
    """Whatever the releasing job stands on; so do the version's description, and a rollback to the release."""
    commit(stored, {"mlgate.yaml": CONFIG + "promotion: {on_merge: staging}\n"})
    merged = job(stored, pages.url)
    reviewed(merged, "one")
    announce(merged, promote(merged, "churn"))
    git(stored, "commit", "--allow-empty", "-m", "Words only")
    releasing = job(stored, pages.url)
    announce(releasing, promote(releasing, "churn", RELEASE))
    next_change(stored, "print('v2')\n")
    second = job(stored, pages.url)
    reviewed(second, "two")
    promote(second, "churn")
    announce(second, promote(second, "churn", RELEASE))
    announce(second, rollback(second, "churn", Wish(to="previous", reason="complaints")))
    shown = [(one["environment"], one["ref"]) for one in pages.deployments]
    assert shown == [
        ("staging", merged.runner.sha),
        ("production", merged.runner.sha),
        ("production", second.runner.sha),
        ("production", merged.runner.sha),
    ]
    for version in ("2", "5"):
        description = releasing.registry.client.get_model_version("churn", version).description
        assert f"commit [`{merged.runner.sha[:12]}`]" in description


def test_what_changed_nothing_is_not_announced(stored: Path, pages: Pages) -> None:
    """Neither a refusal nor a dry run, whatever is in production."""
    reviewed(job(stored, pages.url), "one")
    promote(job(stored, pages.url), "churn")
    next_change(stored, "print('v2')\n")
    workspace = job(stored, pages.url)
    refused = promote(workspace, "churn")
    reviewed(workspace, "two")
    planned = promote(workspace, "churn", Ask(dry_run=True))
    assert [(one.status, one.to_version) for one in (refused, planned)] == [("refused", "1"), ("planned", "1")]
    for record in (refused, planned):
        announce(workspace, record)
    assert pages.asked == []


def test_a_laptop_announces_nothing(stored: Path, pages: Pages) -> None:
    """Without a job or without a token there is nobody to tell."""
    workspace = job(stored, pages.url)
    reviewed(workspace, "one")
    record = promote(workspace, "churn")
    laptop = open_workspace(stored, {"GITHUB_API_URL": pages.url, "GITHUB_REPOSITORY": "o/r"})
    announce(Workspace(laptop.loaded, laptop.runner, laptop.console, "ghp_mine"), record)
    announce(open_workspace(stored, environment(pages.url, "a" * 40)), record)
    assert pages.asked == []


@pytest.mark.parametrize("trouble", ["permission", "server", "network"])
def test_a_promotion_stands_when_github_cannot_be_told(
    stored: Path, pages: Pages, capsys: pytest.CaptureFixture[str], trouble: str
) -> None:
    """It is a warning that says what to do; the next job announces what this one could not."""
    workspace = job(stored, pages.url if trouble != "network" else "http://127.0.0.1:9")
    reviewed(workspace, "one")
    record = promote(workspace, "churn")
    pages.forbidden = trouble == "permission"
    pages.next = [500] * 20 if trouble == "server" else []
    announce(workspace, record)
    said = capsys.readouterr().out
    todo = {"permission": "grant the job `deployments: write`", "server": "again", "network": "GITHUB_API_URL"}
    assert "::warning::GitHub does not show the deployment of production: " in said
    assert todo[trouble] in said
    assert "churn version 1 stays what it is in production" in said
    pages.forbidden, pages.next = False, []
    again = job(stored, pages.url)
    announce(again, promote(again, "churn"))
    assert pages.active() == [("production", "churn", "1")]


def test_a_job_that_github_does_not_answer_has_no_pull_request(
    stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The history then goes without its number, and one warning says so, however many models are promoted."""
    workspace = job(stored, "http://127.0.0.1:9", GITHUB_EVENT_NAME="push")
    assert workspace.merged_pull is None
    assert workspace.merged_pull is None
    assert capsys.readouterr().out.count("the history will not name the pull request") == 1
    assert open_workspace(stored).merged_pull is None


@pytest.fixture
def in_job(stored: Path, pages: Pages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in a job of the repository; its summary is the file that is given."""
    summary = tmp_path / "summary.md"
    told = {"GITHUB_STEP_SUMMARY": str(summary), "MLGATE_PROMOTE_GITHUB_TOKEN": "ghs_job"}
    for name, value in environment(pages.url, git(stored, "rev-parse", "HEAD").strip(), **told).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(stored)
    reviewed(open_workspace(stored), "one")
    return summary


def test_the_action_alone_writes_a_paragraph_and_a_deployment(in_job: Path, pages: Pages) -> None:
    """Whoever looks at the run or the repository sees what happened, without the report action."""
    assert run(["promote"]) == 0
    assert in_job.read_text(encoding="utf-8").strip() == (
        "✅ **`churn`**: promoted. Candidate version 1 is the first in production. "
        "`models:/churn@production` is version `1`. By `ada`."
    )
    assert pages.active() == [("production", "churn", "1")]
    os.environ["MLGATE_ROLLBACK_GITHUB_TOKEN"] = os.environ["MLGATE_PROMOTE_GITHUB_TOKEN"]
    assert run(["rollback", "--reason", "x"]) == 1
    last = in_job.read_text(encoding="utf-8").strip().splitlines()[-1]
    assert last.startswith("❌ **`churn`**: production was not changed.")
    assert last.endswith("`models:/churn@production` is still version `1`. By `ada`: x.")
    assert len(pages.deployments) == 1


def test_deployments_can_be_switched_off(in_job: Path, pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    """The input `deployment: false` arrives as this variable."""
    monkeypatch.setenv("MLGATE_PROMOTE_DEPLOYMENT", "false")
    assert run(["promote"]) == 0
    assert pages.asked == []
    assert "promoted" in in_job.read_text(encoding="utf-8")
