"""A promotion among GitHub's deployments: written once, ending the one before it, and failing softly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mlgate.adapters.github import Announced, Deployment, GitHub, NotPermitted
from mlgate.errors import GitHubError
from tests.bed.deployments import Pages, github_pages


@pytest.fixture
def pages() -> Iterator[Pages]:
    """An empty repository's deployments."""
    with github_pages() as serving:
        yield serving


def wanted(version: str = "1", **parts: Any) -> Deployment:
    """Describe what is announced for a version of one model."""
    model = parts.pop("model", "churn")
    payload = {"model": model, "version": version, "manifest": f"sha256:{version}"}
    usual = {"environment": "production", "ref": "a" * 40, "description": f"{model} {version}", "payload": payload}
    return Deployment(**{**usual, **parts})


def announce(pages: Pages, deployment: Deployment) -> Announced | NotPermitted:
    """Announce as a job does, with short pauses."""
    return GitHub(pages.url, "o/r", "ghs_job", pause=0.01).announce(deployment)


def test_a_deployment_says_what_runs_where(pages: Pages) -> None:
    """It is about the commit, merges nothing and waits for no check; its status links to the version and the job."""
    page, log = "https://mlflow.example/#/models/churn/versions/1", "https://github.com/o/r/actions/runs/1"
    told = announce(pages, wanted(page=page, log=log))
    assert told == Announced(action="created", number=1)
    made = pages.deployments[0]
    assert (made["ref"], made["environment"], made["production_environment"]) == ("a" * 40, "production", True)
    assert (made["auto_merge"], made["required_contexts"]) == (False, [])
    assert made["payload"] == {"model": "churn", "version": "1", "manifest": "sha256:1"}
    status = pages.statuses[1][0]
    assert (status["state"], status["environment_url"], status["log_url"]) == ("success", page, log)


def test_a_link_that_is_not_there_is_left_out(pages: Pages) -> None:
    """A registry without a web address gives no empty link."""
    announce(pages, wanted())
    assert not {"environment_url", "log_url"} & set(pages.statuses[1][0])


def test_the_same_version_is_announced_once(pages: Pages) -> None:
    """A job that is run again changes nothing, even where a later commit changed nothing of the model."""
    announce(pages, wanted())
    asked = len(pages.asked)
    assert announce(pages, wanted(ref="b" * 40)) == Announced(action="unchanged", number=1)
    assert len(pages.deployments) == 1
    assert len(pages.asked) - asked == 2


def test_a_text_payload_is_ours_too(pages: Pages) -> None:
    """GitHub may give a payload back as text; other tools' payloads, whatever they hold, are not ours."""
    announce(pages, wanted())
    pages.deployments[0]["payload"] = '{"model": "churn", "version": "1", "manifest": "sha256:1"}'
    others: list[Any] = ["", "not json", "[1]", None, {}, []]
    for number, payload in enumerate(others, start=2):
        pages.deployments.append({"id": number, "environment": "production", "payload": payload})
        pages.statuses[number] = []
    assert announce(pages, wanted()) == Announced(action="unchanged", number=1)


def test_a_new_version_ends_the_one_before(pages: Pages) -> None:
    """One version is active, also in a production environment, which GitHub itself spares."""
    for version in ("1", "2", "3"):
        announce(pages, wanted(version))
    assert pages.active() == [("production", "churn", "3")]
    assert pages.statuses[1][0] == {"state": "inactive", "description": "replaced by version 2"}


def test_stages_do_not_end_each_other(pages: Pages) -> None:
    """What is in staging stays there when something else goes to production."""
    announce(pages, wanted("1", environment="staging", production=False))
    announce(pages, wanted("1"))
    assert pages.active() == [("staging", "churn", "1"), ("production", "churn", "1")]


def test_models_do_not_end_each_other(pages: Pages) -> None:
    """Each has an environment of its own."""
    announce(pages, wanted("1", model="churn", environment="production (churn)"))
    announce(pages, wanted("5", model="fraud", environment="production (fraud)"))
    assert pages.active() == [("production (churn)", "churn", "1"), ("production (fraud)", "fraud", "5")]


def test_another_tool_s_deployment_is_left_alone(pages: Pages) -> None:
    """Whatever else deploys to the environment is not ended by name."""
    pages.deployments.append({"id": 1, "environment": "production", "payload": "", "production_environment": True})
    pages.statuses[1] = [{"state": "success"}]
    announce(pages, wanted())
    assert pages.state(1) == "success"


def test_a_missing_permission_is_an_answer_that_says_what_to_grant(pages: Pages) -> None:
    """One request shows it."""
    pages.forbidden = True
    answer = announce(pages, wanted())
    assert isinstance(answer, NotPermitted)
    assert "grant the job `deployments: write`" in answer.sentence
    assert len(pages.asked) == 1


@pytest.mark.parametrize("failed", [1, 2, 3])
def test_a_server_that_fails_for_a_moment_gets_one_deployment(pages: Pages, failed: int) -> None:
    """It is asked again, and nothing is written twice."""
    pages.next = [502] * failed
    assert announce(pages, wanted()) == Announced(action="created", number=1)
    assert pages.active() == [("production", "churn", "1")]


def test_a_lost_answer_does_not_double_the_deployment(pages: Pages) -> None:
    """The server wrote it and failed to say so: it is looked for before it is written again."""
    pages.next, pages.writes_although_it_fails = [500], True
    announce(pages, wanted())
    assert len(pages.deployments) == 1
    assert pages.active() == [("production", "churn", "1")]


def test_a_server_that_stays_broken_is_an_error_soon(pages: Pages) -> None:
    """After a few tries."""
    pages.next = [500] * 50
    with pytest.raises(GitHubError, match=r"500.*the deployments of o/r"):
        announce(pages, wanted())
    assert len([one for one in pages.asked if one.startswith("POST")]) == 4


def test_what_was_cut_short_is_finished(pages: Pages) -> None:
    """The deployment was created, its status was not: the next job brings it to its end and creates no other."""
    announce(pages, wanted("1"))
    pages.statuses[2] = []
    pages.deployments.append({**pages.deployments[0], "id": 2, "payload": dict(wanted("2").payload)})
    assert announce(pages, wanted("2")) == Announced(action="finished", number=2)
    assert pages.active() == [("production", "churn", "2")]


def test_a_commit_that_github_does_not_know_is_an_error(pages: Pages) -> None:
    """It was rewritten, or never pushed."""
    pages.unknown_refs = {"a" * 40}
    with pytest.raises(GitHubError, match="No ref found"):
        announce(pages, wanted())


def test_a_long_description_is_cut(pages: Pages) -> None:
    """GitHub refuses more than 140 characters, and the stand-in does so too."""
    announce(pages, wanted(description="x" * 500))
    assert [len(pages.deployments[0]["description"]), len(pages.statuses[1][0]["description"])] == [140, 140]


def test_no_network_is_an_error() -> None:
    """The address is what to check."""
    with pytest.raises(GitHubError, match="did not answer"):
        GitHub("http://127.0.0.1:9", "o/r", "ghs_job", pause=0.01).announce(wanted())
