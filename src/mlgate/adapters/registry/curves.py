"""How a training's metrics went, read from its MLflow run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from mlgate.adapters.registry.connection import answering
from mlgate.records import TrainingCurve
from mlgate.records.figures import LARGEST
from mlgate.records.training import MOST_CURVES, MOST_STEPS

if TYPE_CHECKING:
    from mlgate.adapters.registry.connection import Registry

LONGEST = 100_000  # steps of a metric whose history is read


def read_curves(registry: Registry, run_id: str) -> tuple[TrainingCurve, ...]:
    """Return the way of the metrics that were logged at several steps: at most MOST_CURVES, by name.

    What MLflow measures of the machine is left out, and what has so many steps that reading it would take minutes.
    """
    with answering("read the run's metrics", registry.uri):
        last = registry.client.get_run(run_id).data.to_proto().metrics
        named = sorted(one.key for one in last if 1 <= one.step <= LONGEST and not one.key.startswith("system/"))
        return tuple(_curve(registry, run_id, name) for name in named[:MOST_CURVES])


def _curve(registry: Registry, run_id: str, name: str) -> TrainingCurve:
    """Read one metric's history, the last value of each step, thinned evenly; the last step stays."""
    history = sorted(registry.client.get_metric_history(run_id, name), key=lambda one: (one.step, one.timestamp))
    steps = {one.step: one.value for one in history if math.isfinite(one.value) and abs(one.value) <= LARGEST}
    points = list(steps.items())
    if len(points) > MOST_STEPS:
        points = [points[round(at * (len(points) - 1) / (MOST_STEPS - 1))] for at in range(MOST_STEPS)]
    return TrainingCurve(metric=name, points=tuple(points))
