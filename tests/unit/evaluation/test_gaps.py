"""Gaps between groups are Fairlearn's, and their intervals hold what they should."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import recall_score

from mlgate.config.gate import Gate
from mlgate.evaluation.beside import Beside
from mlgate.evaluation.gate import judge
from mlgate.evaluation.paired import Paired
from mlgate.records import MetricResult
from mlgate.verdict import Outcome
from tests.unit.evaluation.draws import draw


def answer(paired: Paired, groups: Any, **rule: Any) -> MetricResult:
    """Answer one rule about the gap between groups."""
    gate = Gate.model_validate({"rules": [{"metric": "recall", "between": ["sex"], **rule}]})
    (result,) = judge(paired, gate, Beside(columns=pl.DataFrame({"sex": groups})))
    return result


def split(seed: int, n: int = 2000, harm: float = 0.0) -> tuple[Paired, Any]:
    """Draw rows of two groups; the candidate misses `harm` of one group's positives more."""
    rng = np.random.default_rng(seed)
    rows = draw("binary", rng, n=n)
    groups = rng.choice(["f", "m"], n)
    missed = (groups == "f") & (rng.random(n) < harm)
    return replace(rows, candidate=np.where(missed, 0.0, rows.candidate)), groups


def test_gaps_are_those_of_fairlearn() -> None:
    """The difference is largest minus smallest, the ratio smallest over largest, of scikit-learn's recall by group."""
    rows, groups = split(1, harm=0.3)
    by_group = [recall_score(rows.label[groups == one], rows.candidate[groups == one] >= 0.5) for one in ("f", "m")]
    difference, ratio = answer(rows, groups, upper_bound=0.9), answer(rows, groups, gap="ratio", lower_bound=0.1)
    assert difference.candidate == pytest.approx(max(by_group) - min(by_group))
    assert ratio.candidate == pytest.approx(min(by_group) / max(by_group))
    assert (difference.higher_is_better, ratio.higher_is_better) == (False, True)
    assert difference.metric == "recall gap between sex"


def test_a_gap_that_grew_fails_and_one_that_did_not_passes() -> None:
    """The comparison is oriented: a larger gap than production's is worse, a smaller ratio too."""
    rows, groups = split(2, harm=0.3)
    for gap in ("difference", "ratio"):
        worse = answer(rows, groups, gap=gap, test="non_inferiority", margin=0.02)
        assert worse.finding.outcome is Outcome.FAIL
        assert worse.difference is not None
        assert worse.difference < 0
    twin = replace(rows, production=rows.candidate)
    same = answer(twin, groups, test="non_inferiority", margin=0.02)
    assert (same.finding.reason, same.difference) == ("identical", 0.0)


def test_the_interval_of_a_gap_covers_it() -> None:
    """Of 150 intervals at 95 % most hold the gap, and most hold its change: 0.3 x 0.72 against none."""
    truth, _ = split(3, n=400_000, harm=0.3)
    recall = float((truth.production is not None) and np.mean(truth.production[truth.label] >= 0.5))
    single = paired = 0
    for seed in range(150):
        rows, groups = split(100 + seed, n=1500, harm=0.3)
        bound = answer(rows, groups, upper_bound=0.9).candidate_interval
        change = answer(rows, groups, test="point").difference_interval
        assert bound is not None
        assert change is not None
        single += bound.low <= 0.3 * recall <= bound.high
        paired += change.low <= -0.3 * recall <= change.high
    assert single >= 0.88 * 150
    # a gap of nothing is measured as something, on production's side; the interval reaches as far
    assert paired >= 0.93 * 150


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        (["a"] * 300, "1 group; a gap is between 2 to 100 groups"),
        ([str(number) for number in range(300)], "300 groups"),
        (["a"] * 298 + ["b"] * 2, "undefined in the group sex=b of 2 rows"),
        (["a"] * 299 + ["b"], "the group sex=b of 1 row gives no interval"),
    ],
)
def test_groups_that_have_no_gap_are_named(groups: list[str], said: str) -> None:
    """As an error of the rule."""
    rows = draw("binary", np.random.default_rng(4))
    rows = replace(rows, label=np.append(rows.label[:-2], [False, False]))
    found = answer(rows, groups, upper_bound=0.5).finding
    assert (found.outcome, said in found.sentence) == (Outcome.ERROR, True), found.sentence


def test_clusters_are_what_is_drawn() -> None:
    """Rows repeated four times in clusters leave the interval as it is."""
    rows, groups = split(5, n=500)
    order = np.repeat(np.arange(500), 4)
    repeated = replace(rows.only(order), unit=order)
    once = answer(rows, groups, upper_bound=0.9).candidate_interval
    often = answer(repeated, groups[order], upper_bound=0.9).candidate_interval
    assert once is not None
    assert often is not None
    assert often.high == pytest.approx(once.high, abs=0.02)
