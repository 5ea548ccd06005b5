"""How far each column moved from a reference profile, and whether that is more than chance and more than a trifle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from mlgate.data.drift import measures
from mlgate.data.drift.bars import bars
from mlgate.data.drift.psi import stability
from mlgate.data.drift.words import change, turned
from mlgate.data.profile.counts import count
from mlgate.data.profile.kinds import fits
from mlgate.data.profile.profile import ORDERED, ColumnProfile
from mlgate.records import ColumnShift

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from mlgate.config.data import Shift
    from mlgate.data.profile.profile import Profile

FALSE_ALARMS = 0.03  # chance of at least one alarm, over all columns, when nothing moved
MODERATE, MAJOR = 0.1, 0.25  # debiased PSI; the customary limits of credit scoring (Siddiqi 2006)


def measure(reference: Profile, frame: pl.LazyFrame, settings: Shift, *, tries: int = 1) -> tuple[ColumnShift, ...]:
    """Measure the shift of every column of `frame`, the most shifted first; reads all rows once.

    `tries` is as in `compare`.

    Raises DataError where the file's bytes turn out to be damaged.
    """
    types = frame.collect_schema()
    asked: dict[str, ColumnProfile] = {}
    for name, dtype in types.items():
        known = reference.columns.get(name)
        unknown = ColumnProfile(kind="other", dtype=str(dtype))
        if name not in settings.ignore:
            asked[name] = known if known is not None and fits(known.kind, dtype) else unknown
    counted = count(frame, asked)
    types_as = {name: column.model_copy(update={"dtype": str(types[name])}) for name, column in counted.items()}
    return compare(reference.columns, types_as, settings, tries=tries)


def compare(
    reference: Mapping[str, ColumnProfile], current: Mapping[str, ColumnProfile], settings: Shift, *, tries: int = 1
) -> tuple[ColumnShift, ...]:
    """Compare columns that were counted in the same bins, the most shifted first.

    A column counts as shifted when its PSI exceeds what chance explains (the 97 % quantile under no shift, with
    Bonferroni's correction for the number of columns), Pearson's chi-squared agrees at the same level (it is the same
    test where there are many rows, and the more careful one where there are few), and its debiased PSI exceeds
    `settings.floor`; or when the reference has it and the data lacks it or holds another kind of values. `tries` is how
    often the same is asked, as of each window of later rows; the correction is for these too.
    """
    before = {name: column for name, column in reference.items() if name not in settings.ignore}
    after = {name: column for name, column in current.items() if name not in settings.ignore}
    found = [_unmeasured(name, "new: not in the reference", shifted=False) for name in after if name not in before]
    found += [
        _unmeasured(name, "missing now: the reference has it", shifted=True) for name in before if name not in after
    ]
    pairs = {name: _comparable(before[name], after[name]) for name in before if name in after}
    level = 1 - FALSE_ALARMS / (tries * max(sum(pair is not None for pair in pairs.values()), 1))
    for name, pair in pairs.items():
        if pair is not None:
            found.append(_measured(name, *pair, level, settings.floor))
        else:
            found.append(_unmeasured(name, turned(before[name].dtype, after[name].dtype), shifted=True))
    return tuple(sorted(found, key=_order))


def _comparable(before: ColumnProfile, after: ColumnProfile) -> tuple[ColumnProfile, ColumnProfile] | None:
    """Return the two, by their nulls alone where one has no values: then its type (CSV's is a guess) says nothing."""
    if before.shape == after.shape:
        return before, after
    if before.nulls == before.rows or after.nulls == after.rows:
        return _only_nulls(before), _only_nulls(after)
    return None


def _only_nulls(column: ColumnProfile) -> ColumnProfile:
    return ColumnProfile(kind="other", dtype=column.dtype, nulls=column.nulls, counts=(column.rows - column.nulls,))


def _measured(name: str, before: ColumnProfile, after: ColumnProfile, level: float, floor: float) -> ColumnShift:
    if not before.rows or not after.rows:
        side = "the reference has" if not before.rows else "there are"
        return _unmeasured(name, f"{side} no rows", shifted=False)
    found = stability(before.bins, after.bins, level=level)
    effect, chance = measures.chi_squared(before.bins, after.bins)
    shifted = found.psi > found.limit and chance < 1 - level and found.debiased > floor
    valued = sum(before.counts) and sum(after.counts)
    ordered = before.kind in ORDERED and valued
    apart, by_chance = measures.kolmogorov_smirnov(before.counts, after.counts) if ordered else (None, None)
    return ColumnShift(
        column=name,
        kind=before.kind,
        psi=found.psi,
        noise=found.noise,
        limit=found.limit,
        debiased=found.debiased,
        shifted=shifted,
        size=_size(found.debiased) if shifted else None,
        jensen_shannon=measures.jensen_shannon(before.bins, after.bins),
        cramers_v=effect,
        chi_squared_p=chance,
        kolmogorov_smirnov=apart,
        kolmogorov_smirnov_p=by_chance,
        wasserstein=measures.wasserstein(before.counts, after.counts, before.edges) if ordered else None,
        nulls_before=before.nulls / before.rows,
        nulls_after=after.nulls / after.rows,
        rest_before=before.others / before.rows if before.kind == "category" else None,
        rest_after=after.others / after.rows if before.kind == "category" else None,
        bars=bars(before, after),
        note=change(before, after, shifted=shifted),
    )


def _size(debiased: float) -> Literal["minor", "moderate", "major"]:
    return "major" if debiased >= MAJOR else "moderate" if debiased >= MODERATE else "minor"


def _unmeasured(name: str, why: str, *, shifted: bool) -> ColumnShift:
    return ColumnShift(column=name, shifted=shifted, note=why)


def _order(shift: ColumnShift) -> tuple[bool, bool, float, str]:
    """Put what shifted first, and of that what could not be measured."""
    return (not shift.shifted, shift.shifted and shift.debiased is not None, -(shift.debiased or 0.0), shift.column)
