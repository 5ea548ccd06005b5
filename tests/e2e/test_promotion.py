"""Three pull requests, merged in the three ways that GitHub has, on their way over staging to production and back.

The fixtures are the story, each a chapter that begins where the one before it ended; the tests state what is true
after a chapter. Models are trained for the pull requests, and never again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import mlflow
import pytest

from demo import changes
from tests.bed.workflow_stage import WorkflowStage
from tests.e2e.support import (
    CANDIDATES,
    MODEL,
    World,
    commit,
    look,
    push_to_main,
    push_to_pull,
    registry,
    start_by_hand,
)

pytestmark = pytest.mark.long

TO_STAGING = "promotion:\n  on_merge: staging\n\n"
RARER = ("min_frequency=50", "min_frequency=40")


@dataclass(frozen=True, kw_only=True)
class Merge:
    """A pull request: the world when its check had ended, and when the workflow of its merge had."""

    number: int
    reviewed: World
    merged: World
    head: str
    commit: str

    @property
    def candidate(self) -> str:
        """The version that was reviewed."""
        return self.reviewed.job.outputs["candidate-version"]


def merge(stage: WorkflowStage, number: int, branch: str, method: str) -> Merge:
    """Have the pull request from `branch` checked, and merge it."""
    reviewed = look(stage, push_to_pull(stage, branch, number=number, branch=branch), number)
    pushed = stage.merge(number, branch, method)
    merged = look(stage, push_to_main(stage, f"{branch}-merged", pushed), number)
    head = stage.git("rev-parse", branch)
    return Merge(number=number, reviewed=reviewed, merged=merged, head=head, commit=pushed["after"])


def promote(stage: WorkflowStage, name: str, reason: str, dry_run: str = "false") -> World:
    """Release by the form of promote-manually.yml, as it is filled in for a person."""
    rest = {"model": "", "version": "", "unfence": "false"}
    job = start_by_hand(stage, name, "promote-manually.yml", to="production", reason=reason, dry_run=dry_run, **rest)
    return look(stage, job)


@pytest.fixture(scope="module")
def by_merge_commit(stage: WorkflowStage) -> Merge:
    """The first model, in a repository that merges to staging."""
    stage.run(["python", "prepare.py"], stage.repository)
    configuration = stage.repository / "mlgate.yaml"
    text = configuration.read_text(encoding="utf-8")
    configuration.write_text(text.replace("registry:\n", f"{TO_STAGING}registry:\n"), encoding="utf-8")
    commit(stage, "A training, data and a policy")
    commit(stage, "Learn from the schedule alone", changes.SCHEDULE_ONLY, branch="schedule")
    return merge(stage, 1, "schedule", "merge")


@pytest.fixture(scope="module")
def planned(stage: WorkflowStage, by_merge_commit: Merge) -> World:  # noqa: ARG001 (the chapter before)
    """Someone asks what a release would do."""
    return promote(stage, "planned", "what would it do", dry_run="true")


@pytest.fixture(scope="module")
def released(stage: WorkflowStage, planned: World) -> World:  # noqa: ARG001
    """And releases it."""
    return promote(stage, "released", "the first release")


@pytest.fixture(scope="module")
def by_squash(stage: WorkflowStage, released: World) -> Merge:  # noqa: ARG001
    """The second pull request brings the weather."""
    commit(stage, "Know the weather", changes.WITH_WEATHER, branch="weather")
    return merge(stage, 2, "weather", "squash")


@pytest.fixture(scope="module")
def by_rebase(stage: WorkflowStage, by_squash: Merge) -> Merge:  # noqa: ARG001
    """The third has two commits."""
    commit(stage, "Tell rarer airports apart", RARER, branch="rarer")
    (stage.repository / "NOTES.md").write_text("Forty flights make an airport.\n", encoding="utf-8")
    commit(stage, "Say why")
    return merge(stage, 3, "rarer", "rebase")


@pytest.fixture(scope="module")
def released_again(stage: WorkflowStage, by_rebase: Merge) -> World:  # noqa: ARG001
    """Someone releases what staging holds after both."""
    return promote(stage, "released-again", "weather and airports")


@pytest.fixture(scope="module")
def rolled_back(stage: WorkflowStage, released_again: World) -> World:  # noqa: ARG001
    """And takes it back."""
    inputs = {"model": "", "to": "previous", "reason": "complaints", "dry_run": "false"}
    return look(stage, start_by_hand(stage, "back", "rollback.yml", **inputs))


@pytest.fixture(params=["by_merge_commit", "by_squash", "by_rebase"])
def one(request: pytest.FixtureRequest) -> Merge:
    """Each of the three pull requests."""
    found: Merge = request.getfixturevalue(request.param)
    return found


def tags(stage: WorkflowStage, version: str | None, model: str = MODEL) -> dict[str, str]:
    """Read the tags of a version."""
    return dict(registry(stage).get_model_version(model, version).tags)


def files(stage: WorkflowStage, model: str, version: str | None) -> dict[str, str]:
    """Download what serving would load, and digest every file of it."""
    uri = registry(stage).get_model_version_download_uri(model, version)
    folder = Path(mlflow.artifacts.download_artifacts(artifact_uri=uri, tracking_uri=stage.registry))
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert "MLmodel" in found
    return found


def test_a_merge_brings_the_reviewed_candidate_to_staging(stage: WorkflowStage, one: Merge) -> None:
    """However it was merged: that candidate, whose files are the same, and nothing was trained again."""
    assert (one.reviewed.job.code, one.reviewed.job.outputs["verdict"]) == (0, "PASS")
    assert one.merged.job.code == 0
    assert not one.merged.job.trained
    assert one.merged.candidates == one.reviewed.candidates == one.number
    assert one.merged.versions == one.reviewed.versions + 1
    found = tags(stage, one.merged.staging)
    assert found["mlgate.candidate"] == f"{CANDIDATES}/{one.candidate}"
    assert found["mlgate.manifest"] == tags(stage, one.candidate, CANDIDATES)["mlgate.manifest"]
    assert files(stage, MODEL, one.merged.staging) == files(stage, CANDIDATES, one.candidate)
    assert (found["mlgate.pull_request"], found["mlgate.commit"]) == (str(one.number), one.commit)


def test_a_merge_makes_a_commit_that_no_check_has_seen(one: Merge) -> None:
    """So that its candidate is known by its inputs, not by its commit."""
    assert one.commit != one.head


def test_a_merge_to_staging_leaves_production(one: Merge) -> None:
    """Neither the alias nor what GitHub shows."""
    assert one.merged.production == one.reviewed.production
    assert [at for at in one.merged.active if at[0] == "production"] == [
        at for at in one.reviewed.active if at[0] == "production"
    ]


def test_github_shows_what_came_of_the_merge(one: Merge) -> None:
    """The one comment of the check says it now, and staging's environment has the new version alone."""
    (comment,) = one.merged.comments
    assert f"**PASS** · `{MODEL}`: merged and promoted as staging version {one.merged.staging}." in comment
    assert [at for at in one.merged.active if at[0] == "staging"] == [("staging", MODEL, one.merged.staging)]


def test_a_dry_run_of_a_release_moves_nothing(by_merge_commit: Merge, planned: World) -> None:
    """No alias, no version, no deployment."""
    before = by_merge_commit.merged
    assert planned.job.code == 0
    assert planned.aliases == before.aliases == {"staging": before.staging}
    assert (planned.versions, planned.active) == (before.versions, before.active)


def test_a_release_makes_production_what_was_reviewed(
    stage: WorkflowStage, by_merge_commit: Merge, released: World
) -> None:
    """The same files as the candidate's, with the reason of the person; staging keeps them, too."""
    assert released.job.code == 0
    assert released.candidates == by_merge_commit.merged.candidates
    assert released.staging == by_merge_commit.merged.staging
    found = tags(stage, released.production)
    assert found["mlgate.candidate"] == f"{CANDIDATES}/{by_merge_commit.candidate}"
    assert found["mlgate.manifest"] == tags(stage, by_merge_commit.candidate, CANDIDATES)["mlgate.manifest"]
    assert files(stage, MODEL, released.production) == files(stage, CANDIDATES, by_merge_commit.candidate)
    assert (found["mlgate.stage"], found["mlgate.reason"]) == ("production", "the first release")
    shown = {("staging", MODEL, released.staging), ("production", MODEL, released.production)}
    assert set(released.active) == shown


def test_the_next_release_takes_what_staging_holds_last(
    stage: WorkflowStage, by_rebase: Merge, released: World, released_again: World
) -> None:
    """Two merges later that is the third pull request's candidate, and GitHub shows it instead of the first."""
    assert released_again.job.code == 0
    found = tags(stage, released_again.production)
    assert found["mlgate.candidate"] == f"{CANDIDATES}/{by_rebase.candidate}"
    assert found["mlgate.base"] == released.production
    assert files(stage, MODEL, released_again.production) == files(stage, CANDIDATES, by_rebase.candidate)
    production = [at for at in released_again.active if at[0] == "production"]
    assert production == [("production", MODEL, released_again.production)]


def test_a_rollback_brings_back_the_release_before(
    stage: WorkflowStage, released: World, released_again: World, rolled_back: World
) -> None:
    """As a new version with the old files; staging is not touched."""
    assert rolled_back.job.code == 0
    assert rolled_back.versions == released_again.versions + 1
    assert rolled_back.staging == released_again.staging
    assert tags(stage, rolled_back.production)["mlgate.original"] == released.production
    assert files(stage, MODEL, rolled_back.production) == files(stage, MODEL, released.production)
    assert files(stage, MODEL, rolled_back.production) != files(stage, MODEL, released_again.production)
    production = [at for at in rolled_back.active if at[0] == "production"]
    assert production == [("production", MODEL, rolled_back.production)]


def test_the_history_tells_it_all(
    stage: WorkflowStage, by_merge_commit: Merge, by_squash: Merge, by_rebase: Merge, rolled_back: World
) -> None:
    """Newest first: what became which stage, from which candidate and pull request, also of a release, and why."""
    told = json.loads(stage.run(["mlgate", "history", "--json"], rolled_back.job.folder))[MODEL]
    keys = ("operation", "stage", "candidate", "pull_request", "reason")
    first, second, third = (f"{CANDIDATES}/{one.candidate}" for one in (by_merge_commit, by_squash, by_rebase))
    assert [(one["version"], *(one.get(f"mlgate.{key}", "") for key in keys)) for one in told] == [
        ("6", "rollback", "production", first, "", "complaints"),
        ("5", "promote", "production", third, "3", "weather and airports"),
        ("4", "promote", "staging", third, "3", ""),
        ("3", "promote", "staging", second, "2", ""),
        ("2", "promote", "production", first, "1", "the first release"),
        ("1", "promote", "staging", first, "1", ""),
    ]
