"""What production rests on is measured once, kept with the version, and weighs the next data's shift."""

from __future__ import annotations

import io

import polars as pl
import pytest

from tests.integration.loop.conftest import Project


def moved(text: str, column: str) -> str:
    """Move a column of CSV text by two of its standard deviations."""
    frame = pl.read_csv(io.StringIO(text))
    return frame.with_columns(pl.col(column) + 2 * frame[column].std()).write_csv()  # type: ignore[operator]


def test_shift_is_weighted_by_what_production_rests_on(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """A column that the model looks at weighs; one that it was not trained on has no importance."""
    assert project.mlgate("run") == 0
    assert project.mlgate("promote") == 0
    used, unused = "mean_perimeter", "worst_fractal_dimension"
    project.commit({"train.csv": moved(moved(project.text("train.csv"), used), unused)})
    capsys.readouterr()
    assert project.mlgate("validate") == 0
    shifts = {one["column"]: one for one in project.record("validation")["shifts"]}
    assert shifts[used]["shifted"]
    assert shifts[unused]["shifted"]
    assert shifts[used]["importance"] > 0
    assert shifts[unused]["importance"] is None
    felt = project.record("validation")["weighted_shift"]
    assert felt["columns"] == 8
    assert felt["moved"] == pytest.approx(shifts[used]["importance"])
    rules = {one["rule"]: one for one in project.record("validation")["findings"]}
    assert "of what production's predictions rest on" in rules["shift by importance"]["sentence"]
    assert project.mlgate("report") == 0
    assert "Importance" in project.text(".mlgate/report.html")
