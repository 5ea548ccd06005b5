"""Confusion matrices as tables of numbers, each cell with its share of the true class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlgate.records import Figures
    from mlgate.report.report import ModelReport

STEPS = 5  # shades of a cell


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How many rows: `share` of those of the true class, and which of the STEPS shades that is."""

    count: str
    share: str
    shade: int
    right: bool


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """One model's matrix: a true class and its cells, by predicted class."""

    whose: str
    classes: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


def matrices(model: ModelReport) -> tuple[Matrix, ...]:
    """List the candidate's matrix and production's, where there are any."""
    figures = model.records.figures
    if figures is None or model.records.comparison is None:
        return ()
    named = (("candidate", figures.candidate), ("production", figures.production))
    return tuple(_matrix(whose, figures, one.confusion) for whose, one in named if one and one.confusion)


def _matrix(whose: str, figures: Figures, counts: tuple[tuple[float, ...], ...]) -> Matrix:
    rows = (
        (name, tuple(_cell(count, sum(row), right=at == place) for at, count in enumerate(row)))
        for place, (name, row) in enumerate(zip(figures.classes, counts, strict=True))
    )
    return Matrix(whose=whose, classes=figures.classes, rows=tuple(rows))


def _cell(count: float, of: float, *, right: bool) -> Cell:
    share = count / of if of else 0.0
    whole = count == int(count)
    return Cell(
        count=f"{count:,.0f}" if whole or count >= 100 else f"{count:.3g}",
        share=f"{share:.1%}" if of else "",
        shade=min(int(share * STEPS + 0.999), STEPS),
        right=right,
    )
