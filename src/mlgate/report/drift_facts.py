"""What is shown of a column's shift, in which order and how finely, wherever it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.report.numbers import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlgate.records import ColumnShift
    from mlgate.verdict import Finding


def headings(*, importance: bool = False) -> tuple[str, ...]:
    """List what the cells of `row` are."""
    more = ("importance",) if importance else ()
    return "column", "shift", *more, "PSI", "by chance", "distance", "KS", "null before", "null now", "note"


def row(shift: ColumnShift, *, importance: bool = False) -> tuple[str, ...]:
    """Write one column's shift: PSI and its limit under no shift, Wasserstein's distance, Kolmogorov and Smirnov's."""
    return (
        shift.column,
        word(shift),
        *((weight(shift),) if importance else ()),
        _number(shift.psi, 4),
        _number(shift.limit, 4),
        _number(shift.wasserstein, 2),
        _number(shift.kolmogorov_smirnov, 3),
        share(shift.nulls_before),
        share(shift.nulls_after),
        shift.note,
    )


def weight(shift: ColumnShift) -> str:
    """Write the column's share of what production's predictions rest on."""
    return MISSING if shift.importance is None else f"{shift.importance:.0%}"


def psi(shift: ColumnShift) -> str:
    """Write PSI and the limit that it stays below by chance: `0.231 [0.004]`; a dash where nothing was measured."""
    return MISSING if shift.psi is None or shift.limit is None else f"{shift.psi:.3f} [{shift.limit:.3f}]"


def felt(findings: Iterable[Finding]) -> str:
    """Return the sentence on how much of the model the columns that moved carry, where one was found."""
    return next((finding.sentence for finding in findings if finding.reason == "weighted"), "")


def has_importance(shifts: Iterable[ColumnShift]) -> bool:
    """Whether importance is known of any column."""
    return any(shift.importance is not None for shift in shifts)


def has_ranges(shifts: Iterable[ColumnShift]) -> bool:
    """Whether categories of any column stand together in ranges of the alphabet."""
    return any(bar.label.startswith("others to ") for shift in shifts for bar in shift.bars)


def word(shift: ColumnShift) -> str:
    """Say how large a shift is in a word."""
    return shift.size or ("shifted" if shift.shifted else "no")


def share(value: float | None) -> str:
    """Write a share of the rows, and 0 as 0."""
    return MISSING if value is None else f"{value:.1%}" if value else "0"


def _number(value: float | None, places: int) -> str:
    return MISSING if value is None else f"{value:.{places}f}"
