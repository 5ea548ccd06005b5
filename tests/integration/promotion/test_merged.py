"""After a merge the pull request's comment says as which version its model was promoted, or why not."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from github.PullRequest import PullRequest

from mlgate.__main__ import run
from mlgate.cli.common import open_workspace as open_job
from tests.bed.deployments import Pages, github_pages
from tests.bed.emulate import REPOSITORY, Server, emulate, missing
from tests.bed.wanted import Words
from tests.integration.conftest import commit, git, open_workspace
from tests.integration.promotion.support import FAILED, PASSED, compared, registered, reviewed, served


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One GitHub for the module."""
    if problem := missing():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(problem)
    with emulate(tmp_path_factory.mktemp("emulate")) as running:
        yield running


@pytest.fixture
def pages(server: Server) -> Iterator[Pages]:
    """The same GitHub, with the routes that emulate lacks."""
    with github_pages(server.url) as serving:
        yield serving


@dataclass(frozen=True)
class Project:
    """A model repository whose pull request was checked and is merged here; jobs see what GitHub tells them."""

    folder: Path
    server: Server
    pages: Pages
    monkeypatch: pytest.MonkeyPatch

    def check(self, passed: bool = True) -> PullRequest:  # noqa: FBT001, FBT002 (two words for a test)
        """Open a pull request with a reviewed candidate and its comment."""
        git(self.folder, "switch", "--create", "change")
        commit(self.folder, {"train.py": "print('better')\n"})
        commit(self.folder, {"README.md": "words\n"})
        reviewed(open_workspace(self.folder), "better", PASSED if passed else FAILED)
        pull = self.server.open_pull()
        token = self.server.token(pull_requests="write")
        self.server.connect(token).upsert_comment(pull.number, Words("checked"))
        return pull

    def merge(self, pull: PullRequest, method: str) -> None:
        """Merge on GitHub and here, and put the job of the push around us."""
        git(self.folder, "switch", "main")
        how = {"merge": ["merge", "--no-ff"], "squash": ["merge", "--squash"], "rebase": ["rebase"]}[method]
        git(self.folder, *how, "change")
        if method == "squash":
            git(self.folder, "commit", "-m", "Better")
        self.pushed(pull.merge(merge_method=method).sha)

    def pushed(self, sha: str, event: str = "push") -> None:
        """Be in the job that a push of `sha` to the default branch starts."""
        payload = self.folder.parent / "event.json"
        payload.write_text(json.dumps({"ref": "refs/heads/main", "repository": {"default_branch": "main"}}))
        told = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.pages.url,
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(payload),
            "GITHUB_REF": "refs/heads/main",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": "9001",
            "GITHUB_SHA": sha,
            "MLGATE_RUN_GITHUB_TOKEN": self.server.token(pull_requests="write", contents="read"),
        }
        for name, value in told.items():
            self.monkeypatch.setenv(name, value)
        self.monkeypatch.chdir(self.folder)


@pytest.fixture
def project(stored: Path, server: Server, pages: Pages, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A model repository on GitHub."""
    return Project(stored, server, pages, monkeypatch)


def comments(pull: PullRequest) -> list[str]:
    """Read the pull request's comments."""
    return [one.body for one in pull.get_issue_comments()]


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_the_comment_says_as_what_it_was_promoted(project: Project, method: str) -> None:
    """However it was merged, the one comment of the check now tells of production; the deployment is its commit's."""
    pull = project.check()
    project.merge(pull, method)
    assert run(["run"]) == 0
    (comment,) = comments(pull)
    assert "**PASS** · `churn`: merged and promoted as production version 1." in comment
    assert project.pages.active() == [("production", "churn", "1")]
    assert project.pages.deployments[0]["ref"] == os.environ["GITHUB_SHA"]


def test_the_comment_says_why_it_was_not_promoted(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Merged against the gate's word: production stays, the reason stands in the comment."""
    pull = project.check(passed=False)
    project.merge(pull, "squash")
    assert run(["run"]) == 1
    capsys.readouterr()
    (comment,) = comments(pull)
    assert "**FAIL** · `churn`: merged, but not promoted: production was not changed." in comment
    assert "did not pass its gate (FAIL): worse" in comment
    assert project.pages.deployments == []


@pytest.mark.parametrize("event", ["push", "schedule"])
def test_a_commit_without_a_pull_request_leaves_every_comment_alone(project: Project, event: str) -> None:
    """A direct push has none; a schedule stands on a commit whose pull request was merged long ago."""
    pull = project.check()
    project.merge(pull, "squash")
    project.pushed("c" * 40 if event == "push" else os.environ["GITHUB_SHA"], event)
    assert run(["run"]) == 0
    assert comments(pull) == [Words("checked").body]


def test_the_history_names_the_pull_request(project: Project) -> None:
    """GitHub says which one was merged; a schedule on the same commit has none."""
    pull = project.check()
    project.merge(pull, "rebase")
    token = os.environ["MLGATE_RUN_GITHUB_TOKEN"]
    assert open_job(Path("mlgate.yaml"), as_json=False, token=token).merged_pull == pull.number
    project.pushed(os.environ["GITHUB_SHA"], "schedule")
    assert open_job(Path("mlgate.yaml"), as_json=False, token=token).merged_pull is None


def test_what_another_pull_request_made_of_the_same_inputs_is_passed_over(project: Project) -> None:
    """A stacked one trained later, and failed: the merged one's candidate is what was reviewed here."""
    pull = project.check()
    workspace = open_workspace(project.folder)
    for content, verdict in (("stacked", PASSED), ("stacked, worse", FAILED)):
        compared(workspace, registered(workspace, content, pull_request=pull.number + 1), verdict)
    project.merge(pull, "squash")
    assert run(["run"]) == 0
    assert served(open_workspace(project.folder)) == "better"


@pytest.mark.parametrize(
    "command",
    [
        ["promote", "--dry-run"],
        ["run", "--operation", "promote", "--dry-run"],
        ["rollback", "--to", "1", "--reason", "x", "--dry-run"],
    ],
    ids=["promote", "run", "rollback"],
)
def test_a_dry_run_tells_github_nothing(project: Project, command: list[str]) -> None:
    """Neither of what would be done, nor of what is done already: no deployment, no comment, no check."""
    pull = project.check()
    project.merge(pull, "squash")
    assert run(["promote", "--no-deployment"]) == 0
    token = os.environ["MLGATE_RUN_GITHUB_TOKEN"]
    assert run([*command, "--github-token", token, *(["--check"] if command[0] == "run" else [])]) == 0
    assert project.pages.deployments == []
    assert comments(pull) == [Words("checked").body]
