"""What is promoted, and every reason why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mlgate.promotion.diagnosis import diagnose
from mlgate.promotion.history import BASE, CANDIDATE, MANIFEST, OPERATION, ORIGINAL, Entry, History, replay
from mlgate.promotion.plan import plan_promotion, plan_rollback
from mlgate.promotion.values import Append, CopyBytes, MoveAlias, Observed, PromotionPlan, Refusal
from mlgate.records import Code, ComparisonRecord, DataFile, Version
from mlgate.verdict import Outcome, Verdict

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def entry(version: int, base: str = "none", operation: str = "promote", **tags: str) -> Entry:
    """Make an entry of the history."""
    own = {OPERATION: operation, BASE: base, MANIFEST: f"m{version}", CANDIDATE: f"churn-candidates/{version}"}
    return Entry(version=str(version), run_id="r", source="s", created_at=NOW, tags={**own, **tags})


ONE = replay([entry(1)])
OBSERVED = Observed(
    inputs_digest="code",
    dirty=(),
    config_digest="config",
    gate_digest="gate",
    data={"train.csv": "d1"},
    alias="production",
    alias_version="1",
    now=NOW,
)


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


def plan(record: ComparisonRecord | None, history: History = ONE, **observed: Any) -> PromotionPlan | Refusal:
    """Plan with the usual observations, some changed."""
    return plan_promotion(record, history, replace(OBSERVED, **observed), max_age_days=14)


def test_what_was_reviewed_is_promoted() -> None:
    """Copy the bytes, append, move the alias, in this order."""
    planned = plan(evidence())
    assert isinstance(planned, PromotionPlan)
    assert [type(step) for step in planned.steps] == [CopyBytes, Append, MoveAlias]
    assert planned.steps[1] == Append(operation="promote", base="1")


def test_the_first_model_replaces_nothing() -> None:
    """Without production the base is none."""
    planned = plan(evidence(production=None), replay([]), alias_version=None)
    assert isinstance(planned, PromotionPlan)
    assert planned.steps[1] == Append(operation="promote", base="none")


def test_a_registry_that_was_there_is_adopted() -> None:
    """Before mlgate's first entry, production is what the alias points to."""
    planned = plan(evidence(), replay([]), alias_version="1")
    assert isinstance(planned, PromotionPlan)
    assert planned.steps[1] == Append(operation="promote", base="1")


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
        ({}, {"data": {"train.csv": "other"}}, "data_changed", True),
        ({}, {"now": NOW + timedelta(days=14)}, "too_old", True),
        ({"created_at": NOW + timedelta(days=1)}, {}, "too_old", True),
        ({"production": None}, {}, "production_moved", True),
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


def test_an_alias_moved_by_hand_refuses() -> None:
    """When alias and history disagree, nothing is promoted on top of it."""
    refused = plan(evidence(), MOVED, alias_version="1")
    assert isinstance(refused, Refusal)
    assert refused.reason == "alias_differs"


def test_promoting_twice_does_nothing() -> None:
    """The head is this candidate already."""
    head = replay([entry(1), entry(2, base="1", **{MANIFEST: "m7", CANDIDATE: "churn-candidates/7"})])
    planned = plan(evidence(), head, alias_version="2")
    assert isinstance(planned, PromotionPlan)
    assert planned.steps == ()


def test_an_interrupted_promotion_is_finished() -> None:
    """The entry is there, the alias is not: only the alias is left to do."""
    head = replay([entry(1), entry(2, base="1", **{MANIFEST: "m7", CANDIDATE: "churn-candidates/7"})])
    planned = plan(evidence(), head, alias_version="1")
    assert isinstance(planned, PromotionPlan)
    assert planned.steps == (MoveAlias(alias="production"),)


def test_a_rolled_back_model_is_fenced() -> None:
    """The same bytes are not promoted again unless asked on purpose."""
    back = entry(3, "2", "rollback", **{MANIFEST: "m1", ORIGINAL: "1"})
    history = replay([entry(1), entry(2, base="1", **{MANIFEST: "m7"}), back])
    record = evidence(production=Version(name="churn", version="3", run_id="r", manifest_digest="m1"))
    observed = replace(OBSERVED, alias_version="3")
    refused = plan_promotion(record, history, observed, max_age_days=14)
    assert isinstance(refused, Refusal)
    assert refused.reason == "fenced"
    assert isinstance(plan_promotion(record, history, observed, max_age_days=14, unfence=True), PromotionPlan)


def test_rollback_appends() -> None:
    """Going back is a new entry with the old bytes."""
    planned = plan_rollback(MOVED, "previous", "production", "2")
    assert isinstance(planned, PromotionPlan)
    assert planned.steps == (Append(operation="rollback", base="2", original="1"), MoveAlias(alias="production"))


@pytest.mark.parametrize(
    ("history", "to", "reason"),
    [(replay([]), "previous", "no_history"), (ONE, "previous", "no_target"), (MOVED, "9", "no_target")],
)
def test_rollback_without_a_target_refuses(history: History, to: str, reason: str) -> None:
    """Nowhere to go back to is said, with what there is."""
    refused = plan_rollback(history, to, "production", "1")
    assert isinstance(refused, Refusal)
    assert refused.reason == reason


def test_rollback_to_what_is_there_does_nothing() -> None:
    """Production already has these bytes."""
    planned = plan_rollback(MOVED, "2", "production", "2")
    assert isinstance(planned, PromotionPlan)
    assert planned.steps == ()


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
    assert [problem.reason for problem in diagnose(MOVED, "production", alias, head_bytes_match=match)] == reasons
