"""What shifts mean for the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.verdict import Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlgate.config.data import Shift
    from mlgate.records import ColumnShift


def shift_findings(shifts: Iterable[ColumnShift], settings: Shift, *, since: str) -> tuple[Finding, ...]:
    """Make one finding for each column that moved `since` something; it judges where the settings say so."""
    judged = settings.severity == "error"
    return tuple(_moved(shift, settings, since, judged=judged) for shift in shifts if shift.shifted)


def _moved(shift: ColumnShift, settings: Shift, since: str, *, judged: bool) -> Finding:
    size = f"{shift.size} shift, " if shift.size else ""
    measured = "" if shift.debiased is None else f"{size}debiased PSI {shift.debiased:.3f}, floor {settings.floor:g}"
    told = "; ".join(filter(None, (measured, shift.note)))
    return Finding(
        rule=f"shift of {shift.column}",
        outcome=Outcome.FAIL,
        reason="shifted",
        sentence=f"{shift.column} moved from {since}: {told}",
        judged=judged,
    )
