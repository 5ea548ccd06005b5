"""Judge one file by a schema, alone: no registry, no git, no mlgate.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from mlgate import __version__
from mlgate.config.reference import SchemaReference
from mlgate.data.schema.source import load_schema
from mlgate.data.validation.findings import findings
from mlgate.records import FileValidation
from mlgate.steps.spark import spark_frame
from mlgate.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from mlgate.data.schema.schema import Schema
    from mlgate.data.validation.alone import Answer


def validate_file(
    data: Path, schema: str, *, key: str | None, engine: Literal["polars", "spark"], examples: int
) -> FileValidation:
    """Judge the file, folder or pattern `data` by `schema`, a file or FILE.py:CLASS.

    Raises DataError for data that cannot be read, ConfigError for a schema that cannot, or not be judged by `engine`.
    """
    reference = SchemaReference.of(schema)
    asked = load_schema(reference.file, reference.class_name)
    found = (_on_spark if engine == "spark" else _here)(data, asked, key, examples)
    said = findings(found.violations, rules=asked.rules, rows=found.rows)
    return FileValidation(
        mlgate=__version__,
        file=str(data),
        judged_by=schema,
        engine=engine,
        rows=found.rows,
        rules=asked.rules,
        verdict=Verdict.of(said, empty="no rule judged the file"),
        findings=said,
        violations=found.violations,
    )


def _here(data: Path, schema: Schema, key: str | None, limit: int) -> Answer:
    from mlgate.data.files.read import scan
    from mlgate.data.validation.alone import judge

    return judge(scan(data), schema, file=str(data), key=key, limit=limit)


def _on_spark(data: Path, schema: Schema, key: str | None, limit: int) -> Answer:
    with spark_frame(data) as frame:
        from mlgate.data.validation.spark.judge import judge

        return judge(frame, schema, file=str(data), key=key, limit=limit)
