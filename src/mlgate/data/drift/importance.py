"""Shift weighted by what the model rests on: a column that it does not look at may move as it likes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.records import WeightedShift
from mlgate.verdict import Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlgate.records import ColumnShift, Importance


def with_importance(shifts: Sequence[ColumnShift], importance: Importance | None) -> tuple[ColumnShift, ...]:
    """Write on each column its share of the model's importance; columns that are no features have none."""
    shares = importance.shares if importance is not None else {}
    return tuple(shift.model_copy(update={"importance": shares.get(shift.column)}) for shift in shifts)


def weighted(shifts: Sequence[ColumnShift]) -> WeightedShift | None:
    """Add up the columns' shifts by their importance; None where no importance is known."""
    known = [(shift, shift.importance) for shift in shifts if shift.importance is not None]
    total = sum(share for _, share in known)
    if not total > 0:
        return None
    # a column that is gone, or of another type, has moved, and has no PSI
    measured = [(shift.debiased, share) for shift, share in known if shift.debiased is not None]
    weight = sum(share for _, share in measured)
    return WeightedShift(
        psi=sum(share * psi for psi, share in measured) / weight if weight > 0 else None,
        plain=sum(psi for psi, _ in measured) / len(measured) if measured else None,
        moved=sum(share for shift, share in known if shift.shifted) / total,
        columns=len(known),
        unmeasured=len(known) - len(measured),
    )


def importance_findings(shifts: Sequence[ColumnShift], *, whose: str = "production's") -> tuple[Finding, ...]:
    """Tell how much the shifted columns carry of `whose` model; nothing where none shifted or none is known."""
    found = weighted(shifts)
    if found is None or not any(shift.shifted for shift in shifts):
        return ()
    return (_finding(found, whose),)


def _finding(found: WeightedShift, whose: str) -> Finding:
    sentence = f"{whose} predictions rest on none of the columns that moved"
    if found.moved:
        sentence = (
            f"the columns that moved carry {found.moved:.0%} of what {whose} predictions rest on; {_means(found)}"
        )
    smaller = found.psi is not None and found.plain is not None and found.psi <= found.plain
    return Finding(
        rule="shift by importance",
        outcome=Outcome.PASS if smaller and not found.unmeasured else Outcome.INCONCLUSIVE,
        reason="weighted",
        sentence=sentence,
        judged=False,
    )


def _means(found: WeightedShift) -> str:
    """Say the mean PSI of the columns that have one, and how many have none."""
    left = f"{found.unmeasured} of {found.columns} columns could not be compared" if found.unmeasured else ""
    if found.plain is None:
        return f"{left}, so that there is no mean PSI"
    weighed = f"{found.psi:.3f} where each column counts by that, and " if found.psi is not None else ""
    means = f"the mean PSI is {weighed}{found.plain:.3f} where all count the same"
    return f"{means}; {left} and {'counts' if found.unmeasured == 1 else 'count'} in neither" if left else means
