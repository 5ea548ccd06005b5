"""What is shown of a column's shift, in which order and how finely, wherever it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.report.numbers import MISSING

if TYPE_CHECKING:
    from mlgate.records import ColumnShift


def headings() -> tuple[str, ...]:
    """List what the cells of `row` are."""
    return "column", "shift", "PSI", "by chance", "distance", "KS", "null before", "null now", "note"


def row(shift: ColumnShift) -> tuple[str, ...]:
    """Write one column's shift: PSI and its limit under no shift, Wasserstein's distance, Kolmogorov and Smirnov's."""
    return (
        shift.column,
        word(shift),
        _number(shift.psi if shift.limit is not None else None, 4),
        _number(shift.limit, 4),
        _number(shift.wasserstein, 2),
        _number(shift.kolmogorov_smirnov, 3),
        share(shift.nulls_before),
        share(shift.nulls_after),
        shift.note,
    )


def word(shift: ColumnShift) -> str:
    """Say how large a shift is in a word."""
    return shift.size or ("shifted" if shift.shifted else "no")


def share(value: float | None) -> str:
    """Write a share of the rows, and 0 as 0."""
    return MISSING if value is None else f"{value:.1%}" if value else "0"


def _number(value: float | None, places: int) -> str:
    return MISSING if value is None else f"{value:.{places}f}"
