"""Pairing of weights, clusters, queries and classes; and whatever is in a file, an answer and no traceback."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mlgate.config.data import RowColumns
from mlgate.config.metrics import KNOWN
from mlgate.config.model import Evaluate, Gate
from mlgate.evaluation.judged import Judged, judge
from mlgate.evaluation.pairing import Paired, pair
from mlgate.verdict import Finding, Outcome
from tests.unit.evaluation.draws import keys_of

NAN, INF = float("nan"), float("inf")
TRUTH: dict[str, list[Any]] = {"id": [4, 2, 3, 1], "y": ["b", "a", "c", "a"], "w": [1, 2, 3, 4], "u": list("xyxy")}
NAMES = pl.DataFrame({"id": [1, 2, 3, 4], "score": ["a", "b", "c", "b"]})


def paired(
    truth: dict[str, list[Any]], ours: pl.DataFrame, task: str = "multiclass", min_rows: int = 2, **columns: str
) -> Paired | Finding:
    """Pair rows with the columns that are named."""
    evaluate = Evaluate.model_validate({"task": task, "min_rows": min_rows})
    data = RowColumns.model_validate({"key": "id", "label": "y", **columns})
    return pair(pl.DataFrame(truth, strict=False), ours, None, data=data, evaluate=evaluate)


def test_weights_clusters_and_classes_follow_the_keys() -> None:
    """In the order of the keys, classes in the order of their names, clusters numbered."""
    rows = paired(TRUTH, NAMES, weight="w", cluster="u")
    assert isinstance(rows, Paired)
    assert rows.classes == ("a", "b", "c")
    assert rows.label.tolist() == [0, 0, 2, 1]
    assert rows.candidate.tolist() == [0, 1, 2, 1]
    assert rows.weight is not None
    assert rows.weight.tolist() == [4, 2, 3, 1]
    assert rows.unit is not None
    assert rows.unit.tolist() == [1, 1, 0, 0]
    assert rows.units == 2


def test_classes_may_be_numbers_and_in_another_type() -> None:
    """Labels 1, 2, 10 as integers meet predictions 1.0, 2.0, 10.0 and "10"; they are in the order of numbers."""
    truth = {"id": [1, 2, 3], "y": [10, 2, 1]}
    for score in ([10.0, 2.0, 1.0], ["10", "2", "1"], [10, 2, 1]):
        rows = paired(truth, pl.DataFrame({"id": [1, 2, 3], "score": score}))
        assert isinstance(rows, Paired)
        assert rows.classes == ("1", "2", "10")
        assert rows.ours.right.all()


def test_the_most_probable_class_is_meant() -> None:
    """Where there are probabilities and no predicted class; a class without a column has probability 0."""
    frame = pl.DataFrame(
        {"id": [1, 2, 3, 4], "probability:a": [0.9, 0.8, 0.3, 0.2], "probability:b": [0.1, 0.2, 0.7, 0.8]}
    )
    rows = paired(TRUTH, frame)
    assert isinstance(rows, Paired)
    assert rows.candidate.tolist() == [0, 0, 1, 1]
    assert rows.candidate_probabilities is not None
    assert rows.candidate_probabilities[:, 2].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("truth", "columns", "reason"),
    [
        ({"w": [1, 2, 3, None]}, {"weight": "w"}, "weight_null"),
        ({"w": [1, 2, 3, 0]}, {"weight": "w"}, "weights_not_positive"),
        ({"w": [1, 2, 3, -1]}, {"weight": "w"}, "weights_not_positive"),
        ({"w": [1, 2, 3, INF]}, {"weight": "w"}, "not_finite"),
        ({"w": list("abcd")}, {"weight": "w"}, "weights_not_numeric"),
        ({"u": [1, None, 2, 3]}, {"cluster": "u"}, "cluster_null"),
        ({"u": [[1], [2], [3], [4]]}, {"cluster": "u"}, "group_type"),
        ({}, {"cluster": "nowhere"}, "missing_column"),
        ({"y": [1.5, 1, 2, 3]}, {}, "labels_not_classes"),
        ({"y": [None, "a", "b", "c"]}, {}, "labels_null"),
        ({"y": ["a"] * 4}, {}, "one_class"),
    ],
)
def test_rows_that_cannot_be_used_are_named(truth: dict[str, list[Any]], columns: dict[str, str], reason: str) -> None:
    """Each by a reason of its own."""
    found = paired({**TRUTH, **truth}, NAMES, "multiclass", 2, **columns)
    assert isinstance(found, Finding)
    assert (found.outcome, found.reason) == (Outcome.ERROR, reason), found.sentence


@pytest.mark.parametrize(
    ("ours", "reason"),
    [
        ({"probability:a": [0.9, 0.8, 0.3, 0.2], "probability:b": [0.2, 0.2, 0.7, 0.8]}, "not_probabilities"),
        ({"probability:a": [1.0, NAN, 1.0, 1.0]}, "not_probabilities"),
        ({"probability:a": ["x"] * 4}, "not_numeric"),
        ({"score": [1.5, 1.0, 2.0, 3.0]}, "not_classes"),
        ({"score": ["a", None, "b", "c"]}, "not_classes"),
        ({}, "missing_column"),
    ],
)
def test_answers_that_are_none_are_named(ours: dict[str, list[Any]], reason: str) -> None:
    """Probabilities that do not add up, classes without a name."""
    found = paired(TRUTH, pl.DataFrame({"id": [1, 2, 3, 4], **ours}, strict=False))
    assert isinstance(found, Finding)
    assert (found.outcome, found.reason) == (Outcome.ERROR, reason), found.sentence


def test_few_clusters_and_queries_are_too_few() -> None:
    """It is the clusters that are counted against min_rows, and the queries of a ranking."""
    found = paired(TRUTH, NAMES, min_rows=3, cluster="u")
    assert isinstance(found, Finding)
    assert found.sentence.startswith("2 clusters, and the gate judges from 3")
    ranks = pl.DataFrame({"id": [1, 2, 3, 4], "score": [0.1, 0.2, 0.3, 0.4]})
    found = paired({**TRUTH, "y": [0, 1, 2, 0]}, ranks, "ranking", 3, query="u")
    assert isinstance(found, Finding)
    assert found.sentence.startswith("2 queries, and the gate judges from 3")
    below = paired({**TRUTH, "y": [0, 1, -2, 0]}, ranks, "ranking", 2, query="u")
    assert isinstance(below, Finding)
    assert below.reason == "labels_negative"


VALUES = st.one_of(
    st.sampled_from([NAN, INF, -INF, 0.0, -0.0, 1.0, 0.5, 1e308, -1e308, 5e-324]),
    st.floats(),
    st.integers(-3, 3).map(float),
    st.none(),
)
LABELS = st.one_of(VALUES, st.sampled_from(["a", "b", "<b>", "", None]), st.booleans())


def frames(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Give a column of up to a dozen values."""
    return st.lists(values, min_size=0, max_size=12)


def answers(task: str, labels: list[Any], scores: list[Any]) -> pl.DataFrame:
    """Make predictions of a task: of classes those of other rows, with probabilities where the numbers can be some."""
    n = len(labels)
    if task != "multiclass":
        return pl.DataFrame({"id": list(range(n)), "score": scores}, strict=False)
    frame = pl.DataFrame({"id": list(range(n)), "score": labels[1:] + labels[:1]}, strict=False)
    sure = [0.5 if one is None or not 0 <= one <= 1 else one for one in scores]
    return frame.with_columns(pl.Series("probability:a", sure), pl.Series("probability:b", [1 - one for one in sure]))


@example(
    task="binary",
    labels=[False, True],
    ours=[4.469269309980866e153],
    theirs=[],
    groups=[],
    extra="weight",
    unpaired=False,
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    task=st.sampled_from(["binary", "multiclass", "regression", "ranking"]),
    labels=st.one_of(
        frames(LABELS),
        frames(st.booleans()),
        frames(st.sampled_from("abc")),
        frames(st.integers(0, 2)),
        frames(st.floats(-10, 10)),
    ),
    ours=frames(VALUES),
    theirs=frames(VALUES),
    groups=frames(st.sampled_from(["x", "y", None])),
    extra=st.sampled_from(["", "weight", "cluster"]),
    unpaired=st.booleans(),
)
def test_any_columns_give_an_answer(
    *, task: str, labels: list[Any], ours: list[Any], theirs: list[Any], groups: list[Any], extra: str, unpaired: bool
) -> None:
    """Every metric, every test, gaps and slices, on rows of any content: a named outcome, and no exception."""
    n = len(labels)
    group = (groups + ["x"] * n)[:n]
    numbers = (ours + [1.0] * n)[:n]
    truth = pl.DataFrame({"id": list(range(n)), "y": labels, "g": group, "w": numbers}, strict=False)
    candidate, production = (answers(task, labels, numbers), answers(task, labels[::-1], (theirs + [0.0] * n)[:n]))
    rules: list[dict[str, Any]] = []
    for name, known in KNOWN.items():
        if task not in known.tasks or known.of == "cost":
            continue
        rules.append({"metric": name, "upper_bound": 0.5, **keys_of(name)} if known.of == "pair" else {})
        if known.of == "rows":
            start = {"metric": name, **keys_of(name)}
            rules += [{**start, "test": "equivalence", "margin": 0.1}, {**start, "lower_bound": 0.1}]
            rules.append({**start, "between": ["g"], "upper_bound": 0.5})
    rules = [rule for rule in rules if rule]
    slices = [{"by": ["g"], "min_rows": 2, "rules": [{**rules[0], "test": "no_regression", "margin": 0.0}]}]
    columns = {"weight": {"weight": "w"}, "cluster": {"cluster": "g"}}.get(extra, {}) if task != "ranking" else {}
    columns = {**columns, "query": "g"} if task == "ranking" else columns
    judged = judge(
        truth,
        candidate,
        None if unpaired else production,
        data=RowColumns.model_validate({"key": "id", "label": "y", **columns}),
        evaluate=Evaluate.model_validate({"task": task, "min_rows": 1}),
        gate=Gate.model_validate({"rules": rules, "slices": slices}),
    )
    assert isinstance(judged, Judged)
    for result in judged.results:
        assert result.finding.sentence
        if result.finding.outcome is Outcome.PASS and result.finding.judged and result.test:
            assert result.difference is not None
            assert np.isfinite(result.difference)
