"""`mlgate drift` and `mlgate profile` on files: no registry, no git, no mlgate.yaml."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import jsonschema
import numpy as np
import polars as pl
import pytest

from mlgate.__main__ import run
from mlgate.config.data import Shift
from mlgate.steps.drift import drift, known_data

N = 4000
HOSTILE = '<img src=x onerror="alert(1)">|`$\\frac{1}{0}$\x1b[31m\n::error::pwned'


def rows(seed: int, **changed: object) -> pl.DataFrame:
    """Draw rows of a number, a skewed number with nulls, a category and a flag."""
    rng = np.random.default_rng(seed)
    frame = pl.DataFrame(
        {
            "age": rng.normal(40, 10, N),
            "spent": pl.Series(rng.gamma(1, 20, N)).set(pl.Series(rng.random(N) < 0.02), None),
            "plan": rng.choice(["free", "team", "firm"], N, p=[0.6, 0.3, 0.1]),
            "active": rng.random(N) < 0.7,
        }
    )
    return frame.with_columns(**changed)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with a reference."""
    monkeypatch.chdir(tmp_path)
    rows(1).write_parquet("reference.parquet")
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_what_did_not_move_passes(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever kind of file it is in."""
    rows(2).write_csv("current.csv")
    assert run(["drift", "reference.parquet", "current.csv"]) == 0
    shown = capsys.readouterr().out
    assert "current.csv (4,000 rows) against reference.parquet (4,000 rows)" in shown
    assert "none of 4 columns moved by more than chance and the floor of 0.02" in shown


@pytest.mark.usefixtures("folder")
def test_what_moved_is_named_and_sized(capsys: pytest.CaptureFixture[str]) -> None:
    """By exit code 1, first in the table, with the word for how far."""
    rows(2, age=pl.col("age") + 10).write_parquet("current.parquet")
    assert run(["drift", "reference.parquet", "current.parquet"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split()[:2] == ["age", "major"]
    assert lines[-1] == "FAIL         drift · data: 1 of 4 columns moved: age"
    assert run(["drift", "reference.parquet", "current.parquet", "--ignore", "age"]) == 0
    assert run(["drift", "reference.parquet", "current.parquet", "--floor", "5"]) == 0


@pytest.mark.usefixtures("folder")
def test_a_profile_stands_in_for_the_data(capsys: pytest.CaptureFixture[str]) -> None:
    """On either side, with the same answer; two parts in its bins may be compared with it as well."""
    rows(2, age=pl.col("age") + 3).write_parquet("current.parquet")
    assert run(["drift", "reference.parquet", "current.parquet", "--json"]) == 1
    by_data = json.loads(capsys.readouterr().out)
    assert run(["profile", "reference.parquet", "-o", "reference.json"]) == 0
    assert run(["profile", "current.parquet", "--like", "reference.json", "-o", "current.json"]) == 0
    Path("reference.parquet").unlink()
    for current in ("current.parquet", "current.json"):
        assert run(["drift", "reference.json", current, "--json"]) == 1
        assert json.loads(capsys.readouterr().out)["shifts"] == by_data["shifts"]


@pytest.mark.usefixtures("folder")
def test_machines_get_json_by_a_published_schema(capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output holds the document and nothing else."""
    rows(2).write_parquet("current.parquet")
    assert run(["drift", "reference.parquet", "current.parquet", "--classifier", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert run(["schema", "drift"]) == 0
    jsonschema.validate(document, json.loads(capsys.readouterr().out))
    assert document["verdict"]["outcome"] == "PASS"
    assert document["classifier"]["low"] < 0.5 < document["classifier"]["high"]


@pytest.mark.usefixtures("folder")
def test_a_classifier_sees_what_no_column_shows(capsys: pytest.CaptureFixture[str]) -> None:
    """Two columns that no longer go together, each of which is as it was; it tells, and does not decide."""
    rng = np.random.default_rng(4)
    x = rng.normal(size=N)
    pl.DataFrame({"x": x, "y": x + rng.normal(size=N) / 4}).write_parquet("reference.parquet")
    pl.DataFrame({"x": x, "y": rng.permutation(x) + rng.normal(size=N) / 4}).write_parquet("current.parquet")
    assert run(["drift", "reference.parquet", "current.parquet", "--classifier"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert re.search(r"a small model tells the two sets apart: AUC 0\.[89]\d\d .* on 8,000 rows, by [xy], [xy]", shown)


@pytest.mark.usefixtures("folder")
def test_the_page_needs_nothing_else_and_shows_every_column() -> None:
    """Pictures in the page itself; names that are commands or markup are text."""
    rows(1).with_columns(pl.lit(HOSTILE).alias(HOSTILE)).write_parquet("a.parquet")
    changed = rows(2).with_columns(
        pl.when(pl.col("age") > 40).then(pl.lit(HOSTILE)).otherwise(pl.lit("b")).alias("plan")
    )
    changed.write_parquet("b.parquet")
    assert run(["drift", "a.parquet", "b.parquet", "--html", "page.html"]) == 1
    page = Path("page.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 4
    assert "<img" not in page
    assert "<script" not in page
    assert not re.search(r'(src|href)="?https?:', page)
    assert not re.search(r"url\((?!#)|@import", page)


@pytest.mark.usefixtures("folder")
def test_without_matplotlib_the_page_has_no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """And all the numbers."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    rows(2).write_parquet("current.parquet")
    assert run(["drift", "reference.parquet", "current.parquet", "--html", "page.html"]) == 0
    page = Path("page.html").read_text(encoding="utf-8")
    assert "<svg" not in page
    assert page.count('<th scope="row">') == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.parquet", "reference.parquet"], "none.parquet does not exist"),
        (["reference.parquet", "none.json"], "none.json cannot be read"),
        (["broken.json", "reference.parquet"], "broken.json is no profile that this mlgate reads"),
        (["reference.parquet", "other.json"], "other.json was not counted in the bins of reference.parquet"),
        (["other.json", "reference.parquet", "--classifier"], "a profile has none"),
        (["reference.parquet", "reference.parquet", "--floor", "nan"], "nan is not a finite number"),
        (["reference.parquet", "reference.parquet", "--floor", "0"], "--floor"),
    ],
)
def test_a_wrong_request_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    """Exit code 2, with what was found and what to do next."""
    (folder / "broken.json").write_text('{"rows": -1}', encoding="utf-8")
    rows(2, age=pl.col("age") + 10).write_parquet("other.parquet")
    assert run(["profile", "other.parquet", "-o", "other.json"]) == 0
    assert run(["drift", *arguments]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_a_profile_in_bins_that_do_not_fit_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With the first column that is missing or of another type."""
    assert run(["profile", "reference.parquet", "-o", "reference.json"]) == 0
    rows(2).drop("age").write_parquet("less.parquet")
    assert run(["profile", "less.parquet", "--like", "reference.json"]) == 2
    assert "'age' is missing or of another type" in capsys.readouterr().err
    assert run(["profile", "less.parquet", "--like", "reference.json", "--ignore", "age"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == N


def test_where_nothing_could_be_compared_nothing_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No rows on a side, or on both."""
    monkeypatch.chdir(tmp_path)
    frame = pl.DataFrame({"x": [1.0, 2.0, 3.0]})
    frame.write_parquet("a.parquet")
    frame.head(0).write_parquet("empty.parquet")
    for before, after in (("a", "empty"), ("empty", "a"), ("empty", "empty")):
        assert run(["drift", f"{before}.parquet", f"{after}.parquet"]) == 1
        assert "INCONCLUSIVE drift · data: no column could be compared" in capsys.readouterr().out


def test_a_distance_needs_a_spread(tmp_path: Path) -> None:
    """A column whose middle half is one value has none."""
    pl.DataFrame({"visib": [10.0] * 900 + [6.0, 7.0, 8.0, 9.0] * 25}).write_parquet(tmp_path / "a.parquet")
    pl.DataFrame({"visib": [10.0] * 800 + [1.0, 2.0, 3.0, 9.0] * 50}).write_parquet(tmp_path / "b.parquet")
    settings = Shift(severity="error")
    found = drift(known_data(tmp_path / "a.parquet", settings), tmp_path / "b.parquet", settings)
    assert found.shifts[0].wasserstein is None
