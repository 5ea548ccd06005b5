"""Pairing by key, and every way in which rows cannot be paired."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlgate.evaluation.flips import flips
from mlgate.evaluation.gate import judge, verdict
from mlgate.evaluation.pairing import Paired, pair
from mlgate.verdict import Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlgate.config.data import Data
    from mlgate.config.model import Evaluate, Gate

NAN, INF = float("nan"), float("inf")
TRUTH = {"id": [1, 2, 3, 4], "y": [0, 1, 0, 1]}
GOOD = {"id": [4, 3, 2, 1], "score": [0.9, 0.3, 0.8, 0.1]}


def frame(columns: dict[str, Any]) -> pl.DataFrame:
    """Make a frame that takes what it is given."""
    return pl.DataFrame(columns, strict=False)


def changed(base: dict[str, Any], **columns: Any) -> pl.DataFrame:
    """Make a frame of `base` with some columns replaced."""
    return frame({**base, **columns})


@pytest.fixture
def paired(data: Data, evaluate: Callable[..., Evaluate]) -> Callable[..., Paired | Finding]:
    """Pair three frames under a small config."""

    def make(
        truth: pl.DataFrame, candidate: pl.DataFrame, production: pl.DataFrame | None = None, **how: Any
    ) -> Paired | Finding:
        return pair(truth, candidate, production, data=data, evaluate=evaluate(**how))

    return make


def test_rows_meet_by_key(paired: Callable[..., Paired | Finding]) -> None:
    """Whatever the order of the three frames, each label has its own two scores, in the order of the keys."""
    truth = frame({"id": [3, 1, 4, 2], "y": [False, False, True, True], "other": list("abcd")})
    production = changed(GOOD, id=[2, 1, 4, 3], score=[2, 1, 4, 3])
    rows = paired(truth, frame(GOOD), production)
    assert isinstance(rows, Paired)
    assert rows.production is not None
    assert rows.keys.tolist() == [1, 2, 3, 4]
    assert rows.label.tolist() == [False, True, False, True]
    assert rows.candidate.tolist() == [0.1, 0.8, 0.3, 0.9]
    assert rows.production.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert rows.decides


@pytest.mark.parametrize(
    "keys",
    [
        list("dbca"),
        [date(2013, 1, day) for day in (4, 2, 3, 1)],
        [datetime(2013, 1, day) for day in (4, 2, 3, 1)],  # noqa: DTZ001 (files hold naive times)
        pl.Series(list("dbca"), dtype=pl.Categorical),
        pl.Series([4, 2, 3, 1], dtype=pl.UInt64),
        [b"d", b"b", b"c", b"a"],
    ],
    ids=["text", "date", "datetime", "categorical", "uint64", "bytes"],
)
def test_keys_of_any_plain_type(keys: Any, paired: Callable[..., Paired | Finding]) -> None:
    """Texts, dates, times, categories, whole numbers and bytes identify rows."""
    rows = paired(frame({"id": keys, "y": [1, 1, 0, 0]}), frame({"id": keys, "score": [0.4, 0.2, 0.3, 0.1]}))
    assert isinstance(rows, Paired)
    assert rows.candidate.tolist() == [0.1, 0.2, 0.3, 0.4]


def test_keys_of_another_width_meet(paired: Callable[..., Paired | Finding]) -> None:
    """A key written as a narrower integer, or a time in another unit, still names the same row."""
    small = frame(GOOD).with_columns(pl.col("id").cast(pl.Int16))
    assert isinstance(paired(frame(TRUTH), small), Paired)
    moments = pl.Series([datetime(2013, 1, day) for day in (1, 2, 3, 4)])  # noqa: DTZ001 (files hold naive times)
    truth = changed(TRUTH, id=moments.cast(pl.Datetime("us")))
    assert isinstance(paired(truth, changed(GOOD, id=moments.cast(pl.Datetime("ns")))), Paired)


@pytest.mark.parametrize(
    "labels", [[False, True, False, True], [0, 1, 0, 1], [0.0, 1.0, 0.0, 1.0], pl.Series([0, 1, 0, 1], dtype=pl.UInt8)]
)
def test_binary_labels(labels: Any, paired: Callable[..., Paired | Finding]) -> None:
    """Booleans and zeros and ones, whole or not, are binary labels."""
    rows = paired(changed(TRUTH, y=labels), frame(GOOD))
    assert isinstance(rows, Paired)
    assert rows.label.tolist() == [False, True, False, True]


@pytest.mark.parametrize(
    ("truth", "reason", "says"),
    [
        (changed(TRUTH, id=[1, 2, 2, 2]), "duplicate_keys", "1 key of column 'id' on more than one row (3 of 4 rows)"),
        (changed(TRUTH, id=[1, None, 3, 4]), "null_keys", "1 row without a value"),
        (changed(TRUTH, id=[1.0, NAN, 3.0, 4.0]), "null_keys", "counted from 0: 1"),
        (changed(TRUTH, id=[[1], [2], [3], [4]]), "key_type", "List(Int64)"),
        (frame({"y": [1]}), "missing_column", "no key column 'id'; the columns are 'y'"),
        (frame({"id": [1]}), "missing_column", "no label column 'y'"),
        (frame({}), "missing_column", "there are no columns"),
        (frame(TRUTH).head(0), "empty", "no rows"),
        (changed(TRUTH, y=[None, 1, None, 1]), "labels_null", "2 rows (key 1, 3) without"),
        (changed(TRUTH, y=[0.0, NAN, 0.0, 1.0]), "labels_null", "1 row (key 2) without"),
        (changed(TRUTH, y=["no", "yes", "no", "yes"]), "labels_not_binary", "holds 'no', 'yes'; a binary label is"),
        (changed(TRUTH, y=[0, 1, 2, 3]), "labels_not_binary", "holds 0, 1, 2 and 1 more"),
        (changed(TRUTH, y=[0.0, 1.0, INF, 1.0]), "labels_not_binary", "inf"),
        (changed(TRUTH, y=[[0], [1], [0], [1]]), "labels_not_binary", "List"),
        (changed(TRUTH, y=[1, 1, 1, 1]), "one_class", "all 4 labels are positive"),
        (changed(TRUTH, y=[False] * 4), "one_class", "negative"),
    ],
)
def test_broken_held_out_rows(
    truth: pl.DataFrame, reason: str, says: str, paired: Callable[..., Paired | Finding]
) -> None:
    """Each fault of the held-out rows is an ERROR with its own reason, counted, with the first rows named."""
    found = paired(truth, frame(GOOD))
    assert isinstance(found, Finding)
    assert (found.rule, found.outcome, found.reason) == ("held-out rows", Outcome.ERROR, reason)
    assert says in found.sentence


BROKEN = [
    (changed(GOOD, id=[4, 4, 2, 1]), "duplicate_keys", "1 key of column 'id'"),
    (changed(GOOD, id=[4, None, 2, 1]), "null_keys", "1 row without"),
    (frame(GOOD).head(3), "missing_rows", "3 scores for 4 held-out rows: 1 held-out row without a score (key 1);"),
    (frame({"id": [1, 2, 3, 4, 5], "score": [0.1] * 5}), "extra_rows", "1 score of no held-out row (key 5)"),
    (changed(GOOD, id=[5, 3, 2, 1]), "missing_rows", "(key 4) and 1 score of no held-out row (key 5)"),
    (changed(GOOD, score=[0.1, NAN, INF, None]), "not_finite", "3 of 4 scores not finite (inf, missing or NaN, nan)"),
    (changed(GOOD, score=[None] * 4), "not_finite", "4 of 4 scores"),
    (changed(GOOD, score=list("abcd")), "not_numeric", "String"),
    (changed(GOOD, score=[[0.1, 0.9]] * 4), "not_numeric", "List"),
    (changed(GOOD, id=list("4321")), "key_types_differ", "is String here and Int64 in the held-out rows"),
    (frame(GOOD).drop("score"), "missing_column", "no column 'score'"),
    (frame(GOOD).drop("id"), "missing_column", "no key column 'id'"),
    (frame(GOOD).head(0), "empty", "no rows"),
]


@pytest.mark.parametrize("model", ["candidate", "production"])
@pytest.mark.parametrize(("predictions", "reason", "says"), BROKEN)
def test_broken_predictions(
    model: str, predictions: pl.DataFrame, reason: str, says: str, paired: Callable[..., Paired | Finding]
) -> None:
    """Each fault of either model's predictions is an ERROR that names the model, also on too few rows."""
    pieces = (predictions, frame(GOOD)) if model == "candidate" else (frame(GOOD), predictions)
    found = paired(frame(TRUTH), *pieces, min_rows=100)
    assert isinstance(found, Finding)
    assert (found.rule, found.outcome, found.reason) == (f"{model} predictions", Outcome.ERROR, reason)
    assert says in found.sentence


def test_too_few_rows(paired: Callable[..., Paired | Finding], gate: Callable[..., Gate]) -> None:
    """Fewer rows than evaluate.min_rows judge nothing, and no policy lets that pass."""
    found = paired(frame(TRUTH), frame(GOOD), min_rows=30)
    assert isinstance(found, Finding)
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, "too_few_rows")
    assert found.sentence.startswith("4 rows, and the gate judges from 30")
    lenient = gate({"metric": "accuracy", "lower_bound": 0.5}, on_inconclusive="pass")
    assert verdict([found], lenient).outcome is Outcome.INCONCLUSIVE


def test_regression_labels(paired: Callable[..., Paired | Finding]) -> None:
    """Regression takes finite numbers; text and infinity are named; there are no flips to count."""
    truth = changed(TRUTH, y=[1.5, -2.0, 7.0, 0.0])
    rows = paired(truth, frame(GOOD), frame(GOOD), task="regression")
    assert isinstance(rows, Paired)
    assert not rows.decides
    assert flips(rows) is None
    for labels, reason in (([1.0, INF, 2.0, 3.0], "not_finite"), (list("abcd"), "labels_not_numeric")):
        found = paired(changed(TRUTH, y=labels), frame(GOOD), task="regression")
        assert isinstance(found, Finding)
        assert (found.outcome, found.reason) == (Outcome.ERROR, reason)


VALUES = st.one_of(
    st.floats(),
    st.none(),
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.text(max_size=3),
    st.sampled_from([0, 1, 0.0, 1.0, NAN, INF, -INF, 1e308, -1e308]),
)
NUMBERS = st.sampled_from([0.0, 1.0, 0.5, 0.25, -3.0, 1e308, -1e308, 1e-320])
COLUMN = st.one_of(
    st.lists(VALUES, max_size=6), st.lists(NUMBERS, max_size=6), st.lists(st.booleans(), max_size=6), st.just([])
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    keys=st.lists(COLUMN, min_size=3, max_size=3), columns=st.lists(COLUMN, min_size=3, max_size=3), own=st.booleans()
)
@pytest.mark.parametrize("task", ["binary", "regression"])
def test_hostile_frames_get_an_answer(
    *,
    task: str,
    keys: list[list[Any]],
    columns: list[list[Any]],
    own: bool,
    paired: Callable[..., Paired | Finding],
    gate: Callable[..., Gate],
) -> None:
    """Whatever the frames hold, the answer is a finding or finite numbers, and never a traceback."""
    names = ("y", "score", "score")
    frames = []
    for ids, values, name in zip(keys, columns, names, strict=True):
        n = min(len(ids), len(values)) if own else len(values)
        frames.append(frame({"id": ids[:n] if own else list(range(n)), name: values[:n]}))
    answer = paired(frames[0], frames[1], frames[2], task=task, min_rows=1)
    if isinstance(answer, Finding):
        assert answer.outcome is not Outcome.PASS
        assert len(answer.sentence) < 600
        return
    metrics = ("rmse", "mae") if task == "regression" else ("accuracy", "precision", "f1", "roc_auc", "log_loss")
    tests = [{"metric": metric, "test": "non_inferiority", "margin": 0.1} for metric in metrics]
    results = judge(answer, gate(*tests, *({"metric": metric, "lower_bound": 0.1} for metric in metrics)))
    for result in results:
        if result.finding.outcome is Outcome.PASS:
            deciding = result.difference_interval or result.candidate_interval
            assert result.candidate is not None
            assert deciding is not None
            assert np.isfinite([result.candidate, deciding.low, deciding.high]).all()
