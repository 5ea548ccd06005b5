"""Data contracts and suites of Great Expectations stand where a schema does, in a repository."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.integration.loop.conftest import CONFIG, Project

CONTRACT = """\
kind: DataContract
apiVersion: v3.1.0
schema:
  - name: sites
    properties: [{name: name, logicalType: string}]
  - name: tumours
    properties:
      - {name: id, logicalType: integer, primaryKey: true}
      - {name: benign, logicalType: integer, required: true, enum: [{value: 0}, {value: 1}]}
      - name: mean_radius
        logicalType: number
        logicalTypeOptions: {minimum: 1, maximum: 100}
        quality: [{metric: nullValues, mustBeLessThan: 1, unit: percent}]
    quality: [{type: sql, name: enough, query: SELECT 1, mustBe: 1}, {metric: rowCount, mustBeGreaterThan: 200}]
"""
SUITE = json.dumps(
    {
        "name": "tumours",
        "expectations": [
            {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "id"}},
            {
                "type": "expect_column_values_to_be_between",
                "kwargs": {"column": "mean_radius", "min_value": 1, "max_value": 100},
            },
            {
                "type": "expect_column_mean_to_be_between",
                "kwargs": {"column": "mean_radius", "max_value": 1},
                "severity": "warning",
            },
        ],
    }
)
FILES = {"contract.yaml": CONTRACT, "suite.json": SUITE}
NAMED = {"contract.yaml:tumours": "in_range", "suite.json": "expect_column_values_to_be_between"}


def with_schema(name: str) -> str:
    """Write the configuration with another schema."""
    return CONFIG.replace("schema: schema.yaml", f'schema: "{name}"')


@pytest.mark.parametrize("name", NAMED)
def test_it_judges_as_a_schema_does(project: Project, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """Good data passes, with a note; a bad value is found, and shown with its row and key."""
    project.commit({**FILES, "mlgate.yaml": with_schema(name)})
    assert project.mlgate("validate") == 0
    told = " ".join("".join(capsys.readouterr()).split())
    note = (
        "1 quality rule of type sql is not judged" if "contract" in name else "judged by Great Expectations on pandas"
    )
    assert told.count(note) == 1
    rows = list(csv.reader(io.StringIO(project.text("train.csv"))))
    rows[3][rows[0].index("mean_radius")] = "-1"
    project.commit({"train.csv": "\n".join(",".join(row) for row in rows) + "\n"})
    assert project.mlgate("validate") == 1
    (broken,) = [one for one in project.record("validation")["violations"] if one["severity"] == "error"]
    assert (broken["column"], broken["rule"], broken["count"]) == ("mean_radius", NAMED[name], 1)
    assert broken["examples"] == [{"row": 2, "key": rows[3][0], "value": "-1.0"}]


def test_an_unclear_name_is_a_wrong_request(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, with the objects to choose from."""
    project.commit({**FILES, "mlgate.yaml": with_schema("contract.yaml")})
    assert project.mlgate("validate") == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "has 2 schema objects: sites, tumours" in told
