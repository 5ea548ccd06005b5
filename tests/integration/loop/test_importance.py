"""What production rests on is measured once, kept with the version, and weighs the next data's shift."""

from __future__ import annotations

import io
import json

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


def test_a_version_stands_in_for_its_training_data(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`mlgate drift models:/NAME@production DATA` needs no training data, and weighs by importance."""
    assert project.mlgate("run") == 0
    assert project.mlgate("promote") == 0
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{project.folder}/mlflow.db")
    (project.folder / "today.csv").write_text(moved(project.text("held_out.csv"), "mean_perimeter"), encoding="utf-8")
    capsys.readouterr()
    assert project.mlgate("drift", "models:/tumours@production", "held_out.csv") == 0
    capsys.readouterr()
    assert project.mlgate("drift", "models:/tumours@production", "today.csv", "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["reference"] == "models:/tumours@production"
    assert [one["column"] for one in found["shifts"] if one["shifted"]] == ["mean_perimeter"]
    assert found["weighted_shift"]["moved"] > 0
    for wrong, told in {
        "models:/tumours@staging": "is not in the registry; versions there: 1",
        "models:/tumours/7": "is not in the registry; versions there: 1",
        "models:/nothing@production": "versions there: none",
        "models:/tumours": "names no version of a model",
    }.items():
        assert project.mlgate("drift", wrong, "today.csv") == 2
        assert told in capsys.readouterr().err
