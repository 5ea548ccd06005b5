"""Measure what a rule is about: rows, groups of rows, costs, or what a function of the user's says."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from mlgate.config.metrics import known
from mlgate.evaluation import costs, elsewhere, gaps
from mlgate.evaluation.evidence import Evidence
from mlgate.evaluation.metrics import METRICS, PAIR_METRICS
from mlgate.evaluation.titles import what
from mlgate.evaluation.wording import count, listed

if TYPE_CHECKING:
    from mlgate.config.rule import Rule
    from mlgate.evaluation.beside import Beside
    from mlgate.evaluation.estimate import Estimate
    from mlgate.evaluation.metrics import Metric
    from mlgate.evaluation.paired import Floats, Paired

    Fault = tuple[str, str]

MEANS = frozenset({"macro", "weighted", "micro"})


def gather(paired: Paired, rule: Rule, beside: Beside, *, level: float, seed: int) -> Evidence:
    """Measure the rule's metric for both models, and their difference where the rule asks for it."""
    rows = paired if rule.threshold is None else replace(paired, threshold=rule.threshold)
    start = partial(Evidence, what=what(rule), n=paired.n, units=paired.units, level=level, sampled=paired.sampled)
    kind = known(rule.metric).of
    if kind == "rows":
        fault = unfit(rows, rule)
        if fault:
            return start(fault=fault)
    evidence = {"rows": _of_rows, "pair": _of_pair, "cost": costs.gather, "custom": elsewhere.gather}[kind](
        rows, rule, beside, start(waits=rule.test is not None and paired.production is None), seed
    )
    return replace(evidence, fault=evidence.fault or _undefined(evidence, rule) or _unbounded(evidence, rule))


def _of_rows(paired: Paired, rule: Rule, beside: Beside, start: Evidence, seed: int) -> Evidence:
    if rule.between:
        return gaps.gather(paired, rule, beside, start, seed)
    metric, ours, theirs = METRICS[rule.metric], paired.ours, paired.theirs
    keys = rule.model_dump()
    return replace(
        start,
        candidate=metric.measure(ours, start.level, keys, seed=seed),
        production=metric.measure(theirs, start.level, keys, seed=seed) if theirs else None,
        difference=metric.compare(ours, theirs, start.level, seed, keys) if theirs and rule.test else None,
    )


def _of_pair(paired: Paired, rule: Rule, _beside: Beside, start: Evidence, _seed: int) -> Evidence:
    theirs = paired.theirs
    found = PAIR_METRICS[rule.metric].estimator(paired.ours, theirs, start.level) if theirs else None
    return replace(start, candidate=found, waits=theirs is None)


def unfit(paired: Paired, rule: Rule) -> Fault | None:
    """Say why these predictions cannot be measured so."""
    metric = METRICS[rule.metric]
    if rule.average is not None and rule.average not in MEANS | set(paired.classes):
        return (
            "no_such_class",
            f"there is no class {rule.average!r}; there are {listed(paired.classes, len(paired.classes))}",
        )
    if rule.average == "micro" and metric.name in {"roc_auc", "average_precision"}:
        return "no_such_average", f"{metric.title} is averaged macro or weighted, or taken of one class"
    needs = metric.probabilities or metric.name in {"roc_auc", "average_precision", "top_k_accuracy"}
    if paired.classes:
        both = [paired.candidate_probabilities, paired.production_probabilities]
        if needs and any(one is None for one in both[: 1 if paired.production is None else 2]):
            how = "a model gives them by predict_proba, a file in the columns of data.probabilities"
            return "no_probabilities", f"{metric.title} needs each class's probability, got classes only: {how}"
        return None
    return _improbable(paired, metric)


def _improbable(paired: Paired, metric: Metric) -> Fault | None:
    if not metric.probabilities:
        return None
    for model, scores in (("candidate", paired.candidate), ("production", paired.production)):
        keys = _outside(paired, scores)
        if keys:
            outside = f"{count(len(keys), f'{model} score')} outside [0, 1] (key {listed(keys, len(keys))})"
            asked = "a score has to be the probability of the positive class"
            return "not_probabilities", f"{metric.title} needs probabilities, and {outside}; {asked}"
    return None


def _outside(paired: Paired, scores: Floats | None) -> list[object]:
    if scores is None:
        return []
    # written as the condition for being a probability, so that NaN is none
    inside = (scores >= 0) & (scores <= 1)
    return [] if inside.all() else list(np.asarray(paired.keys)[~inside].tolist())


def _undefined(evidence: Evidence, rule: Rule) -> Fault | None:
    title = evidence.what.title
    metric = METRICS.get(rule.metric)
    why = metric.undefined if metric and not rule.between else "it has no value on these rows"
    looked_at: list[tuple[str, Estimate | None]] = [("candidate", evidence.candidate)]
    looked_at.append(("production", evidence.production if rule.test else None))
    for model, estimate in looked_at:
        if estimate and not math.isfinite(estimate.value):
            return "undefined", f"{model}'s {title} is undefined: {why}"
    if evidence.production and rule.relative_margin and not evidence.production.value:
        return "no_scale", f"production's {title} is 0, and a share of it is no margin; give margin instead"
    return None


def _unbounded(evidence: Evidence, rule: Rule) -> Fault | None:
    deciding = evidence.difference or evidence.candidate
    by_estimate = rule.test == "point" or (rule.test is None and rule.judge == "point")
    if deciding is None or deciding.bounded or by_estimate:
        return None
    return (
        "no_interval",
        f"{count(evidence.units, evidence.sampled)} give no interval for {evidence.what.title}; hold out more",
    )
