"""What a model rests on, measured in the user's Python by shuffling columns."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlgate.worker import importance

N = 3000
MEASURE: Any = importance.measure  # the worker is written without types


def frame(task: str) -> pd.DataFrame:
    """Draw rows whose label hangs on `x` much, on `y` a little, on `noise` not at all."""
    rng = np.random.default_rng(5)
    columns = {name: rng.normal(size=N) for name in ("x", "y", "noise")}
    pull = 2 * columns["x"] + 0.5 * columns["y"]
    labels: dict[str, Any] = {
        "binary": (rng.random(N) < 1 / (1 + np.exp(-pull))).astype(int),
        "regression": pull + rng.normal(size=N) * 0.1,
        "ranking": np.round(np.clip(pull, 0, 3)),
        "multiclass": np.where(pull > 1, "high", np.where(pull < -1, "low", "middle")),
    }
    return pd.DataFrame({**columns, "label": labels[task]})


def answers(task: str, *, scores: bool = False) -> Any:
    """Make a model that knows the truth; with `scores` its answers are no probabilities."""

    def answer(rows: pd.DataFrame) -> dict[str, Any]:
        pull = (2 * rows["x"] + 0.5 * rows["y"]).to_numpy()
        if task == "multiclass":
            names = np.where(pull > 1, "high", np.where(pull < -1, "low", "middle")).astype(object)
            return {"score": names}
        return {"score": pull if scores or task in {"regression", "ranking"} else 1 / (1 + np.exp(-pull))}

    return answer


CASES = {
    "binary": ("binary", False, "log loss"),
    "binary scores": ("binary", True, "misrankings"),
    "regression": ("regression", False, "squared error"),
    "ranking": ("ranking", False, "change of the score"),
    "multiclass": ("multiclass", False, "error rate"),
}


@pytest.mark.parametrize("case", CASES)
def test_columns_count_by_what_they_are_worth(case: str) -> None:
    """Much, a little and nothing, by the loss that fits the task."""
    task, scores, loss = CASES[case]
    asked = {"label": "label", "task": task}
    found = MEASURE(answers(task, scores=scores), frame(task), ["x", "y", "noise"], asked)
    assert found["loss"] == loss
    assert found["rows"] == importance.ROWS
    worth = found["columns"]
    assert worth["x"] > 3 * worth["y"] > 0
    assert worth["noise"] == pytest.approx(0, abs=1e-12)


def test_the_probabilities_of_several_classes_are_judged_by_log_loss() -> None:
    """And classes that are whole numbers are matched by name."""
    rng = np.random.default_rng(1)
    label = rng.integers(0, 3, N)
    rows = pd.DataFrame({"x": label + rng.normal(size=N) * 0.1, "label": label.astype(float)})

    def answer(given: pd.DataFrame) -> dict[str, Any]:
        near = np.exp(-((given["x"].to_numpy()[:, None] - np.arange(3)) ** 2) * 4)
        shares = near / near.sum(axis=1, keepdims=True)
        return {"score": shares.argmax(axis=1), **{f"probability:{k}": shares[:, k] for k in range(3)}}

    found = MEASURE(answer, rows, ["x"], {"label": "label", "task": "multiclass"})
    assert found["loss"] == "log loss"
    assert found["columns"]["x"] > 1 > found["base"]


def test_rows_without_a_label_are_left_out_and_too_few_are_refused() -> None:
    """Nothing can be learned of one row."""
    rows = frame("regression")
    rows.loc[1:, "label"] = np.nan
    with pytest.raises(ValueError, match="too few rows"):
        MEASURE(answers("regression"), rows, ["x"], {"label": "label", "task": "regression"})


def test_a_slow_model_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where not every column could be shuffled once; where each was, what is known is told."""
    monkeypatch.setattr(importance, "SECONDS", -1.0)
    asked = {"label": "label", "task": "binary"}
    with pytest.raises(ValueError, match="3 columns take longer"):
        MEASURE(answers("binary"), frame("binary"), ["x", "y", "noise"], asked)
    seconds = iter([0.0, *[0.0] * 3, *[99.0] * 9])
    monkeypatch.setattr(importance, "SECONDS", 30.0)
    monkeypatch.setattr(time, "monotonic", lambda: next(seconds))
    assert set(MEASURE(answers("binary"), frame("binary"), ["x", "y", "noise"], asked)["columns"]) == {
        "x",
        "y",
        "noise",
    }


def test_a_column_keeps_its_type() -> None:
    """Categories, missing whole numbers and times are what the model was trained on."""
    rows = frame("binary").assign(
        kind=lambda one: pd.Categorical(np.where(one["x"] > 0, "up", "down")),
        whole=lambda one: one["x"].round().astype("Int64").mask(one["y"] > 1),
        day=pd.Timestamp("2026-01-01"),
    )
    wanted = rows[["kind", "whole", "day"]].dtypes.to_dict()

    def answer(given: pd.DataFrame) -> dict[str, Any]:
        assert given.dtypes.to_dict() == wanted
        return {"score": np.where(given["kind"] == "up", 0.8, 0.2)}

    found = MEASURE(answer, rows, ["kind", "whole", "day"], {"label": "label", "task": "binary"})
    assert found["columns"]["kind"] > 0.1
    assert found["columns"]["day"] == 0
