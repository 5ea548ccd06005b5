"""The provenance is an in-toto statement with SLSA's predicate, and says what the records say."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import jsonschema
import pytest

from mlgate.config.model import Train
from mlgate.promotion.provenance import Origin, provenance_of
from mlgate.promotion.tags import evidence_digest
from mlgate.records import Code, ComparisonRecord, DataFile, Environment, TrainingRecord, Version
from mlgate.verdict import Outcome, Verdict

DIGEST = {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string", "pattern": "^[0-9a-f]+$"}}
# in-toto's ResourceDescriptor v1: one of uri, digest and content at least
RESOURCE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "uri": {"type": "string", "pattern": r"^[a-z][a-z0-9+.-]*:\S+$"},
        "digest": DIGEST,
        "content": {"type": "string"},
        "downloadLocation": {"type": "string"},
        "mediaType": {"type": "string"},
        "annotations": {"type": "object"},
    },
    "additionalProperties": False,
    "anyOf": [{"required": ["uri"]}, {"required": ["digest"]}, {"required": ["content"]}],
}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
URI = {"type": "string", "pattern": r"^https://\S+$"}
# https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md and https://slsa.dev/spec/v1.0/provenance#schema
STATEMENT: dict[str, Any] = {
    "type": "object",
    "required": ["_type", "subject", "predicateType", "predicate"],
    "additionalProperties": False,
    "properties": {
        "_type": {"const": "https://in-toto.io/Statement/v1"},
        "subject": {"type": "array", "minItems": 1, "items": {"allOf": [RESOURCE, {"required": ["digest"]}]}},
        "predicateType": {"const": "https://slsa.dev/provenance/v1"},
        "predicate": {
            "type": "object",
            "required": ["buildDefinition", "runDetails"],
            "additionalProperties": False,
            "properties": {
                "buildDefinition": {
                    "type": "object",
                    "required": ["buildType", "externalParameters"],
                    "additionalProperties": False,
                    "properties": {
                        "buildType": URI,
                        "externalParameters": {"type": "object"},
                        "internalParameters": {"type": "object"},
                        "resolvedDependencies": {"type": "array", "items": RESOURCE},
                    },
                },
                "runDetails": {
                    "type": "object",
                    "required": ["builder"],
                    "additionalProperties": False,
                    "properties": {
                        "builder": {
                            "type": "object",
                            "required": ["id"],
                            "additionalProperties": False,
                            "properties": {
                                "id": URI,
                                "version": {"type": "object", "additionalProperties": {"type": "string"}},
                                "builderDependencies": {"type": "array", "items": RESOURCE},
                            },
                        },
                        "metadata": {
                            "type": "object",
                            "additionalProperties": False,
                            "properties": {"invocationId": {"type": "string"}, "startedOn": TIME, "finishedOn": TIME},
                        },
                        "byproducts": {"type": "array", "items": RESOURCE},
                    },
                },
            },
        },
    },
}
CODE = Code(commit="c" * 40, inputs_digest="1" * 64, inputs=("train.py",))
PASSED = Verdict(outcome=Outcome.PASS, decided_by="every rule", sentence="all hold")
CANDIDATE = Version(name="churn-candidates", version="3", run_id="run3", manifest_digest="a" * 64)
ENTRIES = {"MLmodel": (9, "b" * 64), "model.skops": (99, "d" * 64)}


def data(path: str) -> DataFile:
    """Describe a data file."""
    return DataFile(role="training", path=path, sha256="e" * 64, rows=4, columns=2, bytes=40)


def evidence(**changes: Any) -> ComparisonRecord:
    """Return a comparison that passed."""
    fields: dict[str, Any] = {
        "model": "churn",
        "mlgate": "0.1.0",
        "code": CODE,
        "verdict": PASSED,
        "candidate": CANDIDATE,
        "production": None,
        "held_out": data("held_out.csv"),
        "train_data": (data("data/all rows.csv"), data("s3://bucket/more.parquet")),
        "config_digest": "f" * 64,
        "gate_digest": "0" * 64,
        "confidence_level": 0.95,
        "results": (),
        "candidate_run_url": "https://mlflow.example.org/#/runs/run3",
    }
    return ComparisonRecord(**{**fields, **changes})


def training(environment: Environment | None = None) -> TrainingRecord:
    """Return the record of a training."""
    return TrainingRecord(
        model="churn",
        mlgate="0.1.0",
        created_at=datetime(2026, 11, 26, 6, 0, 0, 5, tzinfo=timezone(timedelta(hours=2))),
        code=CODE,
        verdict=PASSED,
        candidate=CANDIDATE,
        run_id="run3",
        experiment="churn",
        config_digest="f" * 64,
        data=(data("data/train.csv"),),
        seed=7,
        params={"depth": "3"},
        metrics={},
        environment=environment,
        seconds=1.0,
    )


FULL = (
    evidence(),
    training(Environment(python="3.12.1", os="Linux", cuda=None, packages={})),
    ENTRIES,
    Origin(
        train=Train(command="python train.py"),
        repository="https://github.com/o/r",
        invocation="https://github.com/o/r/actions/runs/7",
    ),
)


@pytest.mark.parametrize(
    "arguments",
    [FULL, (evidence(), None, ENTRIES), (evidence(candidate_run_url=None, train_data=()), training(), {})],
    ids=["full", "without the training's record", "with the least"],
)
def test_it_has_the_published_shape(arguments: tuple[Any, ...]) -> None:
    """Nothing is missing, and nothing is there that the specifications do not know."""
    jsonschema.validate(json.loads(provenance_of(*arguments)), STATEMENT)


def test_it_says_what_the_records_say() -> None:
    """Subjects, code, data, how it was trained, by which run, and the comparison that judged it."""
    statement = json.loads(provenance_of(*FULL))
    assert statement["subject"] == [
        {"name": "churn-candidates@3", "digest": {"sha256": "a" * 64}},
        {"name": "MLmodel", "digest": {"sha256": "b" * 64}},
        {"name": "model.skops", "digest": {"sha256": "d" * 64}},
    ]
    built, ran = (statement["predicate"][key] for key in ("buildDefinition", "runDetails"))
    code, first, second = built["resolvedDependencies"]
    assert (code["uri"], code["digest"]) == ("git+https://github.com/o/r", {"gitCommit": "c" * 40})
    assert (first["uri"], second["uri"]) == ("file:data/all%20rows.csv", "s3://bucket/more.parquet")
    assert first["digest"] == {"sha256": "e" * 64}
    assert built["externalParameters"] == {
        "model": "churn",
        "configDigest": {"sha256": "f" * 64},
        "command": "python train.py",
        "seed": 7,
        "params": {"depth": "3"},
    }
    assert ran["metadata"] == {
        "invocationId": "https://github.com/o/r/actions/runs/7",
        "finishedOn": datetime(2026, 11, 26, 4, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    assert ran["builder"]["version"] == {"mlgate": "0.1.0", "python": "3.12.1"}
    assert ran["byproducts"][0]["digest"]["sha256"] == evidence_digest(evidence_text())


def evidence_text() -> str:
    """Return the comparison as it is kept with the candidate."""
    return FULL[0].model_dump_json(indent=2)


def test_a_name_makes_no_other_subject() -> None:
    """Where subjects are written as lines, a line break in a file's name would forge one."""
    forged = "a\n" + "9" * 64 + "  evil\u202e"
    names = [one["name"] for one in json.loads(provenance_of(evidence(), None, {forged: (1, "b" * 64)}))["subject"]]
    assert names[1] == "a\\n" + "9" * 64 + "  evil\\u202e"
