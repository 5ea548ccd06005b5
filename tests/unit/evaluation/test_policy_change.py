"""Which changes of a policy are named, and that those called stricter or looser are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mlgate.config.load import parse
from mlgate.config.model import Model
from mlgate.config.rule import Rule
from mlgate.evaluation.estimate import Difference, Estimate
from mlgate.evaluation.policy_change import out_of_reach, policy_changes
from mlgate.evaluation.rules import decide_bound, decide_test, too_wide
from mlgate.evaluation.strength import change, covers
from mlgate.training.identity import policy_digest
from mlgate.verdict import Outcome

FILE = """\
version: 1
models:
  churn:
    data: {train: train.csv, held_out: held_out.csv, key: id, label: left}
    train: {command: python train.py}
    evaluate: {task: binary}
    gate: {rules: [{metric: roc_auc, lower_bound: 0.9}]}
"""
BASE = parse(FILE, "mlgate.yaml").models["churn"]
AUC = {"metric": "roc_auc", "lower_bound": 0.9}
ALARM = {"metric": "accuracy", "test": "no_regression", "margin": 0.01}


def model(**changes: dict[str, Any]) -> Model:
    """Make the base's model with some keys of its sections changed."""
    plain = BASE.model_dump(by_alias=True)
    return Model.model_validate({name: section | changes.get(name, {}) for name, section in plain.items()})


def told(base: Model, now: Model) -> list[tuple[str, str]]:
    """Return key and direction of every change."""
    return [(one.key, one.direction) for one in policy_changes(base, now)]


NONE: dict[str, Any] = {}
PAIRS: list[tuple[dict[str, Any], dict[str, Any], list[tuple[str, str]]]] = [
    (NONE, {"gate": {"rules": [{**AUC, "lower_bound": 0.5}]}}, [("gate.rules", "looser")]),
    (NONE, {"gate": {"rules": [AUC, ALARM]}}, [("gate.rules", "stricter")]),
    (NONE, {"gate": {"rules": [{**AUC, "judge": "point"}]}}, [("gate.rules", "looser")]),
    (NONE, {"gate": {"rules": [ALARM]}}, [("gate.rules", "looser"), ("gate.rules", "stricter")]),
    (NONE, {"gate": {"on_inconclusive": "warn"}}, [("gate.on_inconclusive", "looser")]),
    (NONE, {"gate": {"confidence_level": 0.5}}, [("gate.confidence_level", "looser")]),
    (
        {"gate": {"rules": [ALARM]}},
        {"gate": {"rules": [ALARM], "confidence_level": 0.5}},
        [("gate.confidence_level", "stricter")],
    ),
    (NONE, {"gate": {"holdout": {"max_uses": 4}}}, [("gate.holdout", "stricter")]),
    (NONE, {"gate": {"seed": 7}}, [("gate.seed", "other")]),
    (
        NONE,
        {"gate": {"slices": [{"by": ["plan"], "rules": [ALARM]}]}},
        [("gate.slices", "stricter")],
    ),
    (
        {"gate": {"slices": [{"by": ["plan"], "rules": [ALARM], "expect": ["plan=a"]}]}},
        {"gate": {"slices": [{"by": ["plan"], "rules": [ALARM], "min_rows": 5000, "correction": "none"}]}},
        [
            ("gate.slices (plan).min_rows", "looser"),
            ("gate.slices (plan).expect", "looser"),
            ("gate.slices (plan).correction", "stricter"),
        ],
    ),
    (
        NONE,
        {"evaluate": {"threshold": 0.3, "min_rows": 3}},
        [("evaluate.min_rows", "looser"), ("evaluate.threshold", "other")],
    ),
    (NONE, {"data": {"held_out": "easy.csv"}}, [("data.held_out", "other")]),
    ({"data": {"schema": "a.yaml"}}, NONE, [("data.schema", "looser")]),
    (NONE, {"data": {"freshness": {"column": "day", "max_age_hours": 24.0}}}, [("data.freshness", "stricter")]),
    ({"data": {"max_row_change": 0.1}}, {"data": {"max_row_change": 0.5}}, [("data.max_row_change", "looser")]),
    (NONE, {"data": {"shift": {"floor": 0.5}}}, []),
    (
        {"data": {"shift": {"severity": "error"}}},
        {"data": {"shift": {"severity": "error", "floor": 0.5, "ignore": ["day"]}}},
        [("data.shift.floor", "looser"), ("data.shift.ignore", "looser")],
    ),
    (NONE, {"data": {"train": "more.csv", "examples": 0}, "gate": {"hints": False, "show_rows": True}}, []),
]


@pytest.mark.parametrize(("base", "now", "expected"), PAIRS)
def test_each_change_has_its_key_and_direction(
    base: dict[str, Any], now: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    """Looser first; what decides nothing, and what the training is told, is not of the policy."""
    assert told(model(**base), model(**now)) == expected


@pytest.mark.parametrize(("base", "now", "expected"), PAIRS)
def test_the_way_back_is_the_other_direction(
    base: dict[str, Any], now: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    """Undoing what is looser is stricter."""
    back = {"looser": "stricter", "stricter": "looser", "other": "other"}
    assert sorted(told(model(**now), model(**base))) == sorted((key, back[way]) for key, way in expected)


def test_the_digest_differs_where_the_policy_does() -> None:
    """The training's own keys do not move it, each change that is listed does."""
    assert policy_digest(model(data={"train": "more.csv"})) == policy_digest(BASE)
    digests = {policy_digest(model(**now)) for base, now, expected in PAIRS if base is NONE and expected}
    assert policy_digest(BASE) not in digests
    assert len(digests) == len([one for one in PAIRS if one[0] is NONE and one[2]])


def test_values_stand_as_they_are_written() -> None:
    """A rule by its name, a reader sees both sides; what is not there is None."""
    (one,) = policy_changes(BASE, model(gate={"rules": [{**AUC, "lower_bound": 0.5}]}))
    assert (one.base, one.now) == ("roc_auc >= 0.9", "roc_auc >= 0.5")
    (schema,) = policy_changes(BASE, model(data={"schema": "https://me:secret@host/a.yaml?sig=1"}))
    assert (schema.base, schema.now) == (None, "https://host/a.yaml")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({"gate": {"rules": [ALARM]}, "evaluate": {"min_rows": 3, "threshold": 0.1}}, ()),
        ({"data": {"min_rows": 10}}, ()),
        ({"data": {"held_out": "easy.csv"}}, ("data.held_out",)),
        ({"evaluate": {"predict": "mine:predict"}}, ("evaluate.predict",)),
        ({"data": {"tolerances": [{"rule": "isin", "max_failures": 0.5}]}}, ("data.tolerances",)),
    ],
)
def test_what_the_base_cannot_be_asked_about(now: dict[str, Any], expected: tuple[str, ...]) -> None:
    """Other rows and other predictions were not made; a gate, a threshold and stricter rules of the data are fine."""
    assert out_of_reach(policy_changes(BASE, model(**now))) == expected


SIZES = st.sampled_from([0.0, 0.1, 0.2])
TESTS = st.one_of(
    st.fixed_dictionaries(
        {"test": st.sampled_from(["non_inferiority", "no_regression", "point", "equivalence"])},
        optional={"margin": SIZES, "relative_margin": SIZES, "tolerance": st.sampled_from([0.1, 0.2])},
    ),
    st.fixed_dictionaries({"test": st.just("superiority")}, optional={"min_effect": SIZES}),
    st.fixed_dictionaries(
        {"lower_bound": SIZES},
        optional={"upper_bound": st.sampled_from([0.3, 0.5]), "judge": st.sampled_from(["interval", "point"])},
    ),
)
ENDS = st.lists(st.integers(-5, 5).map(lambda tenths: tenths / 20), min_size=3, max_size=3).map(sorted)


def passes(rule: Rule, ends: list[float], production: float) -> bool:
    """Decide a rule as the gate does, on one interval."""
    low, value, high = ends
    if rule.test:
        margin = rule.margin or rule.relative_margin * production
        found: Any = Difference(value=value, low=low, high=high, method="", p_value=1.0, se=0.1)
        outcome = decide_test(rule, found, margin)[0]
    else:
        found = Estimate(value=value, low=low, high=high)
        outcome = decide_bound(rule, found)[0]
    return outcome is Outcome.PASS and not too_wide(rule, found)


def rule_of(keys: dict[str, Any]) -> Rule | None:
    """Make a rule, or None of keys that contradict each other."""
    try:
        return Rule.model_validate({"metric": "rmse", **keys})
    except ValueError:
        return None


@settings(max_examples=600, deadline=None)
@given(
    one=TESTS,
    other=TESTS,
    intervals=st.lists(ENDS, min_size=20, max_size=20),
    production=st.sampled_from([0.0, 0.5, 1.0]),
)
def test_a_rule_that_covers_another_passes_nothing_more(
    one: dict[str, Any], other: dict[str, Any], intervals: list[list[float]], production: float
) -> None:
    """Whatever the gate's own decisions let pass by the harder of two rules passes by the other."""
    first, second = rule_of(one), rule_of(other)
    assume(first is not None and second is not None)
    assert first is not None
    assert second is not None
    if bool(first.test) == bool(second.test) and covers(first, second):
        assert all(passes(second, ends, production) for ends in intervals if passes(first, ends, production))
    assert change(first, first) is None
