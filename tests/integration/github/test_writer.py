"""Whose comment is ours, whatever App or person the token belongs to, and that nobody is asked without need."""

from __future__ import annotations

import pytest

from mlgate.adapters.github import WORKFLOW_AUTHOR, GitHub, NotPermitted, Posted
from tests.bed.hub import Hub
from tests.bed.wanted import Words

APP = "release-bot[bot]"
OLD, NEW = Words("old").body, Words("new").body


def post(hub: Hub, *, matrix: bool = False) -> Posted | NotPermitted:
    """Post the report as a job with an App's token does, with short pauses."""
    hub.asked.clear()
    return GitHub(hub.url, "o/r", "ghs_app", pause=0.01).upsert_comment(1, Words("new", matrix=matrix))


def said(hub: Hub) -> list[tuple[str, str]]:
    """List who wrote what."""
    return [(one["user"]["login"], one["body"]) for one in hub.comments]


def queries(hub: Hub) -> list[str]:
    """List what GraphQL was asked."""
    return [line for line in hub.asked if line.endswith("graphql")]


@pytest.mark.parametrize("viewer", [APP, "release-bot", ""])
@pytest.mark.parametrize("matrix", [False, True])
def test_an_app_has_one_comment_however_often_it_runs(hub: Hub, viewer: str, *, matrix: bool) -> None:
    """With and without the suffix that REST has, and where GraphQL does not answer."""
    hub.login, hub.viewer = APP, viewer
    hub.write({"body": "talk"}, "acme")
    for _ in range(3):
        assert isinstance(post(hub, matrix=matrix), Posted)
        assert said(hub) == [("acme", "talk"), (APP, NEW)]


def test_an_app_is_asked_for_once_it_has_a_comment(hub: Hub) -> None:
    """The first comment says itself who wrote it; to change one takes one request more than with a job's own token."""
    hub.login, hub.viewer = APP, APP
    post(hub)
    assert queries(hub) == []
    hub.comments[0]["body"] = OLD
    posted = post(hub)
    assert isinstance(posted, Posted)
    assert (posted.action, posted.number) == ("updated", 1)
    assert [line.split()[0] for line in hub.asked] == ["GET", "POST", "PATCH"]


def test_an_enterprise_server_is_asked_at_its_own_place(hub: Hub) -> None:
    """GraphQL is beside the REST API there, not below it."""
    hub.login, hub.viewer = APP, APP
    hub.url += "/api/v3"
    hub.write({"body": OLD})
    post(hub)
    assert queries(hub) == ["POST /api/graphql"]
    assert said(hub) == [(APP, NEW)]


def test_a_job_s_own_token_asks_nothing_more(hub: Hub) -> None:
    """What people wrote with our line on top is theirs, and what the workflow's bot wrote is ours."""
    hub.viewer = WORKFLOW_AUTHOR
    hub.write({"body": OLD}, "outsider")
    hub.write({"body": OLD})
    post(hub)
    assert [line.split()[0] for line in hub.asked] == ["GET", "PATCH"]
    assert said(hub) == [("outsider", OLD), (WORKFLOW_AUTHOR, NEW)]


@pytest.mark.parametrize("viewer", [WORKFLOW_AUTHOR, "github-actions", ""])
def test_another_app_s_comment_is_not_ours(hub: Hub, viewer: str) -> None:
    """A bot that copies our line is found out, also by what GitHub says of the comment that this job made."""
    hub.viewer = viewer
    hub.write({"body": OLD}, "copying[bot]")
    for _ in range(2):
        post(hub)
        assert said(hub) == [("copying[bot]", OLD), (WORKFLOW_AUTHOR, NEW)]
        assert queries(hub) == ["POST /graphql"]


def test_what_older_versions_wrote_for_an_app_becomes_one_comment(hub: Hub) -> None:
    """They knew the workflow's bot only, and wrote a comment for each run."""
    hub.login, hub.viewer = APP, APP
    for _ in range(5):
        hub.write({"body": OLD})
    post(hub)
    assert [(one["id"], one["body"]) for one in hub.comments] == [(1, NEW)]


def test_a_comment_from_before_the_app_is_kept_where_it_may_be_changed(hub: Hub) -> None:
    """After a change from a job's own token to an App's: whoever may write, may change others' comments."""
    hub.write({"body": OLD})
    hub.login, hub.viewer = APP, APP
    post(hub)
    assert said(hub) == [(WORKFLOW_AUTHOR, NEW)]


def test_a_comment_from_before_the_app_is_left_where_it_may_not_be_changed(hub: Hub) -> None:
    """The App then has a comment of its own, and keeps to it."""
    hub.write({"body": OLD})
    hub.login, hub.viewer, hub.only_own = APP, APP, True
    for _ in range(2):
        assert isinstance(post(hub), Posted)
        assert said(hub) == [(WORKFLOW_AUTHOR, OLD), (APP, NEW)]


def test_a_token_that_may_not_change_its_own_comment_says_so(hub: Hub) -> None:
    """Who it is was asked, and is who was thought: no other comment is made."""
    hub.viewer = WORKFLOW_AUTHOR
    hub.write({"body": OLD})
    hub.next = {"PATCH": [(403, {}, {"message": "Resource not accessible by integration"})]}
    assert isinstance(post(hub), NotPermitted)
    assert said(hub) == [(WORKFLOW_AUTHOR, OLD)]
