"""One pull request from its first push to production and back, through the workflows that the README shows.

The fixtures are the story, each a chapter that begins where the one before it ended; the tests state what is true
after a chapter.
"""

from __future__ import annotations

import pytest

from demo import changes, events
from demo.stage import Job
from tests.bed.act import Event, Ran
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


@pytest.fixture(scope="module")
def first(stage: WorkflowStage) -> World:
    """The first push to main."""
    stage.run(["python", "prepare.py"], stage.repository)
    commit(stage, "The first model", changes.SCHEDULE_ONLY)
    return look(stage, push_to_main(stage, "first"))


@pytest.fixture(scope="module")
def opened(stage: WorkflowStage, first: World) -> World:  # noqa: ARG001 (the chapter before)
    """A pull request that forgets the hour of departure."""
    commit(stage, "Forget the hour", changes.WITHOUT_HOUR, branch="weather")
    return look(stage, push_to_pull(stage, "opened", number=1, branch="weather"), 1)


@pytest.fixture(scope="module")
def pushed(stage: WorkflowStage, opened: World) -> World:  # noqa: ARG001
    """A second push to it, which brings the hour back and the weather in."""
    changes.edit(stage.repository, changes.WITHOUT_HOUR[::-1])
    commit(stage, "Know the weather", changes.WITH_WEATHER)
    return look(stage, push_to_pull(stage, "pushed", number=1, branch="weather"), 1)


@pytest.fixture(scope="module")
def merged(stage: WorkflowStage, pushed: World) -> World:  # noqa: ARG001
    """The pull request, squashed into one new commit on main."""
    return look(stage, push_to_main(stage, "merged", stage.merge(1, "weather", "squash")), 1)


@pytest.fixture(scope="module")
def from_a_fork(stage: WorkflowStage, merged: World) -> tuple[World, Ran]:  # noqa: ARG001
    """A stranger's pull request: checked without any secret, reported by a second workflow."""
    number, head = stage.hub.open_pull_from_fork("theirs")
    commit(stage, "A stranger's idea", changes.WITHOUT_HOUR, branch="theirs")
    folder = stage.checkout("fork", "theirs")
    payload = events.pull_request(
        number=number, title="idea", branch="theirs", head=head, base=stage.git("rev-parse", "main")
    )
    payload["pull_request"]["head"]["repo"] = {"full_name": "outsider/flight-delay", "fork": True}
    trained = stage.runner.run(
        folder,
        "fork-pull-request.yml",
        Event(name="pull_request", payload=payload, token=stage.hub.token(contents="read")),
    )
    run = {
        "id": 1,
        "event": "pull_request",
        "conclusion": "success",
        "head_branch": "theirs",
        "head_sha": head,
        "head_repository": {"full_name": "outsider/flight-delay"},
    }
    token = stage.hub.token(pull_requests="write")
    reported = stage.runner.run(
        stage.checkout("fork-report", "main"),
        "fork-report.yml",
        Event(name="workflow_run", payload={"workflow_run": run, "repository": events.repository()}, token=token),
    )
    job = Job(code=0 if trained.passed else 1, outputs=trained.outputs, folder=folder)
    stage.git("switch", "--quiet", "main")
    return look(stage, job, number), reported


@pytest.fixture(scope="module")
def rolled_back(stage: WorkflowStage, from_a_fork: World) -> World:  # noqa: ARG001
    """Someone starts the rollback workflow by hand."""
    inputs = {"model": "", "to": "previous", "reason": "complaints", "dry_run": "false"}
    return look(stage, start_by_hand(stage, "back", "rollback.yml", **inputs))


def test_the_first_push_promotes_the_first_model(first: World) -> None:
    """Nothing was in production, so it is checked on main and held to the absolute bounds."""
    assert first.job.code == 0
    assert (first.job.outputs["verdict"], first.job.outputs["production-version"]) == ("PASS", "1")
    assert (first.production, first.candidates) == ("1", 1)


def test_a_worse_model_fails_the_check_and_leaves_production(opened: World) -> None:
    """The job is red, the one comment says FAIL, the alias has not moved."""
    assert opened.job.code == 1
    assert (opened.job.outputs["verdict"], opened.job.outputs["passed"]) == ("FAIL", "false")
    assert len(opened.comments) == 1
    assert "**FAIL** · `flight-delay`" in opened.comments[0]
    assert opened.production == "1"


def test_the_second_push_updates_the_comment_in_place(pushed: World) -> None:
    """There is still one comment, and it now tells of the second candidate."""
    assert (pushed.job.code, pushed.job.outputs["verdict"]) == (0, "PASS")
    assert len(pushed.comments) == 1
    assert "**PASS** · `flight-delay`" in pushed.comments[0]
    assert "Candidate version 3 against production version 1" in pushed.comments[0]
    assert pushed.production == "1"


def test_the_merge_promotes_exactly_the_reviewed_version(stage: WorkflowStage, pushed: World, merged: World) -> None:
    """Production's files are the reviewed candidate's, and nothing was trained again."""
    assert merged.job.code == 0
    assert (merged.production, merged.candidates) == ("2", pushed.candidates)
    tags = registry(stage).get_model_version_by_alias(MODEL, "production").tags
    assert tags["mlgate.candidate"] == f"{CANDIDATES}/{pushed.job.outputs['candidate-version']}"


def test_the_merge_is_told_where_people_look(stage: WorkflowStage, merged: World) -> None:
    """The pull request's one comment says so, and the deployment links to the version in MLflow."""
    assert len(merged.comments) == 1
    assert "merged and promoted as production version 2" in merged.comments[0]
    assert merged.active == [("production", MODEL, "2")]
    page = f"{stage.registry}/#/models/{MODEL}/versions/2"
    assert stage.github.statuses[2][0]["environment_url"] == page


def test_a_fork_s_job_needs_no_secret(from_a_fork: tuple[World, Ran]) -> None:
    """It trains into a store of its own: the registry has not heard of it."""
    world, _ = from_a_fork
    assert world.job.code == 0
    assert (world.production, world.candidates) == ("2", 3)


def test_a_fork_s_report_is_written_by_the_second_workflow(from_a_fork: tuple[World, Ran]) -> None:
    """One comment, on the pull request that GitHub names."""
    world, reported = from_a_fork
    assert reported.passed, "\n".join(reported.log[-40:])
    assert len(world.comments) == 1
    assert "**PASS** · `flight-delay`" in world.comments[0]


def test_a_rollback_by_hand_is_a_new_version_with_the_old_files(stage: WorkflowStage, rolled_back: World) -> None:
    """History is never rewritten: version 3 has what version 1 had."""
    assert rolled_back.job.code == 0
    assert rolled_back.production == "3"
    old, new = (registry(stage).get_model_version(MODEL, version).tags for version in ("1", "3"))
    assert new["mlgate.manifest"] == old["mlgate.manifest"]
    assert new["mlgate.reason"] == "complaints"
    assert rolled_back.active == [("production", MODEL, "3")]
