"""Hints find what is there, and seldom what is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from mlgate.config.data import RowColumns
from mlgate.evaluation.beside import Beside
from mlgate.evaluation.hints import hints
from mlgate.evaluation.paired import Paired
from mlgate.records import Hint
from tests.unit.evaluation.draws import clustered, draw

DATA = RowColumns(key="id", label="y")


def search(paired: Paired, **columns: Any) -> tuple[Hint, ...]:
    """Search columns laid beside the rows."""
    frame = pl.DataFrame({"id": paired.keys, "y": paired.label, **columns})
    return hints(paired, Beside(columns=frame), DATA, level=0.95)


def test_a_slice_that_got_worse_is_found() -> None:
    """By the value of a text, and by a quarter of a number; the change is that of the error rate there."""
    rng = np.random.default_rng(1)
    rows = draw("binary", rng, n=4000)
    place, age = rng.choice(["a", "b", "c"], 4000), rng.integers(18, 90, 4000)
    assert rows.production is not None
    spoiled = np.where((place == "b") & (age > 72), 1 - rows.production, rows.production)
    found = search(replace(rows, candidate=spoiled), place=place, age=age, noise=rng.normal(size=4000))
    assert [hint.name for hint in found][:2] == ["age from 72", "place=b"]
    there = place == "b"
    change = np.mean((spoiled >= 0.5) != rows.label, where=there) - np.mean(rows.theirs.right == 0, where=there)  # type: ignore[union-attr]
    assert found[1].gain == pytest.approx(-change)
    assert found[0].searched == 6, "parts on which the models do not differ are not among them"


def test_nearly_all_rows_are_no_slice() -> None:
    """Where the candidate is worse everywhere but on nine rows, the rows to look at are those that are worst."""
    rng = np.random.default_rng(5)
    rows = draw("binary", rng, n=10_000)
    assert rows.production is not None
    sight = rng.permutation(np.r_[np.full(6_000, 10.0), np.full(3_600, 9.0), np.full(400, 2.0)])
    rain = np.r_[np.full(9, -1.0), np.zeros(9_991)]
    worse = rng.random(10_000) < np.select([sight == 9, sight == 2], [0.15, 0.3], 0.02) * (rain == 0)
    found = search(
        replace(rows, candidate=np.where(worse, 1 - rows.production, rows.production)), rain=rain, sight=sight
    )
    assert [hint.name for hint in found] == ["sight=9.0", "sight=2.0"], "most rows lose it in sum"
    assert found[0].searched == 3


def test_equal_models_seldom_give_a_hint() -> None:
    """Of 60 searches among columns that mean nothing, a few find something (expected at most 3)."""
    rng = np.random.default_rng(2)
    columns = {f"c{number}": rng.choice(4, 1000) for number in range(6)}
    assert sum(bool(search(draw("binary", rng, n=1000), **columns)) for _ in range(60)) <= 6


def test_regression_looks_at_squared_errors() -> None:
    """And so do rows that come in clusters, which are counted once."""
    rng = np.random.default_rng(3)
    rows = clustered("regression", rng, clusters=300, size=4)
    assert rows.production is not None
    half = np.arange(rows.n) % 8 < 4
    worse = replace(rows, candidate=np.where(half, rows.production + 3, rows.production))
    (hint,) = search(worse, side=np.where(half, "left", "right"))
    assert (hint.name, hint.loss, hint.n) == ("side=left", "mean squared error", 600)


def test_what_cannot_be_cut_is_left_out() -> None:
    """Keys, constants, lists, dates without end and columns full of NaN are no slices, and no trouble."""
    rows = draw("binary", np.random.default_rng(4), n=200)
    columns = {
        "constant": "x",
        "names": [f"n{number}" for number in range(200)],
        "lists": [[1]] * 200,
        "nan": np.full(200, np.nan),
        "none": pl.Series([None] * 200),
        "mixed": pl.Series([None, 1.5, np.inf, -np.inf] * 50),
    }
    assert search(rows, **columns) == ()
