"""Two faults at once: an alias is written late, over a newer one, and its writer ends before it looks again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlgate.doctor.diagnosis import diagnose
from mlgate.promotion.history import PRODUCTION
from mlgate.promotion.plan import plan_promotion
from mlgate.promotion.values import Refusal
from tests.unit.promotion.test_plan import OBSERVED
from tests.unit.promotion.test_states import TERMS, Crash, Walk


def test_an_alias_that_was_written_late_is_told_and_mended() -> None:
    """What is served passed its gate; promotions refuse, and doctor, who cannot know who wrote it, puts it right."""
    walk = Walk()
    walk.empty()
    registry, writes = walk.registry, 0

    def late() -> None:
        nonlocal writes
        writes += 1
        if writes == 3:  # the entry is there; before the alias is written, another promotion comes and is done
            usual, registry.at_write = registry.at_write, lambda: None
            walk.shipped(PRODUCTION)
            registry.at_write = usual
        if writes == 4:
            raise Crash

    try:
        walk.shipped(PRODUCTION)
        walk.compare(again=False)
        registry.at_write = late
        with pytest.raises(Crash):
            walk.promoted(walk.compared[-1], PRODUCTION)
        registry.at_write = lambda: None
        standing = registry.standing(PRODUCTION)
        assert (standing.alias_version, standing.current, standing.interrupted) == ("2", "3", False)
        walk.what_is_served_has_passed()
        walk.compare(again=False)
        refused = plan_promotion(walk.compared[-1], standing, standing, replace(OBSERVED, data={}), TERMS)
        assert isinstance(refused, Refusal)
        assert refused.reason == "alias_differs"
        (problem,) = diagnose(standing, head_bytes_match=True)
        assert problem.sentence.endswith("somebody moved it by hand, or a promotion that was cut off wrote it late")
        walk.doctor(PRODUCTION)
    finally:
        walk.teardown()
