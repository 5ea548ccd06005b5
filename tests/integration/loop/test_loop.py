"""The whole loop on real data and a real MLflow store, through the command line."""

from __future__ import annotations

import json

import pytest

from tests.integration.loop.conftest import Project


def test_from_data_to_production_and_back(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """First model, better model by its own road, worse model refused, rollback: the exit codes and the words."""
    assert project.mlgate("run", "--operation", "promote", "--reason", "the first") == 0
    shown = capsys.readouterr().out
    assert "promoted" in shown
    assert "models:/tumours@production is version 1 now" in shown
    assert project.record("training")["metrics"]["train_accuracy"] > 0.8
    assert project.record("training")["curves"] == [{"metric": "loss", "points": [[0, 1.0], [1, 0.5], [2, 1 / 3]]}]
    assert project.record("comparison")["production"] is None
    assert project.record("figures")["candidate"]["roc"]["area"] > 0.9

    better = project.text("mlgate.yaml").replace("columns: 8", "columns: 30")
    project.commit({"mlgate.yaml": better})
    for step in ("validate", "train", "compare"):
        assert project.mlgate(step) == 0, capsys.readouterr()
    capsys.readouterr()
    assert project.mlgate("promote", "--json") == 0
    record = json.loads(capsys.readouterr().out)[0]
    assert (record["status"], record["from_version"], record["to_version"]) == ("done", "1", "2")

    project.commit({"mlgate.yaml": better.replace("columns: 30", "columns: 2")})
    assert project.mlgate("run") == 1
    assert project.record("comparison")["verdict"]["outcome"] == "FAIL"
    assert project.mlgate("promote") == 1
    assert project.record("figures")["production"]["confusion"]
    page = project.text(".mlgate/report.html")
    assert "ROC: candidate area 0." in page
    assert "loss by step" in page
    report = project.text(".mlgate/report.md")
    assert "roc_auc" in report
    assert "non_inferiority" in report
    before = project.record("comparison")["history"]
    assert [one["version"] for one in before] == ["1", "2"]
    assert before[0]["metrics"]["roc_auc"] < before[1]["metrics"]["roc_auc"]
    assert 'x-axis ["v1", "v2", "candidate"]' in report

    capsys.readouterr()
    assert project.mlgate("rollback", "--reason", "alarms at night") == 0
    assert "rolled back" in capsys.readouterr().out
    assert project.mlgate("history") == 0
    assert "alarms at night" in capsys.readouterr().out
    assert project.mlgate("doctor") == 0


def test_newer_data_is_trained_on_without_a_change_of_the_code(project: Project) -> None:
    """A schedule promotes every week: the same data are promoted already, new ones give the next version."""
    assert project.mlgate("run", "--operation", "promote") == 0
    assert project.mlgate("run", "--operation", "promote") == 0
    assert project.record("promotion")["status"] == "already"
    *rows, _ = project.text("train.csv").splitlines(keepends=True)
    (project.folder / "train.csv").write_text("".join(rows), encoding="utf-8")
    assert project.mlgate("run", "--operation", "promote", "--reason", "weekly retraining") == 0
    promotion = project.record("promotion")
    assert (promotion["status"], promotion["from_version"], promotion["to_version"]) == ("done", "1", "2")
