"""What the report's pictures show of both models on the held-out rows: sums over rows, and never a row.

A comparison writes it beside its record and not into it: nothing is decided by a picture. Whoever reads it may have got
it from a fork, so that every length has an end, and every number is one that can be drawn.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mlgate.records.base import FORMAT
from mlgate.verdict import Value

MOST_POINTS = 200
MOST_BINS = 50
MOST_CLASSES = 13  # twelve and the rest
LARGEST = 1e150  # beyond it a picture's scale cannot be computed

Number = Annotated[float, Field(allow_inf_nan=False, ge=-LARGEST, le=LARGEST)]
Share = Annotated[float, Field(allow_inf_nan=False, ge=0, le=1)]
Counts = Annotated[tuple[Annotated[Number, Field(ge=0)], ...], Field(max_length=MOST_BINS)]
Name = Annotated[str, Field(max_length=80)]


class Curve(Value):
    """A line through points between 0 and 1, the first at the strictest threshold; `area` is below all its points."""

    points: Annotated[tuple[tuple[Share, Share], ...], Field(max_length=MOST_POINTS)]
    area: Share


class Group(Value):
    """Rows of similar predictions: their mean prediction, what was observed, and a range of it.

    Of probabilities `observed` is the share that came true, with Wilson's interval; of numbers the mean, with the
    quartiles. `n` counts rows.
    """

    predicted: Number
    observed: Number
    low: Number
    high: Number
    n: int


class ModelFigures(Value):
    """One model's part; what its task does not have, or could not be made, is empty.

    `bars` are shares of rows (or queries) in the bins of `Figures.edges`: of a binary task the negatives', then the
    positives', else one. `confusion` has a row a true class and a column a predicted one, in weights.
    """

    roc: Curve | None = None
    precision_recall: Curve | None = None
    calibration: Annotated[tuple[Group, ...], Field(max_length=MOST_BINS)] = ()
    bars: Annotated[tuple[Counts, ...], Field(max_length=2)] = ()
    confusion: Annotated[tuple[Counts, ...], Field(max_length=MOST_CLASSES)] = ()
    deciles: Annotated[tuple[Group, ...], Field(max_length=MOST_BINS)] = ()


class Figures(Value):
    """Both models' figures of one comparison.

    `counted` names what the bars count: `score`, `error` (prediction less label), or a ranking's metric; what lies
    beyond the outer edges is counted in the outer bins. `positives` is the share of a binary task's rows that are.
    """

    format: Literal[1] = FORMAT
    model: str
    task: Literal["binary", "multiclass", "regression", "ranking"]
    confidence_level: Share
    counted: Name = ""
    threshold: Number | None = None
    positives: Share | None = None
    edges: Annotated[tuple[Number, ...], Field(max_length=MOST_BINS + 1)] = ()
    classes: Annotated[tuple[Name, ...], Field(max_length=MOST_CLASSES)] = ()
    candidate: ModelFigures
    production: ModelFigures | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        """Hold bars against their edges, and matrices against their classes."""
        if any(high <= low for low, high in zip(self.edges, self.edges[1:], strict=False)):
            raise ValueError("edges must rise")
        for one in filter(None, (self.candidate, self.production)):
            if any(len(bars) != len(self.edges) - 1 for bars in one.bars):
                raise ValueError("there must be a bar between every two edges")
            if one.confusion and {len(one.confusion), *map(len, one.confusion)} != {len(self.classes)}:
                raise ValueError("a confusion matrix must have a row and a column for each class")
        return self
