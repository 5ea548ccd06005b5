"""What doctor says of a version list and of a credential."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mlgate.doctor.access import Access, Right, Role, judge_access, resources
from mlgate.doctor.diagnosis import diagnose, look_aside, look_at_others, look_back, look_deeper
from mlgate.promotion.history import PRODUCTION, YES, Entry, replay
from mlgate.promotion.values import Standing
from mlgate.tag_names import ARCHIVED, CONFIRMED, STALE
from tests.unit.promotion.test_history import entry

NOW = datetime(2026, 3, 1, tzinfo=UTC)
GUARDED = resources("churn", "churn-candidates")
CANDIDATE: dict[str, Right] = {
    "churn-candidates": "write",
    "churn": "write",
    "production churn": "read",
    "production churn/production": "read",
}
PROMOTER: dict[str, Right] = dict.fromkeys(CANDIDATE, "write")


def said(*entries: Entry, shared: bool = False) -> list[tuple[str, str]]:
    """Return reason and level of what a version list shows."""
    history = replay(entries)
    found = [*look_back(history, entries), *look_at_others(history, entries, shared=shared)]
    return [(one.reason, one.level) for one in found]


def test_a_whole_history_shows_nothing() -> None:
    """Promotions, a rollback, and versions from before mlgate came."""
    assert said(entry(1, operation=None), entry(2, base=1), entry(3, base=2), entry(4, 3, "rollback")) == []


def test_deleted_versions_are_named() -> None:
    """The one before production is a problem, since one cannot go back to it; an older one is an advice."""
    assert said(entry(1), entry(3, base=2)) == [("deleted_version", "problem")]
    assert said(entry(1), entry(3, base=2), entry(4, base=3)) == [("deleted_version", "advice")]
    assert said(entry(2, base=1), entry(3, base=2)) == [("deleted_version", "advice")]


def test_entries_that_never_counted_are_named() -> None:
    """Those of a lost race, and those of others after mlgate came."""
    found = said(entry(1), entry(2, base=1), entry(3, base=1), entry(4, operation=None))
    assert found == [("stale_entry", "advice"), ("foreign_version", "advice")]


def test_an_entry_that_says_it_counted_is_a_problem() -> None:
    """A promotion begins at the newest confirmed entry: whoever tags one that lost could make it the head."""
    forged = entry(3, base=1, **{CONFIRMED: YES})
    assert said(entry(1), entry(2, base=1), forged) == [("forged_entry", "problem")]


def test_candidates_beside_production_are_no_strangers() -> None:
    """Where one registered model holds both."""
    assert said(entry(1), entry(2, operation=None), shared=True) == []


def test_a_copy_that_ended_early_is_named_when_it_is_old() -> None:
    """A promotion that is under way is none."""
    runs = [("old", NOW - timedelta(hours=2)), ("new", NOW - timedelta(minutes=5))]
    (found,) = look_aside(runs, NOW)
    assert (found.reason, found.level) == ("unfinished_copy", "advice")
    assert "to the run old;" in found.sentence


def test_versions_to_go_back_to_are_checked() -> None:
    """Other bytes, and none, are problems."""
    found = list(look_deeper({"3": True, "2": False, "1": None}))
    assert [(one.reason, one.level) for one in found] == [("changed_bytes", "problem"), ("no_bytes", "problem")]


@pytest.mark.parametrize(
    ("alias", "match", "reasons"),
    [
        ("2", True, []),
        ("1", True, ["alias_differs"]),
        (None, True, ["alias_differs"]),
        ("9", False, ["alias_differs", "changed_bytes"]),
        ("2", None, ["no_bytes"]),
    ],
)
def test_doctor_names_what_differs(alias: str | None, match: bool | None, reasons: list[str]) -> None:  # noqa: FBT001 (a row)
    """Alias and files are held against the head of the history."""
    history = replay([entry(1, **{CONFIRMED: YES}), entry(2, base=1, **{CONFIRMED: YES})])
    standing = Standing(stage=PRODUCTION, alias=PRODUCTION, alias_version=alias, history=history)
    assert [problem.reason for problem in diagnose(standing, head_bytes_match=match)] == reasons


@pytest.mark.parametrize(
    ("entries", "alias"),
    [
        ([entry(1, **{CONFIRMED: YES, ARCHIVED: YES})], None),
        ([entry(1, **{CONFIRMED: YES, ARCHIVED: YES})], "2"),
        ([entry(1, **{CONFIRMED: YES}), entry(3, base=1, **{STALE: YES})], None),
        ([entry(1, **{CONFIRMED: YES}), entry(3, base=1)], None),
    ],
    ids=["archived", "alias is left", "overtaken", "overtaken, and cut off before it said so"],
)
def test_what_was_before_a_deleted_version_is_not_put_back(entries: list[Entry], alias: str | None) -> None:
    """Version 2 was in production and an administrator deleted it: what should be there is for people to say."""
    standing = Standing(stage=PRODUCTION, alias=PRODUCTION, alias_version=alias, history=replay(entries))
    (problem,) = diagnose(standing, head_bytes_match=True)
    assert (problem.reason, problem.fixable) == ("deleted_version", False)


def judged(rights: dict[str, Right], role: Role, **about: object) -> list[tuple[str, str]]:
    """Judge rights named in short; return reason and sentence."""
    known = dict(zip(GUARDED, rights.values(), strict=True))
    access = Access(**{"user": "u", "guarded": True, "admin": False, "rights": known, **about})  # type: ignore[arg-type]
    return [(one.reason, one.sentence) for one in judge_access(access, role, GUARDED)]


def test_what_is_documented_is_right() -> None:
    """Neither too much nor too little."""
    assert judged(CANDIDATE, "candidate") == []
    assert judged(PROMOTER, "promoter") == []


@pytest.mark.parametrize(
    ("role", "where", "right", "reason"),
    [
        ("candidate", "production churn", "write", "too_much"),
        ("candidate", "production churn", "own", "too_much"),
        ("candidate", "production churn/production", "write", "too_much"),
        ("candidate", "production churn", "nothing", "too_little"),
        ("candidate", "production churn", "missing", "missing"),
        ("candidate", "churn-candidates", "read", "too_little"),
        ("candidate", "churn-candidates", "own", "owner"),
        ("candidate", "churn", "unknown", "unknown_right"),
        ("promoter", "production churn", "own", "owner"),
        ("promoter", "production churn", "read", "too_little"),
        ("promoter", "production churn/production", "nothing", "too_little"),
        ("promoter", "churn", "missing", "missing"),
    ],
)
def test_each_right_is_held_against_the_role(role: Role, where: str, right: Right, reason: str) -> None:
    """One right that differs, one problem."""
    usual = CANDIDATE if role == "candidate" else PROMOTER
    assert [one for one, _ in judged({**usual, where: right}, role)] == [reason]


def test_a_registry_without_users_is_said_once() -> None:
    """Everybody who reaches it can move production."""
    ((reason, sentence),) = judged(PROMOTER, "candidate", user=None, guarded=False)
    assert reason == "no_users"
    assert "everybody who reaches it can move production" in sentence


@pytest.mark.parametrize("role", ["candidate", "promoter"])
def test_an_administrator_is_too_much_for_any_job(role: Role) -> None:
    """Whatever its rights on single things."""
    assert [reason for reason, _ in judged(PROMOTER, role, admin=True)] == ["administrator"]
