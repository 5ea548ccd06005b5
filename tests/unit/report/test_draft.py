"""Several jobs, one comment: each writes its own models' sections and keeps those of others."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from mlgate.report import markdown, marks
from mlgate.report.draft import Draft
from mlgate.report.head import Head
from mlgate.report.report import Report

NAMES = ("arrival-time", "flight-delay", "no-show")


@pytest.fixture
def parts(cases: dict[str, Any]) -> dict[str, Report]:
    """A report of each model by itself."""
    whole = cases["CASES"]["several-models"]
    return {name: Report.of({name: whole[name]}, cases["CONTEXT"]) for name in NAMES}


@pytest.mark.parametrize("order", list(permutations(NAMES)))
def test_whoever_writes_last_the_comment_is_the_same(
    cases: dict[str, Any], parts: dict[str, Report], order: tuple[str, ...]
) -> None:
    """Three jobs one after the other write what one job of all three would have written."""
    body: list[str] = []
    for name in order:
        text = Draft(report=parts[name], whole=False).compose(body)
        assert text is not None
        body = [text]
    assert body == [markdown.comment(Report.of(cases["CASES"]["several-models"], cases["CONTEXT"]))]


def test_a_section_that_another_job_wrote_over_is_missed(parts: dict[str, Report]) -> None:
    """Of two that wrote at once, the first one sees that its section is gone, and the second that its own is there."""
    first, second = (Draft(report=parts[name], whole=False) for name in NAMES[:2])
    alone, over = first.compose([]), second.compose([])
    assert alone is not None
    assert over is not None
    assert first.holds(alone)
    assert second.holds(over)
    assert not first.holds(over)
    both = first.compose([over])
    assert both is not None
    assert first.holds(both)
    assert second.holds(both)


def test_who_expects_that_others_write_too(cases: dict[str, Any], parts: dict[str, Report]) -> None:
    """A job of some models, one of a folder, and one of the top that finds a folder's section; not one by itself."""
    alone = Draft(report=parts["no-show"])
    folder = cases["CONTEXT"].model_copy(update={"project": "fraud"})
    other = Draft(report=Report.of({"no-show": cases["CASES"]["several-models"]["no-show"]}, folder))
    bodies = [alone.compose([]) or "", other.compose([]) or ""]
    assert not alone.shared([])
    assert not alone.shared(bodies[:1])
    assert alone.shared(bodies)
    assert other.shared([])
    assert Draft(report=parts["no-show"], whole=False).shared([])


def test_another_commit_s_section_of_the_same_second_is_not_one_s_own(cases: dict[str, Any]) -> None:
    """A section's line tells seconds, and two pushes may be reported in one."""
    records = {"no-show": cases["CASES"]["several-models"]["no-show"]}
    before, after = (
        Draft(report=Report.of(records, cases["CONTEXT"].model_copy(update={"head_sha": commit * 40})), whole=False)
        for commit in "ab"
    )
    body = before.compose([]) or ""
    assert before.holds(body)
    assert not after.holds(body)


def test_comments_that_were_both_made_become_one(parts: dict[str, Report]) -> None:
    """Each of two jobs found no comment and made one: whoever looks next takes both together."""
    drafts = [Draft(report=parts[name], whole=False) for name in NAMES[:2]]
    bodies = [draft.compose([]) or "" for draft in drafts]
    for draft in drafts:
        together = draft.compose(bodies)
        assert together is not None
        assert all(one.holds(together) for one in drafts)


def test_a_job_of_all_models_removes_those_that_are_gone(cases: dict[str, Any], parts: dict[str, Report]) -> None:
    """A model was taken out of mlgate.yaml; what other configurations of the repository say stays."""
    elsewhere = cases["CONTEXT"].model_copy(update={"project": "fraud"})
    other = Report.of({"flight-delay": cases["CASES"]["several-models"]["flight-delay"]}, elsewhere)
    body = Draft(report=other).compose([])
    assert body is not None
    for name, whole in (("no-show", False), ("flight-delay", True)):
        body = Draft(report=parts[name], whole=whole).compose([body])
        assert body is not None
    found = [(section.head.project, section.head.model) for section in marks.sections(body)]
    assert found == [("", "flight-delay"), ("fraud", "flight-delay")]
    assert "| `flight-delay`<br><sub>`fraud`</sub> |" in body


@pytest.mark.parametrize(
    ("mode", "story", "written"),
    [
        ("always", "unchanged", True),
        ("on-change", "unchanged", False),
        ("on-change", "passed", True),
        ("on-change", "training-crashed", True),
        ("on-failure", "passed", False),
        ("on-failure", "inconclusive", True),
        ("off", "failed", False),
    ],
)
def test_a_first_comment_is_written_when_the_mode_says_so(
    cases: dict[str, Any], mode: Any, story: str, *, written: bool
) -> None:
    """Quiet jobs are quiet; and once there is a comment it is kept up to date, so that no old problem stands there."""
    draft = Draft(report=Report.of(cases["CASES"][story], cases["context_of"](story)), mode=mode)
    assert (draft.compose([]) is not None) == written
    assert (draft.compose([marks.first_line()]) is not None) == (mode != "off")


@pytest.mark.parametrize(("jobs", "rules"), [(40, 40), (50, 5)])
def test_no_model_is_lost_for_want_of_room(cases: dict[str, Any], jobs: int, rules: int) -> None:
    """However long the sections are, each job's model stays in the table and in the count, and its job sees it."""
    results = cases["BETTER"][:1] * rules
    passing = cases["CASES"]["passed"][cases["MODEL"]].model_copy(update={"comparison": cases["compared"](results)})
    failing = cases["CASES"]["failed"][cases["MODEL"]]
    bodies: list[str] = []
    for number in range(jobs):
        records = failing if number == jobs - 1 else passing
        draft = Draft(report=Report.of({f"model-{number:03}": records}, cases["CONTEXT"]), whole=False)
        text = draft.compose(bodies)
        assert text is not None
        assert draft.holds(text)
        assert len(marks.sections(text)) == number + 1
        bodies = [text]
    assert f"**FAIL** · {jobs} models: the worst is `model-{jobs - 1:03}`" in bodies[0]


def test_the_worst_model_is_explained_where_its_section_is_hidden(cases: dict[str, Any]) -> None:
    """A line that travels without its section still says what decided."""
    failing = Report.of({"worst": cases["CASES"]["failed"][cases["MODEL"]]}, cases["CONTEXT"])
    kept = marks.Section(head=Head.of(failing.models[0], failing).line(), blocks={})
    passing = Report.of({"good": cases["CASES"]["passed"][cases["MODEL"]]}, cases["CONTEXT"])
    text = markdown.comment(passing, [kept])
    assert "Decided by `roc_auc non_inferiority (margin 0.005)`: AUC -0.018" in text
