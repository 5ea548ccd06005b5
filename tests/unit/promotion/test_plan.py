"""What is promoted, and every reason why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mlgate.promotion.history import PRODUCTION, STAGING, YES, Entry, History, previous, replay
from mlgate.promotion.plan import Staged, Terms, plan_promotion, plan_release, plan_rollback
from mlgate.promotion.tags import made_from
from mlgate.promotion.values import (
    Append,
    Archive,
    CheckBytes,
    CopyBytes,
    MoveAlias,
    Observed,
    PromotionPlan,
    Refusal,
    Seen,
    Stage,
    Standing,
    Wish,
)
from mlgate.records import Code, ComparisonRecord, DataFile, Version
from mlgate.tag_names import ASKED, BASE, CANDIDATE, CONFIRMED, MADE_FROM, MANIFEST, OPERATION, ORIGINAL, REASON, STAGE
from mlgate.verdict import Outcome, Verdict

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def entry(version: int, base: str = "none", operation: str = "promote", **tags: str) -> Entry:
    """Make an entry of the history."""
    own = {OPERATION: operation, STAGE: PRODUCTION, BASE: base, CONFIRMED: YES}
    own |= {MANIFEST: f"m{version}", CANDIDATE: f"churn-candidates/{version}"}
    return Entry(version=str(version), run_id="r", source="s", created_at=NOW, tags={**own, **tags})


ONE = replay([entry(1)])
OBSERVED = Observed(
    inputs_digest="code",
    dirty=(),
    config_digest="config",
    gate_digest="gate",
    data={"train": Seen(path="train.csv", sha256="d1")},
    fenced=False,
    now=NOW,
)


def standing(history: History, alias_version: str | None, stage: Stage = PRODUCTION) -> Standing:
    """Where a stage stands."""
    return Standing(stage=stage, alias=stage, alias_version=alias_version, history=history)


def file(digest: str) -> DataFile:
    """Make a data file."""
    return DataFile(role="training", path="train.csv", sha256=digest, rows=1, columns=1, bytes=1)


def evidence(**changes: Any) -> ComparisonRecord:
    """Make the record of a comparison that passed against production version 1."""
    values: dict[str, Any] = {
        "model": "churn",
        "mlgate": "0",
        "created_at": NOW - timedelta(days=1),
        "code": Code(commit="c", inputs_digest="code", inputs=(".",)),
        "verdict": Verdict(outcome=Outcome.PASS, decided_by="every rule", sentence="all hold"),
        "candidate": Version(name="churn-candidates", version="7", run_id="r7", manifest_digest="m7"),
        "production": Version(name="churn", version="1", run_id="r1", manifest_digest="m1"),
        "held_out": file("d2"),
        "train_data": (file("d1"),),
        "config_digest": "config",
        "gate_digest": "gate",
        "confidence_level": 0.95,
        "results": (),
    }
    return ComparisonRecord(**{**values, **changes})


def plan(
    record: ComparisonRecord | None, history: History = ONE, alias_version: str | None = "1", **observed: Any
) -> PromotionPlan | Refusal:
    """Plan a promotion to production with the usual observations, some changed."""
    production = standing(history, alias_version)
    return plan_promotion(record, production, production, replace(OBSERVED, **observed), Terms(max_age_days=14))


def test_what_was_reviewed_is_promoted() -> None:
    """Copy the bytes, append, move the alias, archive what was there, in this order."""
    planned = plan(evidence())
    assert isinstance(planned, PromotionPlan)
    assert [type(step) for step in planned.steps] == [CopyBytes, Append, MoveAlias, Archive]
    assert planned.steps[1] == Append(operation="promote", stage="production", base="1")


def test_the_first_model_replaces_nothing() -> None:
    """Without production the base is none."""
    planned = plan(evidence(production=None), replay([]), alias_version=None)
    assert isinstance(planned, PromotionPlan)
    assert not any(isinstance(step, Archive) for step in planned.steps)
    assert planned.steps[1] == Append(operation="promote", stage="production", base="none")


def test_a_registry_that_was_there_is_adopted() -> None:
    """Before mlgate's first entry, production is what the alias points to."""
    planned = plan(evidence(), replay([]), alias_version="1")
    assert isinstance(planned, PromotionPlan)
    assert planned.steps[1] == Append(operation="promote", stage="production", base="1")


FAILED = Verdict(outcome=Outcome.FAIL, decided_by="roc_auc", sentence="worse")
DIRTY = Code(commit="c", inputs_digest="code", inputs=(".",), dirty=("train.py",))
MOVED = replay([entry(1), entry(2, base="1")])


@pytest.mark.parametrize(
    ("changes", "observed", "reason", "stale"),
    [
        ({"verdict": FAILED}, {}, "not_passed", False),
        ({"code": DIRTY}, {}, "dirty", False),
        ({}, {"dirty": ("train.py",)}, "dirty", False),
        ({}, {"inputs_digest": "other"}, "inputs_changed", True),
        ({}, {"config_digest": "other"}, "config_changed", True),
        ({}, {"gate_digest": "other"}, "config_changed", True),
        ({}, {"data": {"train": Seen(path="train.csv", sha256="other")}}, "data_changed", True),
        ({}, {"data": {"held_out": Seen(path="held_out.csv", sha256="d1")}}, "data_changed", True),
        ({}, {"now": NOW + timedelta(days=14)}, "too_old", True),
        ({"created_at": NOW + timedelta(days=1)}, {}, "too_old", True),
        ({"production": None}, {}, "production_moved", True),
        ({}, {"fenced": True}, "fenced", False),
    ],
)
def test_each_reason_not_to(changes: dict[str, Any], observed: dict[str, Any], reason: str, stale: bool) -> None:  # noqa: FBT001 (a row of the table)
    """Whatever no longer holds is refused under its own name."""
    refused = plan(evidence(**changes), **observed)
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.stale) == (reason, stale)


def test_no_evidence_is_stale() -> None:
    """Nothing was compared for this code: check it, then promote."""
    refused = plan(None)
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.stale) == ("no_evidence", True)


def test_production_that_moved_refuses() -> None:
    """The candidate beat version 1; production is version 2 now."""
    refused = plan(evidence(), MOVED, alias_version="2")
    assert isinstance(refused, Refusal)
    assert refused.reason == "production_moved"


def test_production_with_the_same_bytes_has_not_moved() -> None:
    """A rollback made another version of the very model that the candidate was compared with."""
    back = entry(3, base="2", operation="rollback", **{MANIFEST: "m1", ORIGINAL: "1"})
    planned = plan(evidence(), replay([entry(1), entry(2, base="1"), back]), alias_version="3")
    assert isinstance(planned, PromotionPlan)


def test_an_alias_moved_by_hand_refuses() -> None:
    """When alias and history disagree, nothing is promoted on top of it."""
    refused = plan(evidence(), MOVED, alias_version="1")
    assert isinstance(refused, Refusal)
    assert refused.reason == "alias_differs"


def test_promoting_twice_does_nothing() -> None:
    """The head is this candidate already."""
    confirmed = replace(SECOND, tags={**SECOND.tags, CONFIRMED: YES})
    planned = plan(evidence(), replay([entry(1), confirmed]), alias_version="2")
    assert isinstance(planned, PromotionPlan)
    assert planned.steps == ()


SECOND = entry(2, base="1", **{MANIFEST: "m7", CANDIDATE: "churn-candidates/7", CONFIRMED: ""})


def test_an_interrupted_promotion_is_finished() -> None:
    """The entry is there; the alias is not, or nobody confirmed it: only that is left to do."""
    assert plan(evidence(), replay([entry(1), SECOND]), "2") == plan(evidence(), replay([entry(1), SECOND]), "1")
    planned = plan(evidence(), replay([entry(1), SECOND]), alias_version="1")
    assert isinstance(planned, PromotionPlan)
    assert planned.steps == (
        CheckBytes(version="2", manifest="m7"),
        MoveAlias(stage="production", alias="production"),
    )


def test_an_alias_that_somebody_moved_is_not_moved_back() -> None:
    """The head is this candidate, and was confirmed: who points the alias elsewhere meant to."""
    confirmed = replace(SECOND, tags={**SECOND.tags, CONFIRMED: YES})
    refused = plan(evidence(), replay([entry(1), confirmed]), alias_version="1")
    assert isinstance(refused, Refusal)
    assert refused.reason == "alias_differs"


def test_training_the_same_again_promotes_nothing() -> None:
    """A documentation's pull request trains, too: its model is made from what production was made from."""
    again = evidence(candidate=Version(name="churn-candidates", version="8", run_id="r8", manifest_digest="m8"))
    head = entry(2, base="1", **{MADE_FROM: made_from(again)})
    planned = plan(again, replay([entry(1), head]), alias_version="2")
    assert isinstance(planned, PromotionPlan)
    assert planned.steps == ()


def test_another_promotion_builds_on_an_interrupted_one() -> None:
    """What counts is the history: production is its head, although the alias has yet to follow."""
    compared = evidence(
        production=Version(name="churn", version="2", run_id="r", manifest_digest="m7"),
        candidate=Version(name="churn-candidates", version="8", run_id="r8", manifest_digest="m8"),
    )
    planned = plan(compared, replay([entry(1), SECOND]), alias_version="1")
    assert isinstance(planned, PromotionPlan)
    assert planned.steps[1] == Append(operation="promote", stage="production", base="2")


def test_a_rolled_back_model_is_fenced_until_it_is_lifted() -> None:
    """The same bytes are not promoted again unless asked on purpose."""
    production, observed = standing(ONE, "1"), replace(OBSERVED, fenced=True)
    refused = plan_promotion(evidence(), production, production, observed, Terms(max_age_days=14))
    assert isinstance(refused, Refusal)
    assert refused.reason == "fenced"
    lifted = plan_promotion(evidence(), production, production, observed, Terms(max_age_days=14, unfence=True))
    assert isinstance(lifted, PromotionPlan)


STAGED = entry(5, operation="promote", **{STAGE: STAGING, MANIFEST: "m7", CANDIDATE: "churn-candidates/7"})


IN_STAGING = Staged(entry=STAGED)


def release(
    staged: Staged | None = IN_STAGING,
    record: ComparisonRecord | None = None,
    *,
    soak: float = 0,
    hours: float = 1,
) -> PromotionPlan | Refusal:
    """Plan a release from staging, so many hours after it entered."""
    observed = replace(OBSERVED, inputs_digest="another commit", now=NOW + timedelta(hours=hours))
    terms = Terms(max_age_days=14, soak_hours=soak)
    return plan_release(staged, record or evidence(), standing(ONE, "1"), observed, terms)


def test_a_merge_may_promote_to_staging_only() -> None:
    """The candidate was compared with production; the entry replaces what is in staging."""
    staging = standing(replay([entry(4, **{STAGE: STAGING})], STAGING), "4", STAGING)
    planned = plan_promotion(evidence(), staging, standing(ONE, "1"), OBSERVED, Terms(max_age_days=14))
    assert isinstance(planned, PromotionPlan)
    assert planned.steps[1:] == (
        Append(operation="promote", stage="staging", base="4"),
        MoveAlias(stage="staging", alias="staging"),
        Archive(version="4"),
    )


def test_staging_is_released_whatever_commit_is_checked_out() -> None:
    """Code, policy and data were held against the evidence at the merge; the files are checked once more."""
    planned = release()
    assert isinstance(planned, PromotionPlan)
    assert planned.steps == (
        CheckBytes(version="5", manifest="m7"),
        Append(operation="promote", stage="production", base="1"),
        MoveAlias(stage="production", alias="production"),
        Archive(version="1"),
    )


def test_staging_is_released_after_its_time() -> None:
    """Soak time is counted from the entry into staging."""
    refused = release(soak=24, hours=20.5)
    assert isinstance(refused, Refusal)
    assert refused.reason == "soaking"
    assert refused.sentence == "version 5 has been in staging for 20 h 30 min of 24 h 00 min: promote it in 3 h 30 min"
    assert isinstance(release(soak=24, hours=24), PromotionPlan)


def test_time_does_not_run_on_for_what_was_replaced() -> None:
    """Another version took its place in staging after six hours."""
    refused = release(Staged(entry=STAGED, left_at=NOW + timedelta(hours=6)), soak=24, hours=48)
    assert isinstance(refused, Refusal)
    assert "for 6 h 00 min of 24 h 00 min: it was replaced there" in refused.sentence


def test_nothing_is_released_that_was_not_staged() -> None:
    """There is no such version in the history of staging."""
    refused = release(staged=None)
    assert isinstance(refused, Refusal)
    assert refused.reason == "not_staged"


def test_a_release_asks_for_the_production_of_the_comparison() -> None:
    """Production moved while the version was in staging: compare again."""
    refused = release(record=evidence(production=None))
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.stale) == ("production_moved", True)


def back(history: History, to: str, alias_version: str, reason: str = "alarms") -> PromotionPlan | Refusal:
    """Plan a rollback of production."""
    served = history.find(alias_version) or history.head
    target = history.find(to)
    if to == "previous" and served is not None:
        target = previous(history, served)
    return plan_rollback(standing(history, alias_version), served, target, Wish(to=to, reason=reason))


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


def test_a_rollback_goes_back_from_what_is_served() -> None:
    """Somebody else's was interrupted before its alias moved: 3 is served, and 2 is what was before it."""
    unfinished = replace(BACK, tags={**BACK.tags, CONFIRMED: ""})
    planned = back(replay([*THREE, unfinished]), "previous", "3", reason="still alarms")
    assert isinstance(planned, PromotionPlan)
    assert planned.steps[1] == Append(operation="rollback", stage="production", base="4", original="2")
