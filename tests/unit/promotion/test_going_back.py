"""To which version a rollback goes, from which, and what it does to get there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlgate.promotion.history import PRODUCTION, YES, Entry, History, left_behind, replay
from mlgate.promotion.plan import plan_rollback
from mlgate.promotion.tags import rollback_tags
from mlgate.promotion.values import Append, Archive, CheckBytes, MoveAlias, PromotionPlan, Refusal, Wish
from mlgate.steps.earlier import find_served, find_target
from mlgate.tag_names import (
    ADOPTED,
    ASKED,
    CONFIRMED,
    FENCES,
    FENCES_SOURCE,
    MADE_FROM,
    MANIFEST,
    ORIGINAL,
    REASON,
    RUN_URL,
)
from tests.unit.promotion.test_plan import MOVED, NOW, ONE, entry, standing
from tests.unit.promotion.test_states import WORKSPACE, Registry


def back(history: History, to: str, alias_version: str, reason: str = "alarms") -> PromotionPlan | Refusal:
    """Plan a rollback of production."""
    registry = Registry(entries={entry.version: entry for entry in (*history.valid, *history.foreign)})
    registry.aliases[PRODUCTION] = alias_version
    with pytest.MonkeyPatch.context() as patch:
        registry.replace_mlflow(patch)
        now = registry.standing(PRODUCTION)
        served = find_served(WORKSPACE, "churn", now)
        target = find_target(WORKSPACE, "churn", now, served, to) if served else None
        return plan_rollback(now, served, target, Wish(to=to, reason=reason))


def test_rollback_appends() -> None:
    """Going back is a new entry with the old bytes."""
    planned = back(MOVED, "previous", "2")
    assert isinstance(planned, PromotionPlan)
    assert planned.steps == (
        CheckBytes(version="1", manifest="m1"),
        Append(operation="rollback", stage="production", base="2", original="1"),
        MoveAlias(stage="production", alias="production"),
        Archive(version="2"),
    )


@pytest.mark.parametrize(
    ("history", "to", "reason"),
    [(replay([]), "previous", "no_history"), (ONE, "previous", "no_target"), (MOVED, "9", "no_target")],
)
def test_rollback_without_a_target_refuses(history: History, to: str, reason: str) -> None:
    """Nowhere to go back to is said, with what there is."""
    refused = back(history, to, "1")
    assert isinstance(refused, Refusal)
    assert refused.reason == reason


@pytest.mark.parametrize("to", ["previous", "1"])
@pytest.mark.parametrize("confirmed", [YES, ""])
def test_what_was_adopted_is_gone_back_to(to: str, confirmed: str) -> None:
    """From the first promotion, and in a history whose newest entry alone is read."""
    before = Entry(version="1", run_id="r", source="s", created_at=NOW, tags={})
    first = entry(2, base="1", **{ADOPTED: "m1"})
    same = entry(3, base="2", **{MANIFEST: "m2", CONFIRMED: confirmed})
    planned = back(replay([before, first, same]), to, "3")
    assert isinstance(planned, PromotionPlan)
    assert planned.steps[:2] == (
        CheckBytes(version="1", manifest="m1"),
        Append(operation="rollback", stage="production", base="3", original="1"),
    )


def test_rollback_to_what_is_there_does_nothing() -> None:
    """Production already has these bytes."""
    planned = back(MOVED, "2", "2")
    assert isinstance(planned, PromotionPlan)
    assert planned.steps == ()


def test_of_two_who_go_back_at_once_one_does() -> None:
    """Both saw version 2 fail; when the second one comes, production has gone back already."""
    wish = Wish(to="previous", reason="alarms", from_version="2")
    assert plan_rollback(standing(MOVED, "2"), MOVED.head, MOVED.find("1"), wish).sentence.startswith("production goes")
    refused = plan_rollback(standing(ONE, "1"), ONE.head, None, wish)
    assert isinstance(refused, Refusal)
    assert refused.reason == "production_moved"
    assert "production is version 1, not 2" in refused.sentence


BACK = entry(4, "3", "rollback", **{MANIFEST: "m2", ORIGINAL: "2", ASKED: "previous", REASON: "alarms", CONFIRMED: ""})
THREE = [entry(1), entry(2, base="1"), entry(3, base="2")]


@pytest.mark.parametrize("alias_version", ["4", "3"])
def test_a_rollback_run_once_more_finishes_and_goes_no_further(alias_version: str) -> None:
    """The same request, repeated after a crash or a lost answer, ends where it was going."""
    planned = back(replay([*THREE, BACK]), "previous", alias_version)
    assert isinstance(planned, PromotionPlan)
    assert [type(step).__name__ for step in planned.steps] == ["CheckBytes", "MoveAlias"]
    further = back(replay([*THREE, BACK]), "previous", "4", reason="still alarms")
    assert isinstance(further, PromotionPlan)
    assert further.steps[1] == Append(operation="rollback", stage="production", base="4", original="1")


def test_a_rollback_run_once_more_leaves_what_was_promoted_since() -> None:
    """The run went back as version 4; what mends it is version 5, and its job is run again."""
    run = replace(BACK, tags={**BACK.tags, RUN_URL: "runs/77"})
    history = replay([*THREE, run, entry(5, base="4")])
    wish = Wish(to="previous", reason="alarms", run_url="runs/77")
    planned = plan_rollback(standing(history, "5"), history.head, history.find("3"), wish, run)
    assert isinstance(planned, PromotionPlan)
    assert planned.steps == ()
    assert "this run did it as version 4; production has moved on since, to version 5" in planned.sentence


def test_a_rollback_goes_back_from_what_is_served() -> None:
    """Somebody else's was interrupted before its alias moved: 3 is served, and 2 is what was before it."""
    unfinished = replace(BACK, tags={**BACK.tags, CONFIRMED: ""})
    planned = back(replay([*THREE, unfinished]), "previous", "3", reason="still alarms")
    assert isinstance(planned, PromotionPlan)
    assert planned.steps[1] == Append(operation="rollback", stage="production", base="4", original="2")


def fenced_by_going_back(entries: list[Entry], served: str, to: str) -> tuple[str | None, str | None]:
    """Return the fences of a rollback to a version: the bytes, and what they were made from."""
    history = replay(entries)
    head, now, target = history.head, history.find(served), history.find(to)
    assert head is not None
    assert now is not None
    assert target is not None
    step = Append(operation="rollback", stage=PRODUCTION, base=head.version)
    tags = rollback_tags(target, left_behind(head, now, target), step, Wish(to=to, reason="alarms"), {})
    return tags.get(FENCES), tags.get(FENCES_SOURCE)


def made(version: int, base: str = "none", source: str = "") -> Entry:
    """Make an entry whose bytes were made from sources of its own, or from those of `source`."""
    return entry(version, base, **{MADE_FROM: source or f"s{version}"})


def test_what_is_gone_back_to_is_never_fenced() -> None:
    """Somebody had pointed the alias there by hand already, or the head's alias had yet to follow: the head is left."""
    two = [made(1), made(2, base="1")]
    assert fenced_by_going_back(two, served="2", to="1") == ("m2", "s2")
    assert fenced_by_going_back(two, served="1", to="1") == ("m2", "s2")
    assert fenced_by_going_back([*two, made(3, base="2")], served="2", to="2") == ("m3", "s3")
    assert fenced_by_going_back([*two, made(3, base="2")], served="2", to="1") == ("m2", "s2")


def test_what_was_made_as_the_target_was_is_fenced_by_its_bytes_alone() -> None:
    """A rollback between two trainings of the same leaves the one that is restored free."""
    assert fenced_by_going_back([made(1), made(2, "1", source="s1")], served="2", to="1") == ("m2", None)
