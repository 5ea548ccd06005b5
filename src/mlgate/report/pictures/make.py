"""All pictures of one model's report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.report.pictures.bars import bars
from mlgate.report.pictures.curves import curves
from mlgate.report.pictures.groups import groups
from mlgate.report.pictures.training import training

if TYPE_CHECKING:
    from mlgate.report.pictures.canvas import Picture
    from mlgate.report.report import ModelReport


def of_predictions(model: ModelReport) -> list[Picture]:
    """Draw what both models predict on the held-out rows; nothing where matplotlib is missing."""
    figures = model.records.figures
    if figures is None or model.records.comparison is None:
        return []
    found = [*curves(figures), *groups(figures), *bars(figures)]
    return [picture for picture in found if picture.svg]


def of_training(model: ModelReport) -> list[Picture]:
    """Draw the training's curves."""
    found = training(model.records.training, model.records.production_training)
    return [picture for picture in found if picture.svg]
