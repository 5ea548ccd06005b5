"""How far each column moved from a reference profile, and whether that is more than chance and more than a trifle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from mlgate.data.drift.psi import stability
from mlgate.data.files.read import collect
from mlgate.data.profile.bins import count_bins, kind_of
from mlgate.records import ColumnShift

if TYPE_CHECKING:
    from mlgate.config.model import Shift
    from mlgate.data.profile.bins import Counts
    from mlgate.data.profile.profile import ColumnProfile, Profile

FALSE_ALARMS = 0.05  # chance of at least one alarm, over all columns, when nothing moved


def shifts(reference: Profile, frame: pl.LazyFrame, settings: Shift) -> tuple[ColumnShift, ...]:
    """Measure the shift of every column, the most shifted first.

    A column counts as shifted when its PSI exceeds what chance explains (the 95 % quantile under no shift, with
    Bonferroni's correction for the number of columns) and its debiased PSI exceeds `settings.floor`; or when the
    reference has it and the data lacks it or holds another kind of values. One pass over the data.
    Raises DataError where the file's bytes turn out to be damaged.
    """
    types = {name: dtype for name, dtype in frame.collect_schema().items() if name not in settings.ignore}
    known = {name: column for name, column in reference.columns.items() if name not in settings.ignore}
    found = [_unmeasured(name, "new: not in the reference", shifted=False) for name in types if name not in known]
    found += [_unmeasured(name, "missing: the reference has it", shifted=True) for name in known if name not in types]
    comparable = {}
    empty = _empty(frame, [name for name in known if name in types and kind_of(types[name]) != known[name].kind])
    for name in (name for name in known if name in types):
        column = known[name]
        if kind_of(types[name]) == column.kind:
            comparable[name] = column
        elif name in empty or column.nulls == reference.rows:
            comparable[name] = _only_nulls(column)
        else:
            note = f"type changed from {column.dtype.lower()} to {str(types[name]).lower()}"
            found.append(_unmeasured(name, note, shifted=True))
    counted = count_bins(frame, comparable)
    level = 1 - FALSE_ALARMS / max(len(comparable), 1)
    found += [_measured(name, comparable[name], counts, level, settings.floor) for name, counts in counted.items()]
    return tuple(sorted(found, key=_order))


def _empty(frame: pl.LazyFrame, names: list[str]) -> set[str]:
    """Return the columns without any value: their type (CSV's is a guess) says nothing."""
    if not names:
        return set()
    full = collect(frame.select((pl.col(name).null_count() < pl.len()).alias(name) for name in names), "the data")
    return {name for name, holds_values in full.row(0, named=True).items() if not holds_values}


def _only_nulls(column: ColumnProfile) -> ColumnProfile:
    """Compare a column by its nulls alone."""
    values = sum(column.counts) + column.nans + column.infinite
    return column.model_copy(
        update={"kind": "other", "edges": (), "categories": (), "counts": (values,), "nans": 0, "infinite": 0}
    )


def _measured(name: str, reference: ColumnProfile, current: Counts, level: float, floor: float) -> ColumnShift:
    before, after = reference.bins, current.bins
    if not sum(before) or not sum(after):
        side = "the reference has" if not sum(before) else "there are"
        return _unmeasured(name, f"{side} no rows", shifted=False)
    measured = stability(before, after, level=level)
    debiased = max(measured.psi - measured.noise, 0.0)
    return ColumnShift(
        column=name,
        psi=measured.psi,
        noise=measured.noise,
        debiased=debiased,
        shifted=measured.psi > measured.limit and debiased > floor,
        note=_note(reference, current),
    )


def _note(reference: ColumnProfile, current: Counts) -> str:
    before, after = reference.nulls / sum(reference.bins), current.nulls / sum(current.bins)
    if before == after == 1:
        return "all null, then and now"
    if after == 1:
        return f"all null; the reference had {before:.1%} null"
    if before == 1:
        return "no longer all null"
    if abs(after - before) >= 0.01:
        return f"null {after:.1%}, was {before:.1%}"
    if reference.kind == "other":
        return "values of this type are not compared, only nulls"
    occupied = sum(count > 0 for count in reference.bins)
    return "constant in the reference" if occupied == 1 and reference.kind != "category" else ""


def _unmeasured(name: str, note: str, *, shifted: bool) -> ColumnShift:
    return ColumnShift(column=name, psi=0.0, noise=0.0, debiased=0.0, shifted=shifted, note=note)


def _order(shift: ColumnShift) -> tuple[bool, bool, float, str]:
    unmeasured = shift.psi == 0.0 and shift.noise == 0.0
    return (not shift.shifted, not unmeasured if shift.shifted else False, -shift.debiased, shift.column)
