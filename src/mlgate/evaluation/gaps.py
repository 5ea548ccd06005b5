"""Gaps between groups: how much better a metric is for one group of people than for another.

The gap is the largest value among the groups less the smallest, or the smallest over the largest, as Fairlearn's
MetricFrame has them (Bird et al. 2020, MSR-TR-2020-32). It is no smooth function of the groups' values, so that its
interval is read off draws from their joint normal law, whose standard errors are those of the contributions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.elsewhere import ends, of_draws
from mlgate.evaluation.estimate import Difference, Estimate
from mlgate.evaluation.metrics import METRICS
from mlgate.evaluation.parts import parts
from mlgate.evaluation.wording import count

if TYPE_CHECKING:
    from mlgate.config.rule import Rule
    from mlgate.evaluation.beside import Beside
    from mlgate.evaluation.evidence import Evidence
    from mlgate.evaluation.paired import Codes, Floats, Paired
    from mlgate.evaluation.parts import Part

    Column = tuple[int, Floats, Codes | None]

DRAWS = 10_000
FEWEST, MOST = 2, 100
METHOD = f"draws from the normal law of the groups' values, {DRAWS:,}"


def gather(paired: Paired, rule: Rule, beside: Beside, start: Evidence, seed: int) -> Evidence:
    """Measure the gap of both models, and by how much the candidate's is smaller (difference) or nearer 1 (ratio)."""
    if beside.columns is None:
        return replace(start, fault=("no_groups", "the groups' columns are not there"))
    groups = parts(beside.columns, rule.between)
    if not FEWEST <= len(groups) <= MOST:
        return replace(
            start, fault=("no_groups", f"{count(len(groups), 'group')}; a gap is between 2 to {MOST} groups")
        )
    values, draws, fault = _groups(paired, rule, groups, seed)
    if fault is not None:
        return replace(start, fault=fault)
    level = start.level
    gaps = [_gap(rule, values[:, model]) for model in range(values.shape[1])]
    gap_draws = [_gap(rule, draws[:, :, model]) for model in range(values.shape[1])]
    found = [_estimate(gap, drawn, level) for gap, drawn in zip(gaps, gap_draws, strict=True)]
    if len(found) == 1:
        return replace(start, candidate=found[0])
    difference = None
    if rule.test:
        same = bool((values[:, 0] == values[:, 1]).all()) and bool((draws[:, :, 0] == draws[:, :, 1]).all())
        moved = of_draws(float(gaps[0] - gaps[1]), gap_draws[0] - gap_draws[1], level, method=METHOD)
        difference = Difference.none(METHOD) if same else moved
        difference = difference if start.what.higher_is_better else difference.reversed()
    return replace(start, candidate=found[0], production=found[1], difference=difference)


def _groups(paired: Paired, rule: Rule, groups: list[Part], seed: int) -> tuple[Floats, Floats, tuple[str, str] | None]:
    """Return the groups' values (G, models), and draws from their law (r, G, models)."""
    metric = METRICS[rule.metric]
    keys = metric.keys(rule.model_dump())
    models = 1 if paired.production is None else 2
    values, columns = np.empty((len(groups), models)), []
    for number, group in enumerate(groups):
        rows = paired.only(group.rows)
        if rows.units < FEWEST:
            return (
                values,
                values,
                ("no_interval", f"the group {group.name} of {count(group.n, 'row')} gives no interval"),
            )
        for model, scores in enumerate([rows.ours, rows.theirs][:models]):
            if scores is None:
                continue
            terms, unit = metric.general.contributions(scores, **keys)
            if not np.isfinite(terms.value):
                why = f"{metric.title} is undefined in the group {group.name} of {count(group.n, 'row')}"
                return values, values, ("undefined", f"{why}: {metric.undefined}")
            values[number, model] = terms.value
            columns.append((number, terms.rows, unit))
    law = _covariance(columns, models)
    generator = np.random.default_rng(seed % 2**64)
    normal = generator.multivariate_normal(values.ravel(), law, size=DRAWS, method="eigh")
    return values, normal.reshape(DRAWS, len(groups), models), None


def _covariance(columns: list[Column], models: int) -> Floats:
    """Return the covariance of the groups' values: of independent groups in blocks, else by what clusters share."""
    law: Floats = np.zeros((len(columns), len(columns)))
    units = [unit for _, _, unit in columns if unit is not None]
    if units:
        most = max(int(unit.max()) for unit in units) + 1
        sums = np.stack(
            [np.bincount(unit, weights=column[1], minlength=most) for column, unit in zip(columns, units, strict=True)]
        )
        present = int(np.count_nonzero(sums.any(axis=0)))
        shared: Floats = np.asarray(sums @ sums.T * (present / max(present - 1, 1)), dtype=np.float64)
        return shared
    for one, (group, rows, _) in enumerate(columns):
        for other in range(one, min(one + models, len(columns))):
            if columns[other][0] == group:
                law[one, other] = law[other, one] = float(np.dot(rows, columns[other][1])) * len(rows) / (len(rows) - 1)
    return law


def _gap(rule: Rule, values: Floats) -> Floats:
    """Return the gap over the last axis."""
    least, most = values.min(axis=-1), values.max(axis=-1)
    if rule.gap == "ratio":
        ratio: Floats = np.where(most > 0, least / np.where(most > 0, most, 1.0), np.nan)
        return ratio
    difference: Floats = most - least
    return difference


def _estimate(gap: Floats, draws: Floats, level: float) -> Estimate:
    low, high = ends(draws, level)
    # the gap of draws is larger than the gap by what chance adds; the interval holds what was seen all the same
    return Estimate(value=float(gap), low=min(low, float(gap)), high=max(high, float(gap)))
