"""What only a real candidate has: costs, metrics run in its Python, a ledger, slices that were there before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.loop.conftest import CONFIG, Project

GATE = """\
    gate:
      holdout: {max_uses: 4, adaptivity: full}
      rules:
        - {metric: roc_auc, lower_bound: 0.8}
        - {metric: roc_auc, test: non_inferiority, margin: 0.5}
        - {metric: latency_p95, upper_bound: 10000.0}
        - {metric: latency_p50, test: non_inferiority, relative_margin: 0.9}
        - {metric: model_size, test: non_inferiority, relative_margin: 0.5}
        - {metric: training_time, upper_bound: 600.0}
        - {metric: "scorer:f1", test: non_inferiority, margin: 0.5}
        - {metric: "function:cost:missed", direction: lower, upper_bound: 0.5}
      slices:
        - where: {small: mean_radius < 13}
          rules: [{metric: accuracy, test: non_inferiority, margin: 0.5}]
        - by: [mean_radius]
          bins: {mean_radius: [13, 16]}
          min_rows: 20
          rules: [{metric: accuracy, test: no_regression, margin: 0.1}]
"""
COST = """\
def missed(label, score):
    return ((score < 0.5) & (label == 1)).mean()
"""
DIGITS = """\
import os
import mlflow, pandas
from sklearn.linear_model import LogisticRegression

data = pandas.read_csv(os.environ["MLGATE_TRAIN_DATA"])
columns = list(data.columns.drop(["id", "digit"]))
model = LogisticRegression(max_iter=200).fit(data[columns] / 16, data["digit"])
signature = mlflow.models.infer_signature(data[columns].head(), model.predict(data[columns].head()))
mlflow.sklearn.log_model(model, name="model", signature=signature, pip_requirements=["scikit-learn"])
"""


def with_gate(project: Project) -> str:
    """Give the project the long gate, and return its configuration."""
    before, _, after = CONFIG.partition("    gate:\n")
    config = before + GATE + after[after.index("registry:") :]
    project.commit({"mlgate.yaml": config, "cost.py": COST})
    return config


def by_rule(record: dict[str, Any]) -> dict[str, Any]:
    """Return the results by what they measure."""
    return {result["finding"]["rule"].split(" ")[0]: result for result in record["results"]}


def test_a_candidate_is_judged_by_more_than_its_predictions(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Costs are measured on both models, the user's metrics in the user's Python, and every use of rows is noted."""
    config = with_gate(project)
    assert project.mlgate("run", "--operation", "promote", "--reason", "the first") == 0, capsys.readouterr()
    first = project.record("comparison")
    assert first["holdout"]["use"] == 1
    assert first["confidence_level"] == pytest.approx(1 - 0.05 / 2**4)

    project.commit({"mlgate.yaml": config.replace("columns: 8", "columns: 20")})
    for step in ("train", "compare", "compare"):
        assert project.mlgate(step) == 0, capsys.readouterr()
    record = project.record("comparison")
    assert record["holdout"]["use"] == 2, "the same predictions again are the same use"
    results = by_rule(record)
    assert results["latency_p50"]["n"] == 300
    assert 0 < results["latency_p50"]["candidate_interval"]["low"] <= results["latency_p50"]["candidate"]
    assert results["model_size"]["candidate"] > 0.0005
    assert results["training_time"]["candidate"] > 0.5
    assert results["scorer:f1"]["method"] == "bootstrap of the rows, 1,000 resamples"
    assert 0.8 < results["scorer:f1"]["candidate"] <= 1
    assert 0 <= results["function:cost:missed(direction=lower)"]["candidate"] < 0.2
    names = [part["name"] for part in record["slices"]]
    assert names[0] == "small"
    assert sorted(names[1:]) == ["mean_radius 13 to 16", "mean_radius below 13", "mean_radius from 16"]
    assert project.mlgate("report") == 0
    report = project.text(".mlgate/report.md")
    assert "**Held-out rows**: use 2 of 4" in report
    assert "<summary>Power: what these rows can show</summary>" in report
    page = project.text(".mlgate/report.html")
    assert "Use of the held-out rows" in page


def test_a_slice_that_was_there_before_must_not_vanish(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Held-out rows without large tumours, where production was judged on some, are refused."""
    with_gate(project)
    assert project.mlgate("run", "--operation", "promote", "--reason", "the first") == 0, capsys.readouterr()
    header, *rows = project.text("held_out.csv").splitlines()
    radius = header.split(",").index("mean_radius")
    fewer = [row for row in rows if float(row.split(",")[radius]) < 16]
    project.commit({"held_out.csv": "\n".join([header, *fewer]) + "\n"})
    for step in ("validate", "train"):
        assert project.mlgate(step) == 0, capsys.readouterr()
    assert project.mlgate("compare") == 1
    verdict = project.record("comparison")["verdict"]
    assert verdict["decided_by"] == "accuracy no_regression (margin 0.1) on mean_radius from 16"
    assert "which was expected or judged before" in verdict["sentence"]


def test_a_function_that_fails_is_an_error_of_its_rule(project: Project) -> None:
    """With what it said; the other rules are answered all the same."""
    with_gate(project)
    project.commit({"cost.py": "def missed(label, score):\n    raise KeyError('no such price')\n"})
    for step in ("validate", "train"):
        assert project.mlgate(step) == 0
    assert project.mlgate("compare") == 1
    record = project.record("comparison")
    assert record["verdict"]["outcome"] == "ERROR"
    assert "could not be measured: KeyError: 'no such price'" in record["verdict"]["sentence"]
    assert record["results"][0]["finding"]["outcome"] == "PASS"


def test_ten_classes_go_all_the_road(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Digits: probabilities of every class come from the model, and macro averages from them."""
    from sklearn.datasets import load_digits

    frame = load_digits(as_frame=True).frame.rename(columns={"target": "digit"})
    frame.insert(0, "id", range(len(frame)))
    project = Project(tmp_path / "digits")
    config = (
        CONFIG.replace("id, label: benign, schema: schema.yaml", "id, label: digit")
        .replace("task: binary", "task: multiclass")
        .replace(
            "{metric: roc_auc, lower_bound: 0.9}",
            "{metric: roc_auc, lower_bound: 0.9}\n        - {metric: f1, lower_bound: 0.8}",
        )
    )
    files = {"mlgate.yaml": config, "train.py": DIGITS}
    files |= {"train.csv": frame.iloc[::2].to_csv(index=False), "held_out.csv": frame.iloc[1::2].to_csv(index=False)}
    project.commit(files)
    for step in ("validate", "train", "compare"):
        assert project.mlgate(step) == 0, capsys.readouterr()
    results = by_rule(project.record("comparison"))
    assert results["f1"]["candidate"] > 0.85
