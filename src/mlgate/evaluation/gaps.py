"""Gaps between groups: how much better a metric is for one group of people than for another.

The gap is the largest value among the groups less the smallest, or the smallest over the largest, as Fairlearn's
MetricFrame has them (Bird et al. 2020, MSR-TR-2020-32). It is no smooth function of the groups' values, so that its
interval is read off draws from their joint normal law, whose standard errors are those of the contributions.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mlgate.evaluation.elsewhere import ends
from mlgate.evaluation.estimate import Difference, Estimate, quantile
from mlgate.evaluation.metrics import METRICS, same_answers
from mlgate.evaluation.parts import parts
from mlgate.evaluation.wording import count

if TYPE_CHECKING:
    from mlgate.config.rule import Rule
    from mlgate.evaluation.beside import Beside
    from mlgate.evaluation.evidence import Evidence
    from mlgate.evaluation.paired import Codes, Floats, Paired
    from mlgate.evaluation.parts import Part

    Column = tuple[int, Floats, Codes | None, int]

DRAWS = 10_000
MADE_UP = 1_000_000  # more than a group has made-up rows
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
        same = paired.theirs is not None and same_answers(paired.ours, paired.theirs)
        moved = _moved(rule, float(gaps[0] - gaps[1]), values, draws, level)
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
            if model:
                terms = replace(terms, rows=_turned(terms.rows, scores.n))
            if not np.isfinite(terms.value):
                why = f"{metric.title} is undefined in the group {group.name} of {count(group.n, 'row')}"
                return values, values, ("undefined", f"{why}: {metric.undefined}")
            values[number, model] = terms.value
            columns.append((number, terms.rows, _apart(unit, scores.n, number), rows.units))
    law = _covariance(columns, models)
    generator = np.random.default_rng(seed % 2**64)
    normal = generator.multivariate_normal(values.ravel(), law, size=DRAWS, method="eigh")
    return values, normal.reshape(DRAWS, len(groups), models), None


def _turned(rows: Floats, n: int) -> Floats:
    """Swap the two halves of what made-up rows contribute, so that one model is wrong where the other is right.

    The same made-up rows on both sides would cancel in the difference, which they are to keep from having no width.
    """
    half = (len(rows) - n) // 2
    return np.concatenate([rows[:n], rows[n + half :], rows[n : n + half]])


def _apart(unit: Codes | None, n: int, group: int) -> Codes | None:
    """Give a group's made-up rows units that no other group has: negative ones."""
    if unit is None:
        return None
    made_up = np.arange(len(unit) - n, dtype=np.intp)
    return np.concatenate([unit[:n], -1 - (MADE_UP * group + made_up)])


def _covariance(columns: list[Column], models: int) -> Floats:
    """Return the covariance of the groups' values: of independent groups in blocks, else by what clusters share."""
    law: Floats = np.zeros((len(columns), len(columns)))
    scaled = [rows * np.sqrt(units / max(units - 1, 1)) for _, rows, _, units in columns]
    if columns[0][2] is not None:
        every = [unit for _, _, unit, _ in columns if unit is not None]
        _, codes = np.unique(np.concatenate(every), return_inverse=True)
        parted = np.split(codes.reshape(-1), np.cumsum([len(unit) for unit in every])[:-1])
        most = int(codes.max()) + 1
        sums = np.stack(
            [np.bincount(at, weights=rows, minlength=most) for at, rows in zip(parted, scaled, strict=True)]
        )
        shared: Floats = np.asarray(sums @ sums.T, dtype=np.float64)
        return shared
    for one, (group, _, _, _) in enumerate(columns):
        for other in range(one, min(one + models, len(columns))):
            if columns[other][0] == group:
                law[one, other] = law[other, one] = float(np.dot(scaled[one], scaled[other]))
    return law


def _gap(rule: Rule, values: Floats) -> Floats:
    """Return the gap over the last axis."""
    least, most = values.min(axis=-1), values.max(axis=-1)
    if rule.gap == "ratio":
        ratio: Floats = np.where(most > 0, least / np.where(most > 0, most, 1.0), np.nan)
        return ratio
    difference: Floats = most - least
    return difference


def _moved(rule: Rule, value: float, values: Floats, draws: Floats, level: float) -> Difference:
    """Return the change of a gap, from the groups' values (G, 2) and draws (r, G, 2).

    The gap of noisy values is larger than the true one, by nothing where the groups are far apart and most where they
    are alike. How much is not known, so the interval reaches as far as may be, on either model's side.
    """
    changes = _gap(rule, draws[:, :, 0]) - _gap(rule, draws[:, :, 1])
    se = float(np.nanstd(changes)) if np.isfinite(changes).all() else math.nan
    most = [_most_bias(rule, values[:, model], draws[:, :, model] - values[:, model], level) for model in range(2)]
    below, above = most if rule.gap == "difference" else reversed(most)
    reach = quantile(level) * se
    return Difference(
        value=value, low=value - reach - below, high=value + reach + above, p_value=math.nan, se=se, method=METHOD
    )


def _most_bias(rule: Rule, values: Floats, noise: Floats, level: float) -> float:
    """Return by how much noise (r, G) may have moved the gap of groups (G,): that where they are as alike as can be.

    As alike as the level leaves open, that is: the groups are drawn together until their gap is at its lower end.
    """
    gap = float(values.max() - values.min())
    reach = quantile(level) * float(np.nanstd((values + noise).max(axis=-1) - (values + noise).min(axis=-1)))
    left = max(1 - reach / gap, 0.0) if gap > 0 else 0.0
    alike = values.mean() + left * (values - values.mean())
    return abs(float(np.nanmean(_gap(rule, alike + noise)) - _gap(rule, alike)))


def _estimate(gap: Floats, draws: Floats, level: float) -> Estimate:
    low, high = ends(draws, level)
    # the gap of draws is larger than the gap by what chance adds; the interval holds what was seen all the same
    return Estimate(value=float(gap), low=min(low, float(gap)), high=max(high, float(gap)))
