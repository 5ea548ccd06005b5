"""A training's metrics become curves of a bounded size, whatever was logged."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

from mlgate.adapters.registry.connection import Registry
from mlgate.adapters.registry.curves import read_curves
from mlgate.records.training import MOST_CURVES, MOST_STEPS


class Client:
    """Stands in for MLflow's client: a run whose metrics were logged at given steps."""

    def __init__(self, **metrics: list[tuple[int, float]]) -> None:
        """Remember what was logged, and what is asked for."""
        self.metrics, self.asked = metrics, list[str]()

    def get_run(self, _run_id: str) -> Any:
        """Answer with the last step of every metric, as MLflow does."""
        last = [SimpleNamespace(key=name, step=points[-1][0]) for name, points in self.metrics.items()]
        return SimpleNamespace(data=SimpleNamespace(to_proto=lambda: SimpleNamespace(metrics=last)))

    def get_metric_history(self, _run_id: str, name: str) -> list[Any]:
        """Answer with everything that was logged."""
        self.asked.append(name)
        return [
            SimpleNamespace(step=step, value=value, timestamp=at) for at, (step, value) in enumerate(self.metrics[name])
        ]


def curves_of(client: Any) -> Any:
    """Read the curves of the run."""
    return read_curves(Registry(client=client, uri="sqlite:///x"), "r1")


def test_only_what_has_steps_is_asked_for() -> None:
    """A metric without steps, of the machine, or of a million steps costs no request."""
    client = Client(**{"loss": [(0, 1.0), (1, 0.5)], "auc": [(0, 0.9)], "system/cpu": [(9, 1.0)], "x": [(10**6, 1.0)]})
    assert [(one.metric, one.points) for one in curves_of(client)] == [("loss", ((0, 1.0), (1, 0.5)))]
    assert client.asked == ["loss"]


def test_long_histories_keep_their_ends() -> None:
    """A thousand steps become a hundred, the first and the last among them."""
    (found,) = curves_of(Client(loss=[(step, 1 / (1 + step)) for step in range(1000)]))
    assert len(found.points) == MOST_STEPS
    assert (found.points[0][0], found.points[-1][0]) == (0, 999)


def test_no_more_than_some_metrics_are_read() -> None:
    """The first by name."""
    client = Client(**{f"m{number:02}": [(0, 1.0), (1, 2.0)] for number in range(30)})
    assert [one.metric for one in curves_of(client)] == [f"m{number:02}" for number in range(MOST_CURVES)]


def test_what_is_no_number_is_left_out() -> None:
    """NaN and infinity have no place in a picture; of a step that was logged twice the later value counts."""
    client = Client(loss=[(0, math.nan), (1, 3.0), (1, 2.0), (2, math.inf), (3, 1.0)])
    assert curves_of(client)[0].points == ((1, 2.0), (3, 1.0))
