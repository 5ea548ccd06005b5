"""A policy says what it means, or is refused when it is read, with the reason."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mlgate.config.gate import Gate, Slices
from mlgate.config.metrics import KNOWN
from mlgate.config.policy import Policy
from mlgate.config.rule import Rule
from mlgate.config.shorthand import rules_of
from mlgate.evaluation.metrics import METRICS, PAIR_METRICS

RULE = {"metric": "accuracy", "test": "superiority"}


def refused(kind: Any, value: dict[str, Any]) -> str:
    """Read a value that must not be read, and return what is said about it."""
    with pytest.raises(ValidationError) as caught:
        kind.model_validate(value)
    return "\n".join(error["msg"] for error in caught.value.errors())


def policy(**parts: Any) -> dict[str, Any]:
    """Write a whole policy around some of its parts."""
    gate = {"rules": [RULE], **parts.pop("gate", {})}
    data = {"key": "id", "label": "y", **parts.pop("data", {})}
    return {"version": 1, "data": data, "evaluate": {"task": parts.pop("task", "binary")}, "gate": gate, **parts}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({}, "give either test, or lower_bound"),
        ({"metric": "acuracy", "test": "point"}, "there is no such metric (did you mean 'accuracy'?)"),
        ({"metric": "scorer:", "test": "point"}, "a metric of your own is scorer:NAME"),
        ({"metric": "function:os.system", "test": "point"}, "a metric of your own is"),
        ({"metric": "function:mine:cost", "test": "point"}, "needs direction"),
        ({"metric": "scorer:f1", "test": "point", "direction": "higher"}, "leave direction out"),
        ({"test": "superiority", "margin": 0.1}, "a margin belongs to test: equivalence, no_regression"),
        ({"test": "non_inferiority", "margin": -0.1}, "greater than or equal to 0"),
        ({"test": "non_inferiority", "margin": 0.1, "relative_margin": 0.1}, "give either margin or relative_margin"),
        ({"test": "equivalence"}, "equivalence needs a margin"),
        ({"test": "non_inferiority", "min_effect": 0.1}, "min_effect belongs to test: superiority"),
        ({"lower_bound": 0.5, "upper_bound": 0.4}, "lower_bound must be below upper_bound"),
        ({"metric": "negative_flip_rate", "test": "point"}, "looks at both models itself"),
        ({"test": "point", "tolerance": 0.1}, "tolerance is about the interval"),
        ({"test": "point", "k": 3}, "accuracy takes no k; it takes threshold"),
        ({"metric": "top_k_accuracy", "test": "point"}, "top_k_accuracy needs k"),
        ({"metric": "f_beta", "test": "point"}, "f_beta needs beta"),
        ({"metric": "pinball_loss", "test": "point"}, "pinball_loss needs quantile"),
        ({"test": "point", "gap": "ratio"}, "a gap is between groups"),
        ({"metric": "model_size", "test": "point", "between": ["sex"]}, "has no gap between groups"),
        ({"metric": "roc_auc", "test": "superiority", "method": "mcnemar_midp"}, "compares shares of rows: accuracy"),
    ],
)
def test_a_rule_that_contradicts_itself(rule: dict[str, Any], said: str) -> None:
    """Says what is wrong with it when it is read."""
    assert said in refused(Rule, {"metric": "accuracy", **rule})


@pytest.mark.parametrize(
    ("slices", "said"),
    [
        ({}, "give either by (columns) or where (conditions)"),
        ({"by": ["a"], "where": {"b": "c > 1"}}, "give either by (columns) or where"),
        ({"by": ["a"], "bins": {"b": [1.0]}}, "bins are for columns of by, and 'b' is none"),
        ({"by": ["a"], "bins": {"a": [2.0, 1.0]}}, "the edges of bins must rise"),
        ({"by": ["a"], "correction": "holm"}, "to pass by luck it would have to be lucky on all of them"),
    ],
)
def test_slices_that_make_no_sense(slices: dict[str, Any], said: str) -> None:
    """Say so; correcting a burden of proof only loses power."""
    assert said in refused(Slices, {"rules": [{**RULE, "test": "non_inferiority"}], **slices})


def test_an_alarm_may_be_corrected() -> None:
    """Holm's way, where nothing is said."""
    found = Slices.model_validate({"by": ["a"], "rules": [{**RULE, "test": "no_regression"}], "correction": "fdr_bh"})
    assert found.correction == "fdr_bh"


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"gate": {"rules": []}}, "at least 1 item"),
        ({"gate": {"rules": [{"metric": "mae", "test": "point"}]}}, "metric mae is not defined for task binary"),
        ({"gate": {"rules": [{**RULE, "metric": "recall", "average": "a"}]}}, "leave average out"),
        ({"gate": {"rules": [{**RULE, "method": "mcnemar_exact"}]}, "data": {"cluster": "u"}}, "McNemar's test counts"),
        ({"task": "ranking", "gate": {"rules": [{"metric": "ndcg", "test": "point"}]}}, "data.query names the column"),
        ({"data": {"query": "q"}}, "data.query names the column"),
        ({"data": {"probabilities": "p_{class}"}}, "data.probabilities is for task: multiclass"),
        ({"task": "multiclass", "data": {"probabilities": "p"}}, "should match pattern"),
        ({"gate": {"rules": [{"metric": "latency_p95", "upper_bound": 5.0}]}}, "here are their predictions only"),
        ({"gate": {"holdout": {"max_uses": 0}}}, "greater than or equal to 1"),
        ({"gate": {"holdout": {"max_uses": 41, "adaptivity": "full"}}}, "more than 40"),
    ],
)
def test_a_policy_that_cannot_be_meant(parts: dict[str, Any], said: str) -> None:
    """Is refused as a whole."""
    assert said in refused(Policy, policy(**parts))


def test_every_metric_is_known_once() -> None:
    """What may be named in a policy is what is measured, and the other way round."""
    measured = METRICS.keys() | PAIR_METRICS.keys()
    assert {name for name, known in KNOWN.items() if known.of in {"rows", "pair"}} == measured
    assert all(set(metric.takes) <= set(KNOWN[name].keys) for name, metric in METRICS.items())


def test_conditions_of_ease_ml_are_rules() -> None:
    """The paper's forms, each as the rule that it stands for."""
    gate = Gate.model_validate({"when": "n - o > 0.02 +/- 0.01 /\\ d < 0.1 +/- 0.01 /\\ n > .8 +/- 0.05"})
    assert [rule.name for rule in gate.rules] == [
        "accuracy superiority (min_effect 0.02) +/- 0.01",
        "disagreement <= 0.1 +/- 0.01",
        "accuracy >= 0.8 +/- 0.05",
    ]
    beside = Gate.model_validate({"rules": [RULE], "when": "n - o > -0.01 +/- 0.01"})
    assert [rule.name for rule in beside.rules][1] == "accuracy non_inferiority (margin 0.01) +/- 0.01"


@pytest.mark.parametrize(
    "clause", ["", "n > 1", "o > 0.5 +/- 0.1", "n < 0.5 +/- 0.1", "d > 0.1 +/- 0.1", "n > 0 +/- 0"]
)
def test_what_is_no_condition_is_named(clause: str) -> None:
    """With what is expected."""
    assert (
        "expected" in refused(Gate, {"when": clause})
        or "bounded" in refused(Gate, {"when": clause})
        or ("above 0" in refused(Gate, {"when": clause}))
    )


@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_an_error(text: str) -> None:
    """Never anything else."""
    with suppress(ValueError):
        assert rules_of(text)
