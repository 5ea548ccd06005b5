"""How a model does in later windows: measured where labels have come, promised by the scores where they have not."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import roc_auc_score

from mlgate.errors import ConfigError
from mlgate.evaluation.estimate import Estimate
from mlgate.evaluation.monitoring.decide import apart
from mlgate.evaluation.monitoring.monitor import Monitored, monitor
from mlgate.evaluation.monitoring.windows import Rows
from mlgate.records import WindowResult
from mlgate.verdict import Outcome
from tests.unit.evaluation.monitoring.draws import asked, classes, rows

AUC = {"metric": "roc_auc", "test": "non_inferiority", "margin": 0.01}
WITHOUT_LABELS = rows(2, 4000).with_columns(y=pl.lit(None, dtype=pl.Int8))


def one(found: Monitored) -> WindowResult:
    """Return the only answer."""
    ((result,),) = [window.results for window in found.windows]
    return result


def look(later: pl.DataFrame, *, rule: dict[str, object] = AUC, reference: pl.DataFrame | None = None) -> Monitored:
    """Ask one rule of one window."""
    before = rows(1, 6000) if reference is None else reference
    return monitor(before, [Rows(name="now", frame=later)], asked(rule))


def reasons(found: Monitored) -> set[str]:
    """Name what was found beside the rules."""
    return {finding.reason for finding in found.findings if not finding.judged}


def test_a_window_with_labels_is_measured_on_them() -> None:
    """The value is scikit-learn's; nothing changed, so nothing is told."""
    later = rows(2, 4000, first=10_000)
    found = look(later)
    result = one(found)
    assert result.by == "measured"
    assert result.measured is not None
    assert result.measured.value == pytest.approx(roc_auc_score(later["y"], later["score"]))
    assert (result.finding.outcome, reasons(found)) == (Outcome.PASS, set())


def test_without_labels_the_scores_promise_what_will_be_measured() -> None:
    """Though they are no probabilities: what they mean is learned from the reference."""
    promised, came = one(look(WITHOUT_LABELS)), one(look(rows(2, 4000)))
    assert promised.by == "expected"
    assert promised.expected is not None
    assert promised.expected.interval is not None
    assert came.measured is not None
    assert came.measured.value is not None
    assert promised.expected.interval.low < came.measured.value < promised.expected.interval.high


def test_easier_rows_promise_a_better_accuracy_and_move_the_predictions() -> None:
    """Drift of the inputs that the scores know of."""
    accuracy = {"metric": "accuracy", "test": "non_inferiority", "margin": 0.01}
    found = look(rows(3, 4000, easier=1.5, labelled=0), rule=accuracy)
    result = one(found)
    assert result.difference_interval is not None
    assert result.difference_interval.low > 0
    assert reasons(found) == {"prediction_drift"}


def test_labels_that_the_scores_do_not_promise_are_concept_drift() -> None:
    """The rule fails by what was measured, and that the scores mean something else is told."""
    found = look(rows(4, 4000, scrambled=0.4))
    assert one(found).finding.outcome is Outcome.FAIL
    assert one(found).finding.reason == "regressed"
    assert reasons(found) == {"concept_drift"}


def test_concept_drift_cannot_be_seen_without_labels() -> None:
    """The limit of what scores can promise."""
    found = look(rows(4, 4000, scrambled=0.4, labelled=0))
    assert (one(found).finding.outcome, reasons(found)) == (Outcome.PASS, set())


def test_a_bound_fails_only_where_it_is_shown_to_be_broken() -> None:
    """What is not shown either way is told, and does not judge."""
    later = rows(5, 4000)
    shown, open_one = (
        one(look(later, rule={"metric": "roc_auc", "lower_bound": bound})) for bound in (0.9, 0.775)
    )  # fmt: skip
    assert (shown.finding.outcome, shown.finding.judged) == (Outcome.FAIL, True)
    assert (open_one.finding.outcome, open_one.finding.judged) == (Outcome.INCONCLUSIVE, False)


def test_less_is_better_of_a_loss() -> None:
    """A larger log loss is a negative difference."""
    loss = {"metric": "log_loss", "test": "non_inferiority", "margin": 0.01}
    result = one(look(rows(4, 4000, scrambled=0.6), rule=loss))
    assert result.finding.outcome is Outcome.FAIL
    assert result.difference is not None
    assert result.difference < 0


def test_several_classes_promise_by_their_probabilities() -> None:
    """And are concept drift where labels differ."""
    rule = asked({"metric": "accuracy", "test": "non_inferiority"}, task="multiclass")
    later = classes(8, 4000)
    promised = one(monitor(classes(7, 5000), [Rows(name="w", frame=later.with_columns(y=pl.lit(None)))], rule))
    came = one(monitor(classes(7, 5000), [Rows(name="w", frame=later)], rule))
    assert promised.expected is not None
    assert promised.expected.interval is not None
    assert came.measured is not None
    assert came.measured.value is not None
    assert promised.expected.interval.low < came.measured.value < promised.expected.interval.high
    changed = monitor(classes(7, 5000), [Rows(name="w", frame=classes(8, 4000, scrambled=0.5))], rule)
    assert reasons(changed) == {"concept_drift"}


def test_numbers_promise_nothing() -> None:
    """Of a regression only labels can tell."""
    rng = np.random.default_rng(1)
    truth = rng.normal(size=2000)
    frame = pl.DataFrame({"id": np.arange(2000), "score": truth + rng.normal(size=2000), "y": truth})
    rule = asked({"metric": "rmse", "test": "non_inferiority"}, task="regression")
    without = monitor(frame, [Rows(name="w", frame=frame.with_columns(y=pl.lit(None)))], rule)
    assert one(without).finding.reason == "no_labels"
    assert one(monitor(frame, [Rows(name="w", frame=frame)], rule)).by == "measured"


def test_few_labels_leave_it_to_the_scores() -> None:
    """Fewer than evaluate.min_rows are not measured on."""
    few = rows(9, 1000, labelled=0.01)
    assert one(look(few)).by == "expected"


BROKEN = {
    "NaN scores": rows(1, 100).with_columns(score=pl.lit(float("nan"))),
    "one class": rows(1, 100).with_columns(y=pl.lit(1)),
    "labels of three kinds": rows(1, 100).with_columns(y=pl.col("id") % 3),
    "texts as labels": rows(1, 100).with_columns(y=pl.lit("yes")),
    "keys twice": rows(1, 100).with_columns(id=pl.lit(1)),
    "keys missing": rows(1, 100).with_columns(id=pl.lit(None)),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_rows_are_named_on_either_side(case: str) -> None:
    """By a finding, never by an exception; a window that cannot be judged is an error beside the others."""
    as_window = look(BROKEN[case])
    assert any(finding.outcome is Outcome.ERROR for finding in as_window.findings)
    as_reference = look(rows(2, 400), reference=BROKEN[case])
    assert [finding.outcome for finding in as_reference.findings] == [Outcome.ERROR]
    assert as_reference.findings[0].rule.startswith("reference, ")


def test_a_policy_without_a_rule_for_rows_is_refused() -> None:
    """Flips need two models."""
    with pytest.raises(ConfigError, match="no rule"):
        look(rows(1, 100), rule={"metric": "negative_flip_rate", "upper_bound": 0.1})


def test_a_perfect_model_and_a_constant_one_have_a_meaning() -> None:
    """Curves stay finite where scores part the classes, or say nothing."""
    perfect = rows(1, 500).with_columns(score=pl.col("y").cast(pl.Float64))
    assert one(look(perfect.with_columns(y=pl.lit(None)), reference=perfect)).finding.outcome is Outcome.PASS
    constant = rows(1, 500).with_columns(score=pl.lit(0.5))
    assert one(look(constant.with_columns(y=pl.lit(None)), reference=constant)).by == "expected"


def test_the_distance_of_independent_estimates() -> None:
    """Newcombe's worked example (1998, Statist. Med. 17:873-890, table II, method 10): 56/70 less 48/80."""
    first = Estimate(value=0.8, low=0.6915, high=0.8769)
    second = Estimate(value=0.6, low=0.4906, high=0.7000)
    found = apart(first, second, higher_is_better=True)
    assert [found.value, found.low, found.high] == pytest.approx([0.2, 0.0524, 0.3339], abs=2e-4)
    turned = apart(first, second, higher_is_better=False)
    assert (turned.low, turned.high) == (-found.high, -found.low)


UNREADABLE: dict[str, dict[str, object]] = {
    "scores that are NaN": {"score": float("nan")},
    "scores that are null": {"score": None},
    "keys twice": {"id": 1},
}


@pytest.mark.parametrize("labelled", [True, False])
@pytest.mark.parametrize("case", UNREADABLE)
def test_a_window_that_cannot_be_read_is_an_error_with_labels_or_without(case: str, labelled: bool) -> None:  # noqa: FBT001
    """And each of its answers says why, not that labels are missing."""
    bad = rows(3, 500).with_columns(**{name: pl.lit(value) for name, value in UNREADABLE[case].items()})
    if not labelled:
        bad = bad.with_columns(y=pl.lit(None, dtype=pl.Int8))
    found = monitor(rows(1, 2000), [Rows(name="good", frame=rows(2, 500)), Rows(name="bad", frame=bad)], asked(AUC))
    assert found.verdict.outcome is Outcome.ERROR
    assert found.windows[0].results[0].finding.outcome is Outcome.PASS
    assert found.windows[1].results[0].finding.outcome is Outcome.ERROR
    assert "label" not in found.windows[1].results[0].finding.sentence
    assert "held-out" not in found.verdict.decided_by


@pytest.mark.parametrize("labelled", [True, False])
def test_scores_that_a_metric_cannot_take_are_an_error(labelled: bool) -> None:  # noqa: FBT001
    """Log loss needs probabilities, of labelled rows and of promised ones."""
    wild = rows(3, 500).with_columns(score=pl.when(pl.col("id") == 0).then(1.4).otherwise("score"))
    if not labelled:
        wild = wild.with_columns(y=pl.lit(None, dtype=pl.Int8))
    found = look(wild, rule={"metric": "log_loss", "test": "non_inferiority"})
    assert found.verdict.outcome is Outcome.ERROR
    assert "outside [0, 1]" in found.verdict.sentence


def test_huge_scores_promise_nothing_and_break_nothing() -> None:
    """They cannot be put on a curve; labels can be judged all the same."""
    huge = rows(1, 500).with_columns(pl.col("score") * 1e308)
    assert one(look(huge, reference=huge)).by == "measured"
    without = look(huge.with_columns(y=pl.lit(None, dtype=pl.Int8)), reference=huge)
    assert without.verdict.outcome is Outcome.INCONCLUSIVE


def test_a_few_rows_are_left_open() -> None:
    """Five rows without a label promise nothing that could be relied on."""
    found = look(rows(3, 5, labelled=0))
    assert one(found).finding.reason == "no_labels"
    assert found.verdict.outcome is Outcome.INCONCLUSIVE


def test_the_verdict_counts_what_was_answered_and_how() -> None:
    """So that nobody takes promises for measurements."""
    windows = [Rows(name="a", frame=rows(2, 2000)), Rows(name="b", frame=WITHOUT_LABELS)]
    found = monitor(rows(1, 6000), [*windows, Rows(name="c", frame=rows(3, 5))], asked(AUC))
    sentence = "no alarm: 2 of 3 answers in 3 windows, 1 of them by what scores promise; 1 left open"
    assert found.verdict.sentence == sentence


def test_predictions_of_another_type_are_named() -> None:
    """Their shift has no size."""
    later = rows(2, 400).with_columns(score=pl.col("score").cast(pl.String))
    told = [finding.sentence for finding in look(later).findings if finding.reason == "prediction_drift"]
    said = "the predictions moved from the reference's, not to be measured; type changed: was number, is text"
    assert told == [said]


@pytest.mark.long
def test_promises_are_kept_and_alarms_are_rare() -> None:
    """Where nothing changed but the inputs: at most 5 % of runs alarm, and promises miss by chance only."""
    rules = [{"metric": name, "test": "non_inferiority"} for name in ("roc_auc", "log_loss", "f1", "accuracy")]
    runs, alarms, missed = 300, 0, 0
    for seed in range(runs):
        later = Rows(name="w", frame=rows(2 * seed + 1, 1500, easier=0.4 * (seed % 2)))
        found = monitor(rows(2 * seed, 4000), [later], asked(*rules))
        alarms += seed % 2 == 0 and any(one.outcome is Outcome.FAIL and one.judged for one in found.findings)
        missed += any(one.reason == "concept_drift" for one in found.findings)
    # 5 % of 150 and of 300, and three standard errors
    assert alarms <= 15
    assert missed <= 26
