"""`mlgate monitor` on two files and a policy."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import jsonschema
import polars as pl
import pytest

from mlgate.__main__ import run
from mlgate.config.load import load_policy
from tests.unit.evaluation.monitoring.draws import rows

POLICY = """\
version: 1
data: {key: id, label: y}
evaluate: {task: binary}
gate:
  rules:
    - {metric: roc_auc, test: non_inferiority, margin: 0.01}
    - {metric: log_loss, upper_bound: 0.7}
"""
FIRST = dt.date(2026, 1, 5)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A reference, four later weeks of which the last has no labels yet, and a policy."""
    monkeypatch.chdir(tmp_path)
    rows(1, 4000).write_parquet("accepted.parquet")
    weeks = [
        rows(10 + week, 1000, first=1000 * week, labelled=float(week < 3)).with_columns(
            at=pl.lit(FIRST + dt.timedelta(weeks=week))
        )
        for week in range(4)
    ]
    pl.concat(weeks).write_parquet("later.parquet")
    Path("policy.yaml").write_text(POLICY, encoding="utf-8")
    return tmp_path


ASKED = ["monitor", "accepted.parquet", "later.parquet", "--policy", "policy.yaml", "--time", "at"]


def test_weeks_are_told_one_by_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A row a week and rule: measured where labels came, promised where they did not; exit code 0."""
    assert folder.is_dir()
    assert run(ASKED) == 0
    shown = capsys.readouterr().out
    assert "AUC: worse than on the reference by more than 0.01? On the reference: 0.7" in shown
    assert [line.split()[2] for line in shown.splitlines() if line.startswith("2026-01-26")] == ["0", "0"]
    assert "PASS         monitor · policy" in shown


def test_the_document_is_that_of_its_schema(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And holds every window."""
    assert folder.is_dir()
    assert run(["schema", "monitoring"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert run([*ASKED, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, schema)
    assert [window["name"] for window in found["windows"]] == ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26"]
    assert [window["results"][0]["by"] for window in found["windows"]] == ["measured"] * 3 + ["expected"]


def test_a_week_that_went_wrong_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With exit code 1, and with what the scores promised."""
    bad = rows(20, 1500, first=9000, scrambled=0.5).with_columns(at=pl.lit(FIRST + dt.timedelta(weeks=4)))
    pl.concat([pl.read_parquet(folder / "later.parquet"), bad]).write_parquet("later.parquet")
    assert run(ASKED) == 1
    shown = capsys.readouterr().out
    assert "FAIL         monitor · policy: roc_auc non_inferiority (margin 0.01) in 2026-02-02" in shown
    assert "what the scores mean has changed (concept drift)" in shown


def test_rows_without_any_label_column_are_promised(folder: Path) -> None:
    """As when truth comes months later."""
    pl.read_parquet(folder / "later.parquet").drop("y").write_parquet("later.parquet")
    assert run(ASKED) == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"--time": "when"}, "no column 'when'"),
        ({"--every": "often"}, "no length of a window"),
        ({"--policy": "none.yaml"}, "none.yaml"),
        ({"--time": "score"}, "windows are cut by dates or times"),
    ],
)
def test_wrong_requests_end_with_what_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str], change: dict[str, str], told: str
) -> None:
    """Exit code 2."""
    assert folder.is_dir()
    words = list(ASKED)
    for option, value in change.items():
        words = [*words, option, value]
    assert run(words) == 2
    assert told in capsys.readouterr().err


def test_the_policy_that_is_shown_is_that_of_the_example() -> None:
    """The document and the example are one, and the example is a policy."""
    root = Path(__file__).parents[3]
    example = root / "examples" / "flight-delay" / "monitor.yaml"
    assert f"```yaml\n{example.read_text(encoding='utf-8')}```" in (root / "docs/monitoring.md").read_text(
        encoding="utf-8"
    )
    assert [rule.metric for rule in load_policy(example).gate.rules] == ["roc_auc", "log_loss"]


def test_a_reference_without_labels_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing could be learned from it."""
    pl.read_parquet(folder / "accepted.parquet").drop("y").write_parquet("accepted.parquet")
    assert run(ASKED) == 2
    assert "has no label column 'y'" in capsys.readouterr().err
    pl.read_parquet(folder / "later.parquet").head(0).write_parquet("later.parquet")
    rows(1, 100).write_parquet("accepted.parquet")
    assert run(ASKED) == 2
    assert "later.parquet holds no rows" in capsys.readouterr().err
