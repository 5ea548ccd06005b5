"""The gate alone: two files and a policy in, a verdict out, anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import polars as pl
import pytest

from mlgate.__main__ import run

POLICY = """\
version: 1
data: {key: id, label: y, score: p}
evaluate: {task: binary}
gate:
  rules:
    - {metric: accuracy, lower_bound: 0.5}
    - {metric: roc_auc, test: non_inferiority, margin: 0.02}
    - {metric: negative_flip_rate, upper_bound: 0.1}
"""


def predictions(gap: float, n: int = 800) -> pl.DataFrame:
    """Make rows whose scores separate the classes the better the larger `gap` is; shuffled, as files are."""
    rng = np.random.default_rng(5)
    label = rng.random(n) < 0.4
    noise = rng.normal(size=n)
    score = 1 / (1 + np.exp(1 - label * (2 + gap) - noise))
    frame = pl.DataFrame({"id": np.arange(n), "y": label.astype(int), "p": score, "ignored": "x"})
    return frame.sample(fraction=1, shuffle=True, seed=int(10 * abs(gap)))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder without git, registry or mlgate.yaml, with a policy and two files."""
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    predictions(0.5).write_parquet(tmp_path / "candidate.parquet")
    predictions(0.0).write_csv(tmp_path / "production.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def compare(*more: str) -> int:
    """Compare the two files."""
    files = ["--candidate-predictions", "candidate.parquet", "--production-predictions", "production.csv"]
    return run(["compare", *files, "--policy", "policy.yaml", *more])


def test_two_files_are_judged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A better candidate passes, whatever order the files are in and whatever kind they are of."""
    assert compare() == 0
    shown = capsys.readouterr().out
    assert "candidate.parquet against production.csv, 800 rows" in shown
    assert "PASS         roc_auc non_inferiority (margin 0.02): AUC +0.0" in shown
    assert "all 3 rules hold" in shown
    assert sorted(path.name for path in folder.iterdir()) == ["candidate.parquet", "policy.yaml", "production.csv"]


def test_a_worse_candidate_is_refused(folder: Path) -> None:
    """By exit code 1."""
    predictions(-1.5).write_parquet(folder / "candidate.parquet")
    assert compare() == 1


@pytest.mark.usefixtures("folder")
def test_machines_get_json_by_a_published_schema(capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output holds the document and nothing else; `mlgate schema comparison` describes it."""
    assert compare("--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert run(["schema", "comparison"]) == 0
    jsonschema.validate(document, json.loads(capsys.readouterr().out))
    assert document["verdict"]["outcome"] == "PASS"
    assert {"metric", "method", "n", "p_value", "minimum_detectable"} <= document["results"][1].keys()


@pytest.mark.usefixtures("folder")
def test_without_production_only_bounds_are_judged(capsys: pytest.CaptureFixture[str]) -> None:
    """As for a first model."""
    assert run(["compare", "--candidate-predictions", "candidate.parquet", "--policy", "policy.yaml"]) == 0
    shown = capsys.readouterr().out
    assert shown.count("not judged: nothing is in production yet") == 2


def change(folder: Path, frame: pl.DataFrame) -> None:
    """Replace production's file."""
    frame.write_csv(folder / "production.csv")


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lambda frame: frame.with_columns(y=1 - pl.col("y")), "800 rows with another label in production's file (key "),
        (lambda frame: frame.head(790), "10 held-out rows without a score"),
        (lambda frame: pl.concat([frame, frame.head(1)]), "on more than one row"),
        (lambda frame: frame.with_columns(p=pl.lit("high")), "a score is a number"),
        (lambda frame: frame.with_columns(p=pl.when(pl.col("id") != 3).then("p")), "not finite"),
        (lambda frame: frame.with_columns(id=pl.col("id").cast(pl.String) + "x"), "give both the same type"),
        (lambda frame: frame.clear(), "there are no rows"),
    ],
    ids=["labels", "missing rows", "duplicates", "text", "null scores", "key types", "empty"],
)
def test_what_cannot_be_paired_is_an_error_verdict(
    folder: Path, capsys: pytest.CaptureFixture[str], broken: object, said: str
) -> None:
    """Exit code 1 and a sentence that names the rows; never a verdict on fewer rows."""
    change(folder, broken(predictions(0.0)))  # type: ignore[operator]
    assert compare() == 1
    shown = capsys.readouterr().out
    assert said in shown
    assert "ERROR" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--policy", "policy.yaml"], "give --policy and --candidate-predictions"),
        (["--candidate-predictions", "candidate.parquet"], "give --policy and --candidate-predictions"),
        (["--policy", "none.yaml", "--candidate-predictions", "candidate.parquet"], "there is no none.yaml"),
        (["--policy", "policy.yaml", "--candidate-predictions", "none.parquet"], "none.parquet does not exist"),
        (["--policy", "wrong.yaml", "--candidate-predictions", "candidate.parquet"], "did you mean 'label'?"),
        (["--policy", "other.yaml", "--candidate-predictions", "candidate.parquet"], "has no column 'prob'"),
    ],
)
def test_a_wrong_request_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    """Exit code 2, with what was found and what to do next."""
    (folder / "wrong.yaml").write_text(POLICY.replace("label: y", "lable: y"), encoding="utf-8")
    (folder / "other.yaml").write_text(POLICY.replace("score: p", "score: prob"), encoding="utf-8")
    assert run(["compare", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_scorers_know_the_classes_however_they_are_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twelve classes by numbers: scikit-learn sorts "10" before "2", and the columns of probabilities are not."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(6)
    label = rng.integers(0, 12, 600)
    sure = np.full((600, 12), 0.01)
    sure[np.arange(600), label] = 0.89
    frame = pl.DataFrame({"id": np.arange(600), "y": label, **{f"p_{k}": sure[:, k] for k in range(12)}})
    frame.write_parquet("candidate.parquet")
    Path("policy.yaml").write_text(
        "version: 1\n"
        "data: {key: id, label: y, probabilities: 'p_{class}'}\n"
        "evaluate: {task: multiclass}\n"
        "gate:\n"
        "  rules:\n"
        "    - {metric: 'scorer:roc_auc_ovr', lower_bound: 0.99}\n"
        "    - {metric: 'scorer:neg_log_loss', lower_bound: -0.2}\n"
        "    - {metric: 'scorer:accuracy', lower_bound: 0.9}\n",
        encoding="utf-8",
    )
    code = run(["compare", "--candidate-predictions", "candidate.parquet", "--policy", "policy.yaml"])
    assert code == 0, capsys.readouterr().out


@pytest.mark.usefixtures("folder")
def test_files_that_say_different_things_of_a_row_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """Of a weight, a cluster or what slices are by; a column of one file only may say what it likes."""
    policy = POLICY.replace("score: p}", "score: p, cluster: user}")
    Path("policy.yaml").write_text(policy, encoding="utf-8")
    ours, theirs = (predictions(gap).with_columns(user=pl.col("id") // 5) for gap in (0.5, 0.0))
    ours.write_parquet("candidate.parquet")
    theirs.with_columns(user=pl.col("id")).write_csv("production.csv")
    assert compare() == 2
    assert "differ in column 'user', which says what a row is" in capsys.readouterr().err
    theirs.drop("user").write_csv("production.csv")
    assert compare() in {0, 1}
    theirs.write_csv("production.csv")
    assert compare() in {0, 1}
