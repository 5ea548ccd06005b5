"""Policies against evidence: outcomes, reasons, sentences, verdicts."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from mlgate.config.model import Rule
from mlgate.evaluation.estimate import Difference, Estimate
from mlgate.evaluation.flips import flips
from mlgate.evaluation.gate import judge, verdict
from mlgate.evaluation.rules import decide_bound, decide_test
from mlgate.evaluation.sentences import to_know_more
from mlgate.verdict import Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.config.model import Gate
    from mlgate.evaluation.paired import Paired

PASS, FAIL, OPEN, ERROR = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.ERROR


def difference(low: float, high: float) -> Difference:
    """Make a difference with an interval."""
    return Difference(value=(low + high) / 2, low=low, high=high, p_value=0.5, se=0.1, method="")


@pytest.mark.parametrize(
    ("test", "size", "low", "high", "outcome", "reason"),
    [
        ("superiority", 0.0, 0.001, 0.02, PASS, "better"),
        ("superiority", 0.0, 0.0, 0.02, OPEN, "not_shown"),
        ("superiority", 0.0, -0.02, 0.0, FAIL, "not_better"),
        ("superiority", 0.01, 0.001, 0.02, OPEN, "not_shown"),
        ("superiority", 0.01, 0.011, 0.02, PASS, "better"),
        ("superiority", 0.01, 0.001, 0.01, FAIL, "not_better"),
        ("non_inferiority", 0.01, -0.009, 0.001, PASS, "not_worse"),
        ("non_inferiority", 0.01, -0.01, 0.001, OPEN, "not_shown"),
        ("non_inferiority", 0.01, -0.03, -0.01, FAIL, "regressed"),
        ("non_inferiority", 0.0, 0.0, 0.01, OPEN, "not_shown"),
        ("no_regression", 0.01, -0.5, -0.01, PASS, "no_regression_shown"),
        ("no_regression", 0.01, -0.5, -0.011, FAIL, "regressed"),
        ("no_regression", 0.0, -0.5, 0.5, PASS, "no_regression_shown"),
        ("equivalence", 0.01, -0.009, 0.009, PASS, "equivalent"),
        ("equivalence", 0.01, -0.01, 0.009, OPEN, "not_shown"),
        ("equivalence", 0.01, -0.009, 0.01, OPEN, "not_shown"),
        ("equivalence", 0.01, 0.01, 0.02, FAIL, "different"),
        ("equivalence", 0.01, -0.02, -0.01, FAIL, "different"),
        ("point", 0.0, -0.5, 0.5, PASS, "not_below"),
        ("point", 0.01, -0.5, 0.481, PASS, "not_below"),
        ("point", 0.01, -0.5, 0.47, FAIL, "below"),
    ],
)
def test_comparisons(*, test: str, size: float, low: float, high: float, outcome: Outcome, reason: str) -> None:
    """The interval decides, its open end where the burden of proof is."""
    effect = {"min_effect": size} if test == "superiority" else {"margin": size}
    rule = Rule.model_validate({"metric": "accuracy", "test": test, **effect})
    assert decide_test(rule, difference(low, high), rule.margin) == (outcome, reason)


@pytest.mark.parametrize(
    ("bounds", "low", "high", "outcome", "reason"),
    [
        ({"lower_bound": 0.8}, 0.8, 0.9, PASS, "within_bounds"),
        ({"lower_bound": 0.8}, 0.79, 0.9, OPEN, "not_shown"),
        ({"lower_bound": 0.8}, 0.7, 0.79, FAIL, "below_bound"),
        ({"upper_bound": 0.8}, 0.7, 0.8, PASS, "within_bounds"),
        ({"upper_bound": 0.8}, 0.81, 0.9, FAIL, "above_bound"),
        ({"lower_bound": 0.5, "upper_bound": 0.8}, 0.4, 0.9, OPEN, "not_shown"),
        ({"lower_bound": 0.8, "judge": "point"}, 0.78, 0.9, PASS, "within_bounds"),
        ({"lower_bound": 0.85, "judge": "point"}, 0.78, 0.9, FAIL, "below_bound"),
    ],
)
def test_bounds(bounds: dict[str, Any], low: float, high: float, outcome: Outcome, reason: str) -> None:
    """The whole interval must respect a bound, or the estimate alone where the rule says so."""
    rule = Rule(metric="accuracy", **bounds)
    assert decide_bound(rule, Estimate(value=(low + high) / 2, low=low, high=high)) == (outcome, reason)


@pytest.mark.parametrize("test", ["superiority", "non_inferiority", "equivalence", "no_regression"])
@pytest.mark.parametrize(("low", "high"), [(math.nan, 1.0), (-1.0, math.nan), (math.nan, math.nan), (0.1, math.inf)])
def test_what_is_not_finite_never_passes(test: str, low: float, high: float) -> None:
    """NaN and infinity in an interval are an ERROR of every rule, whatever they compare to."""
    margin = {"margin": 5.0} if test == "equivalence" else {}
    rule = Rule.model_validate({"metric": "accuracy", "test": test, **margin})
    assert decide_test(rule, difference(low, high), 5.0)[0] is ERROR
    estimate = Rule(metric="accuracy", test="point")
    assert decide_test(estimate, difference(math.nan, math.nan), 5.0)[0] is ERROR
    bound = Rule(metric="accuracy", lower_bound=0.0, upper_bound=1.0)
    assert decide_bound(bound, Estimate(value=0.5, low=low, high=high))[0] is not PASS


@pytest.mark.parametrize(
    ("test", "outcome", "reason"),
    [
        ("superiority", FAIL, "not_better"),
        ("non_inferiority", PASS, "identical"),
        ("no_regression", PASS, "identical"),
        ("equivalence", PASS, "identical"),
        ("point", PASS, "not_below"),
    ],
)
@pytest.mark.parametrize("metric", ["accuracy", "precision", "recall", "f1", "roc_auc", "log_loss", "brier"])
def test_a_model_against_itself(
    *,
    metric: str,
    test: str,
    outcome: Outcome,
    reason: str,
    binary: Callable[..., Paired],
    gate: Callable[..., Gate],
) -> None:
    """Identical predictions are never better and never worse, also with margin 0."""
    rows = binary(np.random.default_rng(1))
    margin = {"margin": 0.01} if test == "equivalence" else {}
    (result,) = judge(replace(rows, production=rows.candidate), gate({"metric": metric, "test": test, **margin}))
    assert (result.finding.outcome, result.finding.reason, result.p_value) == (outcome, reason, 1.0)
    assert "0 [0, 0], n = 300: no different from production on any row" in result.finding.sentence


def test_results_carry_the_numbers(binary: Callable[..., Paired], gate: Callable[..., Gate]) -> None:
    """One result a rule, in order, with both models, the interval that decides and what could be detected."""
    rows = binary(np.random.default_rng(2), n=1000, gap=0.1)
    policy = gate({"metric": "roc_auc", "test": "superiority"}, {"metric": "brier", "upper_bound": 0.9})
    auc, brier = judge(rows, policy)
    assert (auc.metric, auc.n, auc.higher_is_better, brier.higher_is_better) == ("roc_auc", 1000, True, False)
    assert auc.candidate is not None
    assert auc.production is not None
    assert auc.difference == pytest.approx(auc.candidate - auc.production)
    assert auc.difference_interval is not None
    assert auc.minimum_detectable is not None
    width = auc.difference_interval.high - auc.difference_interval.low
    assert auc.minimum_detectable == pytest.approx(width / 2 * (1.959964 + 0.841621) / 1.959964, rel=1e-6)
    assert (brier.difference, brier.difference_interval, brier.minimum_detectable) == (None, None, None)
    assert brier.production is not None
    assert brier.finding.outcome is PASS


def test_sentences(binary: Callable[..., Paired], gate: Callable[..., Gate]) -> None:
    """Each sentence says metric, numbers, rows and what follows, in words."""
    rows = binary(np.random.default_rng(2), n=1000, gap=0.05)
    rules = (
        {"metric": "roc_auc", "test": "superiority"},
        {"metric": "brier", "test": "non_inferiority", "margin": 0.05},
        {"metric": "accuracy", "test": "no_regression"},
        {"metric": "accuracy", "lower_bound": 0.99},
        {"metric": "log_loss", "upper_bound": 2.0, "judge": "point"},
    )
    auc, brier, alarm, bound, point = (result.finding.sentence for result in judge(rows, gate(*rules)))
    assert auc.startswith("AUC ")
    assert "n = 1,000: not shown to be better than production; these rows can show a difference of 0.0" in auc
    assert ", about 4,000 could show 0.0" in auc
    assert brier.startswith("Brier score gain ")
    assert brier.endswith(": not worse than production (margin 0.05)")
    assert "no regression shown, which does not show that it is as good" in alarm
    assert "better" not in alarm
    assert bound.endswith("n = 1,000: below 0.99")
    assert point.endswith(": at most 2, as asked (by the estimate alone)")


def test_equivalence_and_point_say_what_they_are(binary: Callable[..., Paired], gate: Callable[..., Gate]) -> None:
    """Equivalence looks both ways, and a point rule admits that it does not look at chance."""
    rows = binary(np.random.default_rng(2), n=1000, gap=0.05)
    rules = (
        {"metric": "roc_auc", "test": "equivalence", "margin": 0.1},
        {"metric": "roc_auc", "test": "equivalence", "margin": 0.001},
        {"metric": "roc_auc", "test": "point"},
    )
    within, narrow, point = (result.finding for result in judge(rows, gate(*rules)))
    assert (within.outcome, narrow.outcome) == (PASS, OPEN)
    assert within.sentence.endswith(": equivalent to production (margin 0.1)")
    assert (
        "not shown to be equivalent to production (margin 0.001); these rows can show a difference of 0.0"
        in narrow.sentence
    )
    assert point.sentence.endswith("by the estimate alone; chance is not looked at")
    better = binary(np.random.default_rng(2), n=1000, gap=4.0)
    (different,) = (result.finding for result in judge(better, gate(rules[0])))
    assert different.sentence.endswith("better than production by at least the margin of 0.1, so not equivalent")


def test_a_relative_margin_is_a_share_of_production(binary: Callable[..., Paired], gate: Callable[..., Gate]) -> None:
    """It decides as the same margin in the metric's units does, and production at 0 has no share."""
    rows = binary(np.random.default_rng(2), n=1000, gap=0.05)
    (loss,) = judge(rows, gate({"metric": "log_loss", "test": "non_inferiority", "relative_margin": 0.5}))
    assert loss.production is not None
    absolute = {"metric": "log_loss", "test": "non_inferiority", "margin": 0.5 * loss.production}
    assert loss.finding.outcome is judge(rows, gate(absolute))[0].finding.outcome is PASS
    assert loss.finding.rule == "log_loss non_inferiority (relative margin 50%)"
    assert f"(margin {0.5 * loss.production:.2f})" in loss.finding.sentence
    perfect = replace(rows, production=np.where(rows.label, 1.0, 0.0), candidate=np.where(rows.label, 1.0, 0.1))
    (undefined,) = judge(perfect, gate({"metric": "brier", "test": "non_inferiority", "relative_margin": 0.5}))
    assert (undefined.finding.outcome, undefined.finding.reason) == (ERROR, "no_scale")


def test_a_worse_model_fails(binary: Callable[..., Paired], gate: Callable[..., Gate]) -> None:
    """A clearly worse candidate fails every kind of comparison, and its metric's worst finding decides."""
    rows = binary(np.random.default_rng(3), n=2000, gap=-1.2)
    tests = ("superiority", "non_inferiority", "no_regression")
    policy = gate(*({"metric": "roc_auc", "test": test} for test in tests), on_inconclusive="pass")
    results = judge(rows, policy)
    assert [result.finding.reason for result in results] == ["not_better", "regressed", "regressed"]
    decided = verdict(results, policy)
    assert (decided.outcome, decided.decided_by) == (FAIL, "roc_auc superiority")
    assert decided.sentence.endswith(": worse than production")


@pytest.mark.parametrize(("times", "plus"), [(10, 0), (0.5, -0.4)])
def test_probabilities_are_asked_for_where_they_matter(
    times: float, plus: float, binary: Callable[..., Paired], gate: Callable[..., Gate]
) -> None:
    """Scores outside [0, 1] are good for AUC, and an ERROR for log loss, whichever model gave them."""
    rows = binary(np.random.default_rng(4))
    assert rows.production is not None
    wild = replace(rows, production=rows.production * times + plus)
    auc, loss = judge(
        wild, gate({"metric": "roc_auc", "test": "no_regression"}, {"metric": "log_loss", "test": "no_regression"})
    )
    assert auc.finding.outcome is not ERROR
    assert (loss.finding.outcome, loss.finding.reason) == (ERROR, "not_probabilities")
    assert "production scores outside [0, 1] (key " in loss.finding.sentence
    assert loss.candidate is None


def test_undefined_is_an_error(binary: Callable[..., Paired], gate: Callable[..., Gate]) -> None:
    """Precision without a predicted positive is undefined, not 0, for either model and for a first one too."""
    rows = binary(np.random.default_rng(5))
    never = np.full(rows.n, 0.1)
    policy = gate({"metric": "precision", "test": "no_regression"}, on_inconclusive="pass")
    for broken in (
        replace(rows, candidate=never),
        replace(rows, production=never),
        replace(rows, candidate=never, production=None),
    ):
        (result,) = judge(broken, policy)
        assert (result.finding.outcome, result.finding.reason, result.finding.judged) == (ERROR, "undefined", True)
        assert verdict([result], policy).outcome is ERROR


def test_one_row_gives_no_interval(regression: Callable[..., Paired], gate: Callable[..., Gate]) -> None:
    """A single row has no spread: no interval, so an ERROR, unless the estimate alone is asked for."""
    rows = regression(np.random.default_rng(6), n=1)
    bound = {"metric": "rmse", "upper_bound": 1e6}
    results = judge(rows, gate({"metric": "rmse", "test": "no_regression"}, bound, {**bound, "judge": "point"}))
    assert [result.finding.reason for result in results] == ["no_interval", "no_interval", "within_bounds"]


def test_overflow_is_an_error(regression: Callable[..., Paired], gate: Callable[..., Gate]) -> None:
    """Predictions whose squares overflow have no RMSE, and no warning is shown."""
    rows = regression(np.random.default_rng(7))
    (result,) = judge(
        replace(rows, candidate=rows.candidate * 1e200), gate({"metric": "rmse", "test": "no_regression"})
    )
    assert (result.finding.outcome, result.finding.reason, result.candidate) == (ERROR, "undefined", None)


def test_first_model(binary: Callable[..., Paired], gate: Callable[..., Gate]) -> None:
    """Without production, comparisons do not judge, bounds do, and comparisons alone never pass."""
    rows = replace(binary(np.random.default_rng(8)), production=None)
    test, bound = {"metric": "roc_auc", "test": "superiority"}, {"metric": "roc_auc", "lower_bound": 0.6}
    both = gate(test, bound)
    compared, bounded = judge(rows, both)
    assert (compared.finding.judged, compared.finding.reason) == (False, "no_production")
    assert compared.finding.sentence == "not judged: nothing is in production yet"
    assert compared.candidate is not None
    assert bounded.finding.outcome is PASS
    assert verdict([compared, bounded], both).passed
    alone = gate(test, on_inconclusive="pass")
    decided = verdict(judge(rows, alone), alone)
    assert decided.outcome is OPEN
    assert "a first model needs at least one rule with lower_bound or upper_bound" in decided.sentence
    assert flips(rows) is None


def test_on_inconclusive_pass(gate: Callable[..., Gate]) -> None:
    """The policy lets an undecided rule through and says so; the finding stays as it is, and a FAIL still fails."""
    rule = {"metric": "roc_auc", "test": "superiority"}
    name = "roc_auc superiority"
    undecided = Finding(rule=name, outcome=OPEN, reason="not_shown", sentence="AUC: not shown")
    good = Finding(rule=name, outcome=PASS, reason="better", sentence="AUC: better")
    bad = Finding(rule=name, outcome=FAIL, reason="not_better", sentence="AUC: worse")
    lenient, strict = gate(rule, on_inconclusive="pass"), gate(rule)
    assert verdict([good, undecided], strict).outcome is OPEN
    passed = verdict([good, undecided], lenient)
    assert (passed.outcome, passed.decided_by) == (PASS, "on_inconclusive: pass")
    warned = verdict([good, undecided], lenient.model_copy(update={"on_inconclusive": "warn"}))
    assert (warned.outcome, warned.decided_by) == (PASS, "on_inconclusive: warn")
    assert passed.sentence == "1 of 2 rules is inconclusive and let through: AUC: not shown"
    assert undecided.outcome is OPEN
    assert verdict([bad, undecided], lenient).outcome is FAIL
    assert verdict([], lenient).outcome is OPEN


@pytest.mark.parametrize(
    ("n", "detectable", "asked", "said"),
    [
        (1000, 0.02, 0.01, "these rows can show a difference of 0.020, about 4,000 could show 0.010"),
        (1000, 0.02, 0.0, "these rows can show a difference of 0.020, about 4,000 could show 0.010"),
        (1000, 0.02, 0.5, "these rows can show a difference of 0.020, about 4,000 could show 0.010"),
        (27_004, 0.02, 0.005, "these rows can show a difference of 0.020, about 430,000 could show 0.0050"),
        (40, 30.0, 10.0, "these rows can show a difference of 30, about 360 could show 10"),
    ],
)
def test_what_it_takes_to_know_more(n: int, detectable: float, asked: float, said: str) -> None:
    """Four times the rows show half the difference; the target is what the rule asks for, where that is smaller."""
    assert to_know_more(n, detectable, asked) == said


def test_broken_rows_can_be_bounded(binary: Callable[..., Paired], gate: Callable[..., Gate]) -> None:
    """The negative flip rate is the share of rows that only production predicts right, with an exact interval."""
    rows = binary(np.random.default_rng(4), n=500)
    assert rows.production is not None
    ours, theirs = ((score >= 0.5) == rows.label for score in (rows.candidate, rows.production))
    broken = int(np.sum(theirs & ~ours))
    loose, tight = judge(
        rows,
        gate(
            {"metric": "negative_flip_rate", "upper_bound": 0.2}, {"metric": "negative_flip_rate", "upper_bound": 0.001}
        ),
    )
    assert loose.candidate == broken / 500
    exact = stats.binomtest(broken, 500).proportion_ci(0.95, method="exact")
    assert loose.candidate_interval is not None
    assert (loose.candidate_interval.low, loose.candidate_interval.high) == (exact.low, exact.high)
    assert (loose.finding.outcome, tight.finding.outcome) == (PASS, FAIL)
    assert loose.finding.sentence.startswith("negative flip rate 0.")
    (first,) = judge(replace(rows, production=None), gate({"metric": "negative_flip_rate", "upper_bound": 0.2}))
    assert (first.finding.reason, first.finding.judged) == ("no_production", False)


def test_flips(binary: Callable[..., Paired]) -> None:
    """Fixed rows are right only for the candidate, broken ones only for production."""
    rows = replace(
        binary(np.random.default_rng(9), n=5),
        label=np.array([True, True, False, False, True]),
        candidate=np.array([0.9, 0.9, 0.9, 0.1, 0.1]),
        production=np.array([0.9, 0.1, 0.1, 0.9, 0.1]),
    )
    found = flips(rows)
    assert found is not None
    assert (found.fixed, found.broken, found.n) == (2, 1, 5)


def test_the_seed_decides_nothing_else(binary: Callable[..., Paired], gate: Callable[..., Gate]) -> None:
    """The same seed gives the same results, number for number."""
    rows = binary(np.random.default_rng(10))
    policy = gate({"metric": "f1", "test": "non_inferiority", "margin": 0.02}, seed=3)
    assert judge(rows, policy) == judge(rows, policy)
