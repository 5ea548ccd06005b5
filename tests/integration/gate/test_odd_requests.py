"""The gate on two files, asked odd things: each ends in a sentence about what was asked, never in a traceback."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from mlgate.__main__ import run

POLICY = """\
version: 1
python: {python}
data: {{key: id, label: y, score: s{data}}}
evaluate: {{task: {task}, min_rows: 2}}
gate:
  rules: [{rules}]
{more}
"""
MINE = """\
import os
def leaves(label, score): raise SystemExit(3)
def dies(label, score): os._exit(5)
def nothing(label, score): return None
def text(label, score): return "x"
def nan(label, score): return float("nan")
def prints(label, score):
    print("::error::pwned")
    return 1.0
"""
N = 300
EACH = "{metric: accuracy, test: superiority}"


def rows(**columns: object) -> pl.DataFrame:
    """Make rows with a score that says nothing, and other columns."""
    rng = np.random.default_rng(0)
    frame = pl.DataFrame({"id": np.arange(N), "y": (rng.random(N) < 0.4).astype(int), "s": rng.random(N)})
    return frame.with_columns(**columns)  # type: ignore[arg-type]


def slices(of: str) -> str:
    """Write a policy's slices with one rule."""
    return f"  slices: [{{{of}, min_rows: 2, rules: [{{metric: accuracy, lower_bound: 0.9}}]}}]"


def mine(function: str) -> str:
    """Write a rule of a function of the user's."""
    return f"{{metric: 'function:mine:{function}', direction: higher, test: superiority}}"


NEXT = pl.col("id")
QUERIES = {"q": NEXT // 5}
CASES = {
    "one cluster": ({"g": pl.lit("x")}, {"data": ", cluster: g"}, 1, "1 cluster, and the gate judges from 2"),
    "rows are their own clusters": ({}, {"data": ", cluster: id"}, 1, "n = 300 in 300 clusters"),
    "huge weights": ({"w": pl.lit(1e300)}, {"data": ", weight: w"}, 1, "not shown to be better"),
    "tiny weights": ({"w": pl.lit(1e-320)}, {"data": ", weight: w"}, 1, "not shown to be better"),
    "queries": (QUERIES, {"task": "ranking", "data": ", query: q", "rules": "{metric: mrr, test: superiority}"}, 1,
                "n = 300 in 60 queries"),
    "one query": ({"q": pl.lit(1)}, {"task": "ranking", "data": ", query: q", "rules": "{metric: mrr, lower_bound: 0}"},
                  1, "1 query, and the gate judges from 2"),
    "a constant label": ({"y": pl.lit(1.0)}, {"task": "regression", "rules": "{metric: r2, lower_bound: 0.1}"}, 1,
                         "candidate's R2 is undefined: every label is the same"),
    "numbers that overflow when squared": (
        {"s": pl.lit(1e200)}, {"task": "regression", "rules": "{metric: rmse, upper_bound: 1}"}, 1, "RMSE"),
    "classes without probabilities": ({"s": pl.col("y")},
                                      {"task": "multiclass", "rules": "{metric: log_loss, test: superiority}"}, 1,
                                      "data.probabilities"),
    "an average over an unknown class": ({"s": pl.col("y")}, {
        "task": "multiclass", "rules": "{metric: f1, average: zebra, test: superiority}"}, 1, "zebra"),
    "a slice's value that is a command": (
        {"g": pl.Series(["\x1b[31mred\n::error::x", "| a | b"] * (N // 2))}, {"more": slices("by: [g]")}, 1, "red"),
    "slices of lists": ({"g": pl.Series([[1], [2]] * (N // 2))}, {"more": slices("by: [g]")}, 1, "on g=[1]"),
    "slices by the score": ({}, {"more": slices("where: {high: s > 0.5}")}, 1, "accuracy >= 0.9 on high: accu"),
    "slices by the label": ({}, {"more": slices("by: [y]")}, 1, "accuracy >= 0.9 on y=0: accuracy 0.4"),
    "a function that leaves": ({}, {"rules": mine("leaves")}, 1, "SystemExit: 3"),
    "a function that dies": ({}, {"rules": mine("dies")}, 1, "mine:dies"),
    "a function without an answer": ({}, {"rules": mine("nothing")}, 1, "mine:nothing"),
    "a function that answers with text": ({}, {"rules": mine("text")}, 1, "mine:text"),
    "a function that answers with no number": ({}, {"rules": mine("nan")}, 1, "mine:nan"),
    "a function that is not there": ({}, {"rules": mine("missing")}, 1, "missing"),
    "a module that is not there": ({}, {"rules": "{metric: 'function:nowhere:f', direction: higher, lower_bound: 0}"},
                                   1, "No module named 'nowhere'"),
    "a scorer that is not there": ({}, {"rules": "{metric: 'scorer:nope', lower_bound: 0}"}, 1, "nope"),
    "a gap between groups of one": ({}, {"rules": "{metric: recall, between: [id], upper_bound: 0.1}"}, 1, "group"),
    "uses without a registry": ({}, {"more": "  holdout: {max_uses: 3}"}, 2, "it belongs to mlgate.yaml"),
    "the label as score": ({}, {"data": ", score: y"}, 2, "score"),
    "the label as cluster": ({}, {"data": ", cluster: y"}, 1, "2 clusters"),
    "no python": ({}, {"rules": "{metric: 'scorer:f1', lower_bound: 0}", "python": "./none"}, 2,
                  "python names './none', which is not a program here"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_an_odd_request_is_answered(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """By a verdict or an error in one sentence, without a line that a runner would take for a command."""
    columns, policy, code, said = CASES[case]
    monkeypatch.chdir(tmp_path)
    parts = {"python": sys.executable, "task": "binary", "data": "", "rules": EACH, "more": ""} | policy
    Path("policy.yaml").write_text(POLICY.format(**parts), encoding="utf-8")
    Path("mine.py").write_text(MINE, encoding="utf-8")
    frame = rows(**columns)  # type: ignore[arg-type]
    frame.write_parquet("candidate.parquet")
    if frame.schema["s"].is_float():
        frame = frame.with_columns(s=pl.col("s").reverse())
    frame.write_parquet("production.parquet")
    files = ["--candidate-predictions", "candidate.parquet", "--production-predictions", "production.parquet"]
    assert run(["compare", *files, "--policy", "policy.yaml"]) == code
    shown = "".join(capfd.readouterr())
    assert said in shown
    assert "Traceback" not in shown
    assert not [line for line in shown.splitlines() if line.lstrip().startswith("::")]


def test_a_key_called_score_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As predictions are a column of that name."""
    monkeypatch.chdir(tmp_path)
    policy = POLICY.format(python="python3", task="binary", data="", rules=EACH, more="")
    policy = policy.replace("key: id", "key: score")
    Path("policy.yaml").write_text(policy, encoding="utf-8")
    assert run(["compare", "--candidate-predictions", "none.csv", "--policy", "policy.yaml"]) == 2
    assert "the key column must not be called score" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (["--rows", "1"], 2, "--rows"),
        (["--rows", "1000"], 0, "1,000"),
        (["--disagreement", "1"], 2, "--disagreement"),
        (["--effect", "nan"], 2, "nan"),
        (["--pilot", "none.json"], 2, "none.json"),
        (["--pilot", "text.json"], 2, "text.json"),
        (["--effect", "0.5"], 0, "rows"),
    ],
)
def test_a_plan_answers_or_names_what_is_wrong(
    asked: list[str], code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever is assumed."""
    policy = tmp_path / "policy.yaml"
    policy.write_text(POLICY.format(python="python3", task="binary", data="", rules=EACH, more=""), encoding="utf-8")
    (tmp_path / "text.json").write_text("no comparison", encoding="utf-8")
    here = [str(tmp_path / word) if word.endswith(".json") else word for word in asked]
    assert run(["plan", "--policy", str(policy), *here]) == code
    shown = capsys.readouterr()
    assert said in shown.out + shown.err
    assert "Traceback" not in shown.err
