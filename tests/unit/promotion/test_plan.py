"""What is promoted, and every reason why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mlgate.promotion.history import PRODUCTION, STAGING, YES, Entry, History, replay
from mlgate.promotion.plan import Staged, Terms, plan_promotion, plan_release
from mlgate.promotion.tags import made_from
from mlgate.promotion.values import (
    Adopt,
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
)
from mlgate.records import Code, ComparisonRecord, DataFile, Version
from mlgate.tag_names import BASE, CANDIDATE, CONFIRMED, MADE_FROM, MANIFEST, OPERATION, ORIGINAL, STAGE
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
    assert planned.steps[1:3] == (
        Adopt(version="1"),
        Append(operation="promote", stage="production", base="1"),
    )


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
    assert "now" not in planned.sentence  # a dry run says it, too


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


@pytest.mark.parametrize(
    ("verdict", "head"),
    [
        ({}, {CANDIDATE: "churn-candidates/7", MANIFEST: "m7"}),
        ({}, {MADE_FROM: made_from(evidence())}),
        ({"verdict": FAILED}, {}),
    ],
    ids=["it is production", "production was made alike", "it did not pass"],
)
def test_newer_data_asks_for_a_newer_model(verdict: dict[str, Any], head: dict[str, str]) -> None:
    """Retraining on a schedule: whatever became of this code's last candidate, it was made from other data."""
    newer = {"train": Seen(path="train.csv", sha256="of this week")}
    refused = plan(evidence(**verdict), replay([entry(1, **head)]), data=newer)
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.stale) == ("data_changed", True)


@pytest.mark.parametrize(("alias_version", "dirty", "reason"), [("9", (), "alias_differs"), ("2", ("a.py",), "dirty")])
def test_nothing_is_trained_on_newer_data_that_could_not_be_promoted(
    alias_version: str, dirty: tuple[str, ...], reason: str
) -> None:
    """An alias that somebody moved and an input that nobody committed refuse a new model as well."""
    confirmed = replace(SECOND, tags={**SECOND.tags, CONFIRMED: YES})
    newer = {"train": Seen(path="train.csv", sha256="of this week")}
    refused = plan(evidence(), replay([entry(1), confirmed]), alias_version, data=newer, dirty=dirty)
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.stale) == (reason, False)


def test_an_interrupted_promotion_is_finished_whatever_data_is_here() -> None:
    """Its bytes were judged; what is newer is trained on afterwards."""
    newer = {"train": Seen(path="train.csv", sha256="of this week")}
    planned = plan(evidence(), replay([entry(1), SECOND]), "1", data=newer)
    assert isinstance(planned, PromotionPlan)
    assert [type(step).__name__ for step in planned.steps] == ["CheckBytes", "MoveAlias"]


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


SEVENTH = entry(2, base="1", **{MANIFEST: "m7", CANDIDATE: "churn-candidates/7"})
REPLACED = replay([entry(1), SEVENTH, entry(3, base="2")])
NEWER = {"train": Seen(path="train.csv", sha256="of this week")}


def test_an_older_merge_that_is_run_again_puts_nothing_back() -> None:
    """Its candidate was production and was replaced, which is no reason to compare it again; its way back is said."""
    planned = plan(evidence(), REPLACED, "3", known=(SEVENTH,))
    assert isinstance(planned, PromotionPlan)
    assert planned.steps == ()
    assert "promoted already as version 2, and replaced since by version 3" in planned.sentence
    assert "`mlgate rollback --to 2 --reason …` goes back to it" in planned.sentence


@pytest.mark.parametrize(
    ("known", "observed", "reason"),
    [
        (SEVENTH, {"fenced": True}, "fenced"),
        (SEVENTH, {"data": NEWER}, "data_changed"),
        (replace(SEVENTH, version="4", tags={**SEVENTH.tags, CONFIRMED: ""}), {}, "production_moved"),
        (replace(SEVENTH, tags={**SEVENTH.tags, CANDIDATE: "churn-candidates/5"}), {}, "production_moved"),
        (replace(SEVENTH, tags={**SEVENTH.tags, STAGE: STAGING}), {}, "production_moved"),
    ],
    ids=["rolled back", "newer data", "overtaken", "another candidate", "staging only"],
)
def test_what_was_not_replaced_in_its_stage_is_judged(known: Entry, observed: dict[str, Any], reason: str) -> None:
    """A fence, newer data, a lost race, the same files from another candidate, and a stage of its own."""
    refused = plan(evidence(), REPLACED, "3", known=(known,), **observed)
    assert isinstance(refused, Refusal)
    assert refused.reason == reason


def test_who_unfences_brings_back_what_was_replaced() -> None:
    """On purpose, and against the production of today."""
    now = Version(name="churn", version="3", run_id="r3", manifest_digest="m3")
    production, observed = standing(REPLACED, "3"), replace(OBSERVED, fenced=True, known=(SEVENTH,))
    terms = Terms(max_age_days=14, unfence=True)
    planned = plan_promotion(evidence(production=now), production, production, observed, terms)
    assert isinstance(planned, PromotionPlan)
    assert planned.steps[1] == Append(operation="promote", stage="production", base="3")


def test_a_replaced_version_of_staging_is_released_not_staged_again() -> None:
    """An older merge's job leaves staging; a release's job that is run again leaves production."""
    older = replace(STAGED, version="2")
    staging = standing(replay([older, entry(4, base="2", **{STAGE: STAGING})], STAGING), "4", STAGING)
    observed = replace(OBSERVED, known=(older,))
    planned = plan_promotion(evidence(), staging, standing(ONE, "1"), observed, Terms(max_age_days=14))
    assert isinstance(planned, PromotionPlan)
    assert planned.steps == ()
    assert "`mlgate promote --to production --version 2 --reason …` releases it" in planned.sentence
    source = Staged(entry=older, standing=staging)
    assert plan_release(source, evidence(), standing(ONE, "1"), observed, Terms(max_age_days=14)).sentence == (
        "version 2 of staging replaces production version 1"
    )
    released = replace(OBSERVED, known=(older, SEVENTH))
    again = plan_release(source, evidence(), standing(REPLACED, "3"), released, Terms(max_age_days=14))
    assert isinstance(again, PromotionPlan)
    assert again.steps == ()
    assert "promoted already as version 2" in again.sentence


STAGED = entry(5, operation="promote", **{STAGE: STAGING, MANIFEST: "m7", CANDIDATE: "churn-candidates/7"})


SERVED_THERE = standing(replay([STAGED], STAGING), "5", STAGING)
IN_STAGING = Staged(entry=STAGED, standing=SERVED_THERE)


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
    left = Staged(entry=STAGED, standing=SERVED_THERE, left_at=NOW + timedelta(hours=6))
    refused = release(left, soak=24, hours=48)
    assert isinstance(refused, Refusal)
    assert "for 6 h 00 min of 24 h 00 min: it was replaced there" in refused.sentence


BEFORE = entry(4, **{STAGE: STAGING})
NEXT = replace(STAGED, tags={**STAGED.tags, BASE: "4"})


@pytest.mark.parametrize(
    ("confirmed", "alias_version", "sentence"),
    [
        (YES, "4", "the alias staging points to version 4, the history says 5"),
        (YES, None, "the alias staging points to version none, the history says 5"),
        ("", "4", "staging still serves version 4"),
    ],
    ids=["moved by hand", "deleted", "interrupted"],
)
def test_what_staging_did_not_serve_is_not_released(confirmed: str, alias_version: str | None, sentence: str) -> None:
    """Its time there showed nothing: the alias has yet to follow, or somebody moved it."""
    head = replace(NEXT, tags={**NEXT.tags, CONFIRMED: confirmed})
    refused = release(Staged(entry=head, standing=standing(replay([BEFORE, head], STAGING), alias_version, STAGING)))
    assert isinstance(refused, Refusal)
    assert refused.reason == "alias_differs"
    assert sentence in refused.sentence


def test_an_older_version_of_staging_is_released_while_the_next_one_is_interrupted() -> None:
    """It was served there, which the next one has yet to be."""
    head = replace(
        entry(6, base="5", **{STAGE: STAGING}), tags={**entry(6, base="5", **{STAGE: STAGING}).tags, CONFIRMED: ""}
    )
    staging = standing(replay([STAGED, head], STAGING), "5", STAGING)
    assert isinstance(release(Staged(entry=STAGED, standing=staging)), PromotionPlan)


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


def test_what_no_commit_holds_is_not_called_promoted() -> None:
    """The committed code's model is there already; the changes beside it are not, and are said."""
    there = replay([entry(1), replace(SECOND, tags={**SECOND.tags, CONFIRMED: YES})])
    assert isinstance(plan(evidence(), there, "2"), PromotionPlan)
    refused = plan(evidence(), there, "2", dirty=("train.py",))
    assert isinstance(refused, Refusal)
    assert refused.reason == "dirty"
