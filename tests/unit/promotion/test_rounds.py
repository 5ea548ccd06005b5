"""How often a promotion tries while others are faster: what is counted are moves of production, not comparisons."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from mlgate.errors import OvertakenError, StaleError
from mlgate.promotion.history import replay
from mlgate.promotion.values import MoveAlias, PromotionPlan, Refusal
from mlgate.records import Version
from mlgate.steps import promote as promoting
from mlgate.steps import recompare
from tests.unit.promotion.test_plan import evidence, standing

MOVE = MoveAlias(stage="production", alias="production")
OURS = "100"


@dataclass
class Race:
    """Production, which somebody else moves just before each of the first `rivals` appends of ours."""

    rivals: int
    production: int = 1
    compared: list[int] = field(default_factory=list)

    def decide(self, _: object, __: object, ___: object, again: object = None) -> Any:
        """Plan as the product does: a comparison with another production is stale."""
        record: Any = again or evidence()
        moved = record.production.version != str(self.production)
        target = standing(replay([]), str(self.production))
        refusal = Refusal(reason="production_moved", sentence="it moved", stale=True)
        plan = refusal if moved else PromotionPlan(steps=(MOVE,), sentence="goes")
        return SimpleNamespace(plan=plan, evidence=record, target=target)

    def compare(self, *_: object) -> object:
        """Compare with what is production now."""
        self.compared.append(self.production)
        version = Version(name="churn", version=str(self.production), run_id="r", manifest_digest="")
        return evidence(production=version)

    def apply(self, *_: object) -> str:
        """Append, unless a rival did."""
        if self.production <= self.rivals:
            self.production += 1
            raise OvertakenError("somebody was faster", hint="look")
        return OURS


def promoted(race: Race, monkeypatch: pytest.MonkeyPatch) -> str | None:
    """Carry out a promotion in a race."""
    promotion = SimpleNamespace(evidence="reviewed", on_merge="production")
    config = SimpleNamespace(promotion=promotion, registry=SimpleNamespace(alias="production"))
    workspace: Any = SimpleNamespace(
        loaded=SimpleNamespace(config=config),
        runner=SimpleNamespace(actor="octocat"),
        code=lambda _: evidence().code,
        write=lambda _: None,
    )
    monkeypatch.setattr(promoting, "_decide", race.decide)
    monkeypatch.setattr(promoting, "_apply", race.apply)
    monkeypatch.setattr(recompare, "compare_again", race.compare)
    return promoting.promote(workspace, "churn").to_version


def test_it_wins_after_four_who_were_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each comparison is used: four of them, with the production that each move brought."""
    race = Race(rivals=4)
    assert promoted(race, monkeypatch) == OURS
    assert race.compared == [2, 3, 4, 5]


def test_it_gives_up_after_five_and_makes_no_comparison_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message counts what happened."""
    race = Race(rivals=9)
    with pytest.raises(StaleError, match="production of churn moved 5 times"):
        promoted(race, monkeypatch)
    assert race.compared == [2, 3, 4, 5]
