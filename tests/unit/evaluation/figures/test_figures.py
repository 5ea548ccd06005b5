"""Figures against scikit-learn, and on rows of which hardly anything can be shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as oracle
from sklearn.calibration import calibration_curve

from mlgate.config.model import Gate, Rule
from mlgate.evaluation.figures.groups import wilson
from mlgate.evaluation.figures.make import figures
from mlgate.evaluation.figures.thin import thin
from mlgate.evaluation.metrics import METRICS
from mlgate.evaluation.paired import Paired
from mlgate.evaluation.proportions import wilson as exact_wilson
from mlgate.records import Figures
from mlgate.records.figures import MOST_POINTS
from tests.unit.evaluation.draws import TASKS, draw, make_binary, weighted

RULES = {"binary": "roc_auc", "multiclass": "accuracy", "regression": "rmse", "ranking": "mrr"}


def shown(paired: Paired, task: str = "binary", metric: str = "", **keys: Any) -> Figures:
    """Make the figures under a gate of one rule."""
    rule = Rule(metric=metric or RULES[task], test="no_regression", margin=0.01, **keys)
    return figures(paired, model="m", task=task, gate=Gate(rules=(rule,)))


def drawn(rows: int = 3000, *, seed: int = 1, task: str = "binary") -> Paired:
    """Draw weighted rows of a task."""
    rng = np.random.default_rng(seed)
    paired = draw(task, rng, n=rows)
    return paired if task == "ranking" else weighted(paired, rng)


def off(points: Any, x: Any, y: Any) -> float:
    """Measure how far the farthest of others' points is from the line through ours."""
    own, theirs = np.asarray(points), np.column_stack([x, y])
    start, step = own[:-1], np.diff(own, axis=0)
    along = ((theirs[:, None] - start) * step).sum(axis=2) / (step**2).sum(axis=1)
    nearest = start + np.clip(along, 0, 1)[..., None] * step
    return float(np.hypot(*(theirs[:, None] - nearest).transpose(2, 0, 1)).min(axis=1).max())


def test_the_roc_curve_is_scikit_learns_to_less_than_a_pixel() -> None:
    """Every point of scikit-learn's curve is as good as on ours, which has 200 points at most."""
    paired = drawn()
    for scores, model in ((paired.ours, shown(paired).candidate), (paired.theirs, shown(paired).production)):
        assert scores is not None
        assert model is not None
        assert model.roc is not None
        x, y, _ = oracle.roc_curve(scores.truth, scores.score, sample_weight=scores.weight, drop_intermediate=False)
        assert len(model.roc.points) <= MOST_POINTS
        assert off(model.roc.points, x, y) < 2e-3
        area = oracle.roc_auc_score(scores.truth, scores.score, sample_weight=scores.weight)
        assert model.roc.area == pytest.approx(area, abs=1e-5)


@pytest.mark.parametrize("rows", [40, 3000])
def test_precision_and_recall_are_scikit_learns(rows: int) -> None:
    """Each kept point is one of scikit-learn's, and the others are within a pixel of the line."""
    paired = drawn(rows)
    found = shown(paired).candidate.precision_recall
    assert found is not None
    precision, recall, _ = oracle.precision_recall_curve(paired.label, paired.candidate, sample_weight=paired.weight)
    theirs = np.column_stack([recall, precision])[::-1]
    for point in found.points:
        assert np.abs(theirs - point).max(axis=1).min() < 2e-6
    assert len(found.points) <= MOST_POINTS
    assert off(found.points, recall, precision) < 5e-3
    value = METRICS["average_precision"].measure(paired.ours, 0.95).value
    assert found.area == pytest.approx(value, abs=1e-5)


def test_calibration_is_scikit_learns() -> None:
    """Unweighted rows fall into scikit-learn's uniform bins, with their shares and means; the bins hold all rows."""
    paired = make_binary(np.random.default_rng(2), n=5000)
    groups = shown(paired).candidate.calibration
    observed, predicted = calibration_curve(paired.label, paired.candidate, n_bins=15, strategy="uniform")
    assert [one.observed for one in groups] == pytest.approx(list(observed), abs=1e-5)
    assert [one.predicted for one in groups] == pytest.approx(list(predicted), abs=1e-5)
    assert sum(one.n for one in groups) == paired.n
    assert all(one.low <= one.observed <= one.high for one in groups)


@pytest.mark.parametrize(("hits", "n"), [(0, 5), (3, 7), (50, 50), (120, 999)])
def test_wilson_is_that_of_counts(hits: int, n: int) -> None:
    """The interval of a share of n is that of the counts."""
    exact = exact_wilson(hits, n, 0.95)
    assert wilson(hits / n, n, 0.95) == pytest.approx((exact.low, exact.high), abs=1e-12)


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_the_confusion_matrix_is_scikit_learns(task: str) -> None:
    """In weights, truth down and prediction across."""
    paired = drawn(task=task)
    found = np.asarray(shown(paired, task).candidate.confusion)
    theirs = oracle.confusion_matrix(paired.ours.label_class, paired.ours.predicted_class, sample_weight=paired.weight)
    assert found == pytest.approx(theirs)


def test_rare_classes_are_one() -> None:
    """Of forty classes the twelve most frequent are shown, in order, and the others together; no row is lost."""
    rng = np.random.default_rng(3)
    label = np.minimum(rng.geometric(0.1, size=4000) - 1, 39).astype(np.intp)
    guess = np.where(rng.random(4000) < 0.7, label, rng.integers(0, 40, 4000)).astype(np.float64)
    names = tuple(f"class {number}" for number in range(40))
    found = shown(
        Paired(keys=np.arange(4000), label=label, candidate=guess, production=None, classes=names), "multiclass"
    )
    assert found.classes == (*names[:12], "28 others")
    assert np.sum(found.candidate.confusion) == 4000
    assert found.production is None
    assert not found.candidate.calibration


@pytest.mark.parametrize("task", ["binary", "regression", "ranking"])
def test_bars_are_shares_over_the_same_bins(task: str) -> None:
    """Each model's bars add up to 1 a class, and have a width that rises."""
    found = shown(drawn(task=task), task)
    assert found.production is not None
    assert len(found.edges) == 31
    for bars in (*found.candidate.bars, *found.production.bars):
        assert sum(bars) == pytest.approx(1, abs=1e-4)


def test_one_wild_error_does_not_squeeze_the_others() -> None:
    """It is counted in the outer bin."""
    paired = drawn(task="regression")
    wild = paired.candidate.copy()
    wild[0] = 1e12
    found = shown(replace(paired, candidate=wild), "regression")
    assert found.edges[-1] < 100
    assert sum(found.candidate.bars[0]) == pytest.approx(1, abs=1e-4)


def test_tenths_of_predictions_hold_their_labels() -> None:
    """The groups' means are those of the rows, their quartiles contain half of the weight, and all rows are in one."""
    paired = drawn(task="regression")
    groups = shown(paired, "regression").candidate.deciles
    assert len(groups) == 10
    assert sum(one.n for one in groups) == paired.n
    sizes = np.array([one.n for one in groups])
    assert sizes.min() > 0.08 * paired.n
    assert [one.observed for one in groups] == sorted(one.observed for one in groups)
    assert all(one.low <= one.observed <= one.high for one in groups)


def test_a_query_counts_by_the_metric_of_the_gate() -> None:
    """The bars are of the gate's own metric of rankings, and their mean is its value."""
    paired = drawn(task="ranking")
    for metric, keys, name in (("mrr", {}, "mrr"), ("ndcg", {"k": 3}, "ndcg at 3")):
        found = shown(paired, "ranking", metric, **keys)
        assert found.counted == name
        middles = (np.asarray(found.edges)[1:] + np.asarray(found.edges)[:-1]) / 2
        value = METRICS[metric].measure(paired.ours, 0.95, {"k": keys.get("k")}).value
        assert np.dot(middles, found.candidate.bars[0]) == pytest.approx(value, abs=0.02)


SCORES = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.0, 0.5, 1.0, -0.0, 5e-324])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(TASKS), st.lists(st.tuples(st.booleans(), SCORES, SCORES), min_size=1, max_size=12))
def test_whatever_can_be_paired_has_figures(task: str, rows: list[tuple[bool, float, float]]) -> None:
    """One row, one class, constants and the largest floats make some figures, and never an error."""
    truth, ours, theirs = (np.array(column) for column in zip(*rows, strict=True))
    if task == "multiclass":
        more: dict[str, Any] = {"classes": ("a", "b"), "label": truth.astype(np.intp)}
        ours, theirs = (np.abs(one) > 1 for one in (ours, theirs))
    elif task == "ranking":
        more = {"label": truth.astype(np.float64), "query": np.arange(len(rows)) // 3}
    else:
        more = {"label": truth if task == "binary" else theirs}
    paired = Paired(keys=np.arange(len(rows)), candidate=ours.astype(float), production=theirs.astype(float), **more)
    found = shown(paired, task)
    assert Figures.model_validate_json(found.model_dump_json()) == found


def test_thinning_keeps_the_ends_and_what_sticks_out() -> None:
    """A straight line needs two points; a spike in it stays."""
    x = np.linspace(0, 1, 1001)
    y = np.zeros(1001)
    assert list(thin(x, y, 200)) == [0, 1000]
    y[500] = 1
    assert {0, 499, 500, 501, 1000} <= set(thin(x, y, 200))


@pytest.mark.parametrize(
    "broken",
    [
        {"edges": (0.0, 1.0, 0.5)},
        {"edges": (0.0, 1.0)},
        {"classes": ("a",)},
        {"edges": tuple(float(one) for one in range(60))},
        {"threshold": float("nan")},
    ],
)
def test_figures_that_do_not_fit_are_refused(broken: dict[str, Any]) -> None:
    """Whoever wrote them: lengths that differ, edges that fall, what is no number, and more than a picture has."""
    document = shown(drawn(200)).model_dump() | broken
    with pytest.raises(ValueError, match="Figures"):
        Figures.model_validate(document)
