"""A model's verdict as a check run on its commit, with annotations; as a commit status where that may not be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from mlgate.adapters.github import GitHub, NotPermitted, Told
from mlgate.errors import GitHubError
from mlgate.report.annotations import Annotation
from mlgate.report.check import Check
from mlgate.verdict import Outcome, Place
from tests.bed.checks import CheckPages, check_pages

SHA = "a" * 40
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def pages() -> Iterator[CheckPages]:
    """Serve a repository without check runs."""
    with check_pages() as serving:
        yield serving


def notes(*lines: int) -> tuple[Annotation, ...]:
    """Make an annotation for each line."""
    return tuple(
        Annotation(level="error", title=f"rule {line}", message="Too low.", place=Place(path="mlgate.yaml", line=line))
        for line in lines
    )


def check(outcome: Outcome = Outcome.FAIL, annotations: tuple[Annotation, ...] = (), **parts: Any) -> Check:
    """Make a check of the model churn."""
    named = {"name": "mlgate / churn", "key": "mlgate:churn", "commit": SHA}
    said: dict[str, Any] = {**named, "title": f"{outcome}: the candidate"}
    return Check(
        outcome=outcome,
        summary="# words",
        completed_at=NOW,
        url="https://github.com/o/r/actions/runs/1",
        annotations=annotations,
        **{**said, **parts},
    )


def tell(pages: CheckPages, *wanted: Check) -> tuple[Told, ...]:
    """Write checks as a job does, with short pauses."""
    told = GitHub(pages.url, "o/r", "ghs_job", pause=0.01).conclude(wanted)
    assert isinstance(told, tuple), told
    return told


def lines(run: dict[str, Any]) -> list[int]:
    """List the lines of a check run's annotations."""
    return [one["start_line"] for one in run["annotations"]]


@pytest.mark.parametrize(
    ("outcome", "conclusion"),
    [
        (Outcome.PASS, "success"),
        (Outcome.FAIL, "failure"),
        (Outcome.INCONCLUSIVE, "failure"),
        (Outcome.ERROR, "failure"),
    ],
)
def test_only_what_passed_is_a_success(pages: CheckPages, outcome: Outcome, conclusion: str) -> None:
    """A neutral conclusion would satisfy a branch's rules, although the gate did not pass."""
    (told,) = tell(pages, check(outcome, notes(3)))
    (run,) = pages.runs
    assert (told.kind, told.action, told.url) == ("check run", "created", run["html_url"])
    assert (run["name"], run["head_sha"], run["status"], run["conclusion"]) == (
        "mlgate / churn", SHA, "completed", conclusion,
    )  # fmt: skip
    assert run["details_url"] == "https://github.com/o/r/actions/runs/1"
    assert run["output"]["title"] == f"{outcome.value}: the candidate"
    assert run["annotations"] == [
        {
            "path": "mlgate.yaml", "start_line": 3, "end_line": 3, "annotation_level": "failure",
            "title": "rule 3", "message": "Too low.",
        }
    ]  # fmt: skip


def test_a_claimed_pass_satisfies_nothing(pages: CheckPages) -> None:
    """Neither as a check run nor as a commit status: GitHub takes success, neutral and skipped."""
    tell(pages, check(Outcome.PASS, claimed=True))
    assert pages.runs[0]["conclusion"] == "action_required"
    tell(pages, check(Outcome.FAIL, name="mlgate / other", key="mlgate:other", claimed=True))
    assert pages.runs[1]["conclusion"] == "failure"
    pages.denied = {"checks"}
    tell(pages, check(Outcome.PASS, claimed=True))
    assert pages.told[0]["state"] == "pending"


def test_each_model_has_a_check_of_its_own(pages: CheckPages) -> None:
    """Two requests a model: one to look, one to write."""
    tell(pages, check(), check(Outcome.PASS, name="mlgate / fraud", key="mlgate:fraud"))
    assert [(one["name"], one["conclusion"]) for one in pages.runs] == [
        ("mlgate / churn", "failure"),
        ("mlgate / fraud", "success"),
    ]
    assert len(pages.asked) == 4


def test_annotations_go_in_fifties(pages: CheckPages) -> None:
    """The first fifty with the check run, the others by updates, each once and in order."""
    tell(pages, check(annotations=notes(*range(1, 132))))
    (run,) = pages.runs
    assert lines(run) == list(range(1, 132))
    assert [line.split()[0] for line in pages.asked] == ["GET", "POST", "PATCH", "PATCH"]


def test_a_run_again_updates_its_own_check(pages: CheckPages) -> None:
    """Annotations that are there stay, new ones are added; the conclusion is the new one."""
    tell(pages, check(annotations=notes(3, 4)))
    (told,) = tell(pages, check(Outcome.ERROR, notes(3, 4, 5)))
    (run,) = pages.runs
    assert told.action == "updated"
    assert run["output"]["title"] == "ERROR: the candidate"
    assert lines(run) == [3, 4, 5]


@pytest.mark.parametrize(("there", "pages_read"), [(0, 0), (1, 1), (99, 1), (100, 1), (101, 2)])
def test_a_run_again_reads_no_page_of_annotations_that_is_empty(pages: CheckPages, there: int, pages_read: int) -> None:
    """Without annotations an update takes two requests, and one more for each hundred that are there."""
    wanted = check(annotations=notes(*range(1, there + 1)))
    tell(pages, wanted)
    pages.asked.clear()
    tell(pages, wanted)
    assert [line.split()[0] for line in pages.asked] == ["GET"] * (1 + pages_read) + ["PATCH"]
    assert sum(line.endswith("/annotations") for line in pages.asked) == pages_read


def test_many_annotations_are_not_doubled_by_a_run_again(pages: CheckPages) -> None:
    """They are read page by page before any is added."""
    for _ in range(2):
        tell(pages, check(annotations=notes(*range(1, 151))))
    (run,) = pages.runs
    assert lines(run) == list(range(1, 151))


def test_annotations_that_no_longer_hold_give_way(pages: CheckPages) -> None:
    """GitHub takes no annotation away, so a newer check run of the same name takes the place of the old one."""
    tell(pages, check(annotations=notes(3)))
    (told,) = tell(pages, check(Outcome.PASS))
    assert told.action == "created"
    assert [(one["conclusion"], lines(one)) for one in pages.runs] == [("failure", [3]), ("success", [])]
    (again,) = tell(pages, check(Outcome.PASS))
    assert (again.action, len(pages.runs)) == ("updated", 2)


def test_a_check_of_somebody_else_s_is_left_alone(pages: CheckPages) -> None:
    """The name is not what makes it ours, nor is another commit's."""
    tell(pages, check(key="forged"), check(commit="b" * 40))
    tell(pages, check(Outcome.PASS))
    assert [one["conclusion"] for one in pages.runs] == ["failure", "failure", "success"]


def test_a_check_of_another_app_s_gives_way(pages: CheckPages) -> None:
    """After a change of the token's App the old one may not be changed: a new one takes its place, and is then ours."""
    tell(pages, check(annotations=notes(3)), check(name="mlgate / fraud", key="mlgate:fraud"))
    pages.others = {1, 2}
    told = tell(pages, check(Outcome.PASS, notes(3)), check(Outcome.PASS, name="mlgate / fraud", key="mlgate:fraud"))
    assert [(one.kind, one.action) for one in told] == [("check run", "created")] * 2
    assert [one["conclusion"] for one in pages.runs] == ["failure", "failure", "success", "success"]
    assert (lines(pages.runs[2]), pages.told) == ([3], [])
    (again,) = tell(pages, check(annotations=notes(3)))
    assert (again.action, again.url) == ("updated", pages.runs[2]["html_url"])
    assert len(pages.runs) == 4


def test_a_token_that_lost_its_permission_leaves_a_status(pages: CheckPages) -> None:
    """Where neither changing nor making a check run is allowed, the commit status is what is left."""
    tell(pages, check())
    pages.others, pages.denied = {1}, {"making"}
    (told,) = tell(pages, check(Outcome.PASS))
    assert (told.kind, [one["state"] for one in pages.told]) == ("commit status", ["success"])


@pytest.mark.parametrize("written", [True, False])
def test_a_lost_answer_doubles_nothing(pages: CheckPages, *, written: bool) -> None:
    """Whether the server did as it was asked or not before it failed: one check run, each annotation once."""
    pages.writes_although_it_fails, pages.next = written, [502]
    tell(pages, check(annotations=notes(*range(1, 81))))
    pages.next = [502, 502]
    tell(pages, check(annotations=notes(*range(1, 101))))
    (run,) = pages.runs
    assert lines(run) == list(range(1, 101))


def test_without_checks_write_there_is_a_status(pages: CheckPages) -> None:
    """The refusal is asked for once; every model has its status, and the answer says what to grant."""
    pages.denied = {"checks"}
    told = tell(
        pages,
        check(Outcome.INCONCLUSIVE, title="x" * 200),
        check(Outcome.PASS, name="mlgate / fraud", key="mlgate:fraud"),
        check(Outcome.ERROR, name="mlgate / late", key="mlgate:late"),
    )
    assert {one.kind for one in told} == {"commit status"}
    assert "403" in told[0].refused
    assert [(one["context"], one["state"]) for one in pages.told] == [
        ("mlgate / churn", "failure"),
        ("mlgate / fraud", "success"),
        ("mlgate / late", "error"),
    ]
    assert pages.told[0]["description"] == "x" * 139 + "…"
    assert pages.told[0]["target_url"] == "https://github.com/o/r/actions/runs/1"
    assert pages.told[0]["sha"] == SHA
    assert len(pages.asked) == 4


def test_without_either_the_answer_says_what_to_grant(pages: CheckPages) -> None:
    """It is no error: no verdict depends on it."""
    pages.denied = {"checks", "statuses"}
    told = GitHub(pages.url, "o/r", "ghs_job", pause=0.01).conclude([check(), check(name="b", key="b")])
    assert isinstance(told, NotPermitted)
    assert "checks: write" in told.sentence
    assert "statuses: write" in told.sentence
    assert len(pages.asked) == 2


def test_a_server_that_stays_broken_is_an_error(pages: CheckPages) -> None:
    """It names the check run."""
    pages.next = [502] * 20
    with pytest.raises(GitHubError, match="502.*check run 'mlgate / churn' of o/r"):
        tell(pages, check())
