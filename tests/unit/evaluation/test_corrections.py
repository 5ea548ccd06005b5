"""Corrections for many alarms ring exactly those that the textbook procedures reject."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from mlgate.evaluation.corrections import levels
from mlgate.records import MetricResult
from mlgate.verdict import Finding, Outcome

# Benjamini and Hochberg 1995, section 4.1: of these, BH rejects 4 and Bonferroni's family of methods 3
PUBLISHED = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip


def alarm(p: float) -> Callable[[float], MetricResult]:
    """Ring at a level exactly when p is at most the error that it leaves."""

    def at(level: float) -> MetricResult:
        outcome = Outcome.FAIL if p <= (1 - level) * (1 + 1e-9) else Outcome.PASS
        return MetricResult(
            metric="m", higher_is_better=True, candidate=None, production=None, difference=None,
            candidate_interval=None, difference_interval=None, p_value=p, method="", n=1, minimum_detectable=None,
            finding=Finding(rule="m", outcome=outcome, reason="", sentence=""),
        )  # fmt: skip

    return at


def ringing(p_values: list[float], how: str, level: float = 0.95) -> list[float]:
    """Return the p values whose alarms ring."""
    found = levels({str(number): alarm(p) for number, p in enumerate(p_values)}, how, level)
    return [p for p, one in zip(p_values, found.values(), strict=True) if one.finding.outcome is Outcome.FAIL]


@pytest.mark.parametrize(("how", "count"), [("none", 9), ("bonferroni", 3), ("holm", 3), ("fdr_bh", 4)])
def test_the_published_example(how: str, count: int) -> None:
    """Of Benjamini and Hochberg's 15 p values each procedure rejects as many as they printed."""
    assert ringing(PUBLISHED, how) == PUBLISHED[:count]


@given(st.lists(st.floats(0, 1), min_size=2, max_size=12))
def test_benjamini_hochberg_is_scipys(p_values: list[float]) -> None:
    """The alarms that ring are those whose adjusted p value is at most 0.05."""
    adjusted = false_discovery_control(p_values)
    if np.abs(adjusted - 0.05).min() > 1e-9:
        assert sorted(ringing(p_values, "fdr_bh")) == sorted(
            p for p, q in zip(p_values, adjusted, strict=True) if q < 0.05
        )


@given(st.lists(st.floats(0, 1), min_size=2, max_size=12))
def test_holm_steps_down(p_values: list[float]) -> None:
    """The i-th smallest is rejected when it and all smaller ones are at most 0.05/(m - i + 1)."""
    expected = []
    for place, p in enumerate(sorted(p_values)):
        if p > 0.05 / (len(p_values) - place) * (1 + 1e-9):
            break
        expected.append(p)
    assert sorted(ringing(p_values, "holm")) == expected
