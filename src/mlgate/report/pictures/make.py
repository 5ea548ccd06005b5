"""All pictures of one model's report."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mlgate.report.pictures.bars import bars
from mlgate.report.pictures.canvas import Picture, undrawn
from mlgate.report.pictures.curves import curves
from mlgate.report.pictures.groups import groups
from mlgate.report.pictures.history import history
from mlgate.report.pictures.training import training
from mlgate.report.trend import trend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mlgate.report.report import ModelReport


def of_predictions(model: ModelReport) -> list[Picture]:
    """Draw what both models predict on the held-out rows; nothing where matplotlib is missing."""
    figures = model.records.figures
    if figures is None or model.records.comparison is None:
        return []
    kinds = (("Curves", curves), ("Groups", groups), ("Scores", bars))
    return [picture for title, kind in kinds for picture in _drawn(title, partial(kind, figures))]


def of_training(model: ModelReport) -> list[Picture]:
    """Draw the training's curves."""
    return _drawn("Training", partial(training, model.records.training, model.records.production_training))


def of_history(model: ModelReport) -> list[Picture]:
    """Draw how a metric went over the versions that were production."""
    return _drawn("Earlier versions", partial(history, trend(model)))


def _drawn(title: str, pictures: Callable[[], Iterable[Picture]]) -> list[Picture]:
    """Keep what could be drawn, and say what could not: whatever a record holds, the page is written."""
    found: list[Picture] = []
    try:
        found.extend(pictures())
    except Exception as error:  # noqa: BLE001 (as above)
        found.append(Picture(title=title, svg=undrawn(error)))
    return [picture for picture in found if picture.svg]
