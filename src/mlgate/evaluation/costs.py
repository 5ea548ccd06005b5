"""Rules about what a model costs: how long its predictions take, how large it is, how long it was trained."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation import linear, quantiles
from mlgate.evaluation.estimate import Difference, Estimate

if TYPE_CHECKING:
    from mlgate.config.rule import Rule
    from mlgate.evaluation.beside import Beside, Costs
    from mlgate.evaluation.evidence import Evidence
    from mlgate.evaluation.linear import Terms
    from mlgate.evaluation.paired import Floats, Paired

METHOD = "paired interval of the quantiles of the same rows' latencies"
EXACT = "measured once, without error"
SHARES = {"latency_p50": 0.5, "latency_p95": 0.95}


def gather(_paired: Paired, rule: Rule, beside: Beside, start: Evidence, _seed: int) -> Evidence:
    """Measure a cost of both models; a difference is oriented: positive where the candidate costs less."""
    if beside.candidate is None:
        return replace(start, fault=("no_costs", f"{start.what.title} was not measured: there are predictions only"))
    if rule.metric in SHARES:
        return _latency(rule, beside.candidate, beside.production, start)
    ours, theirs = (_fact(rule, costs) for costs in (beside.candidate, beside.production))
    if ours is None:
        return replace(start, fault=("no_costs", f"the candidate's {start.what.title} is not known"))
    if theirs is None and rule.test and not start.waits:
        return replace(start, fault=("no_costs", f"production's {start.what.title} was not recorded"))
    found = None if theirs is None else theirs - ours
    return replace(
        start,
        n=1,
        units=1,
        sampled="row",
        candidate=_sure(ours),
        production=None if theirs is None else _sure(theirs),
        difference=_sure_difference(found) if found is not None and rule.test else None,
    )


def _latency(rule: Rule, ours: Costs, theirs: Costs | None, start: Evidence) -> Evidence:
    if ours.latencies is None or (theirs is not None and theirs.latencies is None):
        return replace(start, fault=("no_costs", f"{start.what.title} was not measured"))
    size = len(ours.latencies)
    start = replace(start, n=size, units=size, sampled="row")
    mine, level = _quantile(ours.latencies, rule), start.level
    candidate = _estimate(mine, level)
    if theirs is None or theirs.latencies is None:
        return replace(start, candidate=candidate)
    other = _quantile(theirs.latencies, rule)
    difference = linear.compare(mine, other, None, level, method=METHOD).reversed() if rule.test else None
    return replace(start, candidate=candidate, production=_estimate(other, level), difference=difference)


def _quantile(seconds: Floats, rule: Rule) -> Terms:
    return quantiles.quantile(seconds * 1e3, np.ones(len(seconds)), share=SHARES[rule.metric])


def _estimate(terms: Terms, level: float) -> Estimate:
    reach = linear.spread(terms.rows, None).reach(level)
    return Estimate(value=terms.value, low=max(terms.value - reach, 0.0), high=terms.value + reach)


def _fact(rule: Rule, costs: Costs | None) -> float | None:
    if costs is None:
        return None
    if rule.metric == "model_size":
        return None if costs.bytes is None else costs.bytes / 1e6
    return costs.seconds


def _sure(value: float) -> Estimate:
    return Estimate(value=value, low=value, high=value)


def _sure_difference(value: float) -> Difference:
    if value == 0:
        return Difference.none(EXACT)
    return Difference(value=value, low=value, high=value, p_value=math.nan, se=0.0, method=EXACT)
