"""Findings name the line that asks for what failed, as the repository names it, wherever in it mlgate runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mlgate.__main__ import run
from mlgate.records import MetricResult, SliceResult, Violation
from mlgate.steps.places import place_results, place_slices, place_violations
from mlgate.steps.workspace import Workspace
from mlgate.verdict import Finding, Outcome, Place
from tests.integration.conftest import commit, open_workspace

CONFIG = """\
version: 1
models:
  churn:
    data:
      train: train.csv
      held_out: held_out.csv
      key: id
      label: left
      schema: SCHEMA
      min_rows: 3
    train: {command: python train.py, inputs: [train.py]}
    evaluate: {task: binary}
    gate:
      when: n > 0.5 +/- 0.1
      rules:
        - metric: roc_auc
          lower_bound: 0.6
        - {metric: accuracy, lower_bound: 0.6}
      slices:
        - by: [site]
          rules: [{metric: accuracy, lower_bound: 0.4}]
        - where: {far: x > 1}
          rules:
            - {metric: accuracy, lower_bound: 0.4}
"""
YAML = """\
columns:
  id: {dtype: int64}
  x:
    dtype: float64
    nullable: false
    checks:
      in_range: {min_value: 0, max_value: 1}
      checks.py:even: {}
  y:
    dtype: float64
    gt: 0
    checks:
    - value: 3
      options: {check_name: le}
  "f_.*":
    regex: true
    dtype: float64
strict: true
"""
PYTHON = """\
import pandera.polars as pa


class Rows(pa.DataFrameModel):
    id: int
    x: float = pa.Field(ge=0)
"""
CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
schema:
  - name: orders
    properties:
      - name: x
  - name: rows
    properties:
      - name: id
      - name: x
"""


def opened(folder: Path, schema: str, files: dict[str, str], inside: str = "") -> Workspace:
    """Commit a configuration that names a schema, in a folder of the repository, and open it."""
    written = {f"{inside}mlgate.yaml": CONFIG.replace("SCHEMA", schema), **files}
    commit(folder, written)
    return open_workspace(folder / inside)


def violation(column: str | None, rule: str) -> Violation:
    """Make a broken rule."""
    return Violation(file="train.csv", column=column, rule=rule, expected="better", count=1, of=2)


def lines(workspace: Workspace, *rules: tuple[str | None, str]) -> list[str]:
    """Name the places of broken rules, as `file:line`."""
    found = place_violations(workspace, "churn", [violation(*one) for one in rules])
    return [f"{one.place.path}:{one.place.line}" if one.place else "nowhere" for one in found]


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"models/mlgate.yaml": CONFIG.replace("min_rows: 3", "min_rowz: 3")}, "file=models/mlgate.yaml,line=10"),
        ({"models/mlgate.yaml": "version: 1\nmodels: [\n"}, "file=models/mlgate.yaml,line=3"),
        ({"models/schema.yaml": "columns:\n  x: {dtype: float63}\n"}, "file=models/schema.yaml,line=2"),
        ({"models/mlgate.yaml": CONFIG.replace("SCHEMA", "none.yaml")}, "file=models/mlgate.yaml,line=9"),
    ],
)
def test_a_wrong_file_is_told_on_its_line(
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    files: dict[str, str],
    place: str,
) -> None:
    """The error that ends a command is an annotation on the line of the first fault."""
    data = {f"models/{name}.csv": "id,x,left\n1,0.5,0\n2,0.7,1\n" for name in ("train", "held_out")}
    good = {"models/mlgate.yaml": CONFIG.replace("SCHEMA", "schema.yaml"), "models/train.py": "", **data}
    commit(repository, {**good, **files})
    monkeypatch.chdir(repository / "models")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert run(["validate"]) == 2
    assert f"::error {place}::" in capsys.readouterr().out


def answer(rule: str) -> MetricResult:
    """Make a rule's answer."""
    finding = Finding(rule=rule, outcome=Outcome.FAIL, reason="below_bound", sentence="too low")
    nothing = dict.fromkeys(
        ("candidate", "production", "difference", "candidate_interval", "difference_interval", "p_value")
    )
    return MetricResult(
        metric="m", higher_is_better=True, method="wald", n=10, minimum_detectable=None, finding=finding, **nothing
    )


def test_a_rule_of_a_yaml_schema_has_its_own_line(repository: Path) -> None:
    """Beside dtype, among the checks, in pandera's list layout, of the user's own; a pattern stands for its columns."""
    workspace = opened(repository, "schema.yaml", {"schema.yaml": YAML})
    found = lines(
        workspace,
        ("x", "dtype"), ("x", "nullable"), ("x", "in_range"), ("x", "even"), ("x", "column_missing"),
        ("y", "greater_than"), ("y", "less_than_or_equal_to"), ("f_1", "dtype"), ("z", "column_unexpected"),
    )  # fmt: skip
    assert found == [f"schema.yaml:{line}" for line in (4, 5, 7, 8, 3, 11, 13, 17, 18)]


def test_what_mlgate_yaml_asks_has_its_line_there(repository: Path) -> None:
    """Rules without a schema are asked by a key of the configuration, or by naming a column."""
    workspace = opened(repository, "schema.yaml", {"schema.yaml": "columns:\n  x: {dtype: float64}\n"})
    found = lines(workspace, (None, "min_rows"), ("id", "key_duplicate"), ("left", "column_missing"))
    assert found == ["mlgate.yaml:10", "mlgate.yaml:7", "mlgate.yaml:8"]


def test_a_python_schema_has_its_fields_lines(repository: Path) -> None:
    """A field, else the class; the file is not run for it."""
    workspace = opened(repository, "rows.py:Rows", {"rows.py": PYTHON})
    assert lines(workspace, ("x", "greater_than_or_equal_to"), (None, "own")) == ["rows.py:6", "rows.py:4"]


def test_a_contract_has_its_properties_lines(repository: Path) -> None:
    """Of the object that is named."""
    workspace = opened(repository, "contract.yaml:rows", {"contract.yaml": CONTRACT})
    assert lines(workspace, ("x", "dtype")) == ["contract.yaml:10"]


def test_paths_begin_at_the_top_of_the_repository(repository: Path) -> None:
    """Where mlgate.yaml is in a folder, and its schema in another one."""
    workspace = opened(repository, "../schemas/s.yaml", {"schemas/s.yaml": YAML}, inside="models/")
    assert lines(workspace, ("x", "dtype"), (None, "min_rows")) == ["schemas/s.yaml:4", "models/mlgate.yaml:10"]


def test_a_schema_outside_the_repository_has_no_place(repository: Path) -> None:
    """Nothing there can be shown in a pull request."""
    (repository.parent / "s.yaml").write_text(YAML, encoding="utf-8")
    workspace = opened(repository, "../s.yaml", {})
    assert lines(workspace, ("x", "dtype")) == ["nowhere"]


def test_without_git_there_is_no_place(repository: Path) -> None:
    """And no error either."""
    workspace = opened(repository, "schema.yaml", {"schema.yaml": YAML})
    shutil.rmtree(repository / ".git")
    assert lines(workspace, ("x", "dtype")) == ["nowhere"]


def test_the_gate_s_rules_have_their_lines(repository: Path) -> None:
    """In their order; what `when` stands for comes last, and has its line."""
    workspace = opened(repository, "schema.yaml", {"schema.yaml": YAML})
    placed = place_results(workspace, "churn", [answer("a"), answer("b"), answer("c")])
    assert [one.finding.place for one in placed] == [Place(path="mlgate.yaml", line=line) for line in (16, 18, 14)]


@pytest.mark.parametrize(("of", "name", "line"), [("by site", "site=A", 21), ("where", "far", 24), ("by k", "k=1", 19)])
def test_the_slices_rules_have_their_lines(repository: Path, of: str, name: str, line: int) -> None:
    """By how the rows were parted; what fits none has the line of the slices."""
    workspace = opened(repository, "schema.yaml", {"schema.yaml": YAML})
    part = SliceResult(name=name, of=of, n=10, results=(answer(f"accuracy >= 0.4 on {name}"),))
    (placed,) = place_slices(workspace, "churn", [part])
    assert placed.results[0].finding.place == Place(path="mlgate.yaml", line=line)
