"""What is asked of data beyond its schema, in a repository: warnings are told and stop nothing, errors stop."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest

from tests.integration.loop.conftest import CONFIG, Project

DATA = "data: {train: train.csv, held_out: held_out.csv, key: id, label: benign, schema: schema.yaml"


def with_data(more: str) -> str:
    """Write the configuration with more in its data section."""
    return CONFIG.replace(DATA, f"{DATA}, {more}")


def add_column(text: str, name: str, value: str) -> str:
    """Append a column of one value to CSV text."""
    first, *lines = text.splitlines()
    return "\n".join([f"{first},{name}", *(f"{line},{value}" for line in lines)]) + "\n"


def test_warnings_are_told_and_stop_nothing(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """A constant column, the label in other words, and rows that stand in both files."""
    train = list(csv.reader(io.StringIO(project.text("train.csv"))))
    held_out = list(csv.reader(io.StringIO(project.text("held_out.csv"))))
    held_out[1] = ["1", *train[1][1:]]
    for rows in (train, held_out):
        rows[0] += ["unit", "diagnosis"]
        for row in rows[1:]:
            row += ["mm", "good" if row[-1] == "1" else "bad"]
    project.commit({f"{name}.csv": "\n".join(",".join(row) for row in rows) + "\n" for name, rows in
                    (("train", train), ("held_out", held_out))})  # fmt: skip
    assert project.mlgate("validate") == 0
    told = {(one["rule"], one["column"], one["severity"]) for one in project.record("validation")["violations"]}
    assert told == {
        ("constant", "unit", "warn"),
        ("telling_column", "diagnosis", "warn"),
        ("leakage_content", None, "warn"),
    }
    shown = capsys.readouterr().out
    assert "PASS         tumours · data: no rule is broken by more rows than may; 3 are broken by some" in shown
    assert "alone it predicts it with ROC AUC 1.000; a warning" in shown


ASKED = {
    "min_class_share: 45%": "at least 45% of the rows in every class; 0 has 3",
    "freshness: {column: at, max_age_hours: 24}": "a newest row not older than 24 hours; it is of 2013-07-01 00:00 UTC",
    "references: [{column: site, file: sites.csv, to: name}]": "a value that stands in sites.csv, column name (285 of",
}


@pytest.mark.parametrize("asked", ASKED)
def test_what_is_asked_stops(project: Project, capsys: pytest.CaptureFixture[str], asked: str) -> None:
    """Each by its own rule, which a tolerance makes a warning."""
    changed = {
        name: add_column(add_column(project.text(name), "at", "2013-07-01"), "site", "north")
        for name in ("train.csv", "held_out.csv")
    }
    project.commit({**changed, "sites.csv": "name\nsouth\n", "mlgate.yaml": with_data(asked)})
    assert project.mlgate("validate") == 1
    assert ASKED[asked] in capsys.readouterr().out
    rule = {one["rule"] for one in project.record("validation")["violations"] if one["severity"] == "error"}
    (name,) = rule
    softer = f"{asked}, tolerances: [{{rule: {name}, severity: warn}}]"
    project.commit({"mlgate.yaml": with_data(softer)})
    assert project.mlgate("validate") == 0


def test_data_in_a_folder_of_several_files_goes_all_the_way(project: Project) -> None:
    """Partitioned Parquet is validated, described by one digest, trained on and scored."""
    for name in ("train", "held_out"):
        frame = pl.read_csv(io.StringIO(project.text(f"{name}.csv")))
        folder = project.folder / name
        for number, part in enumerate((frame.head(100), frame.tail(-100))):
            (folder / f"part={number}").mkdir(parents=True)
            part.write_parquet(folder / f"part={number}" / "data.parquet")
    script = project.text("train.py").replace('pandas.read_csv(os.environ["MLGATE_TRAIN_DATA"])',
                                              'pandas.read_parquet(os.environ["MLGATE_TRAIN_DATA"])')  # fmt: skip
    config = CONFIG.replace("train.csv, held_out: held_out.csv", "train, held_out: held_out")
    project.commit({"mlgate.yaml": config, "train.py": script})
    assert project.mlgate("run") == 0
    files = {one["path"]: one for one in project.record("validation")["files"]}
    assert {path: one["rows"] for path, one in files.items()} == {"train": 285, "held_out": 284}
    assert Path(project.folder, "train").is_dir()


def test_a_slow_check_of_the_user_s_own_is_told_once(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """A function that a YAML schema names judges both files, and one line says that it runs row by row."""
    checks = "def even(value):\n    return value % 2 == 0\n"
    schema = 'columns:\n  id: {dtype: int64, checks: {"checks.py:even": {options: {element_wise: true}}}}\n'
    project.commit({"checks.py": checks, "schema.yaml": schema})
    assert project.mlgate("validate") == 1
    told = "tumours: schema.yaml: even runs row by row in Python (element_wise); a check on whole columns is faster"
    assert capsys.readouterr().err.count(told) == 1
    (broken,) = project.record("validation")["violations"]
    assert (broken["file"], broken["rule"], broken["count"]) == ("held_out.csv", "even", 284)
    project.commit({"schema.yaml": schema.replace("id:", "benign:").replace("even", "small"),
                    "checks.py": "def small(value):\n    return value < 2\n"})  # fmt: skip
    assert project.mlgate("validate") == 0
    assert capsys.readouterr().err.count(told.replace("even", "small")) == 1
