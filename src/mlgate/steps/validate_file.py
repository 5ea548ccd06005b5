"""Judge one file by a schema, alone: no registry, no git, no mlgate.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mlgate import __version__
from mlgate.config.address import shown
from mlgate.config.reference import split_reference
from mlgate.data.schema.source import load_rules, load_schema
from mlgate.data.validation.findings import findings
from mlgate.records import FileValidation
from mlgate.steps.spark import spark_frame
from mlgate.verdict import Verdict

if TYPE_CHECKING:
    from mlgate.data.schema.schema import Schema
    from mlgate.data.schema.suite import Suite
    from mlgate.data.validation.alone import Answer


def validate_file(
    data: str | Path, schema: str, *, key: str | None, engine: Literal["polars", "spark"], examples: int
) -> FileValidation:
    """Judge the file, folder or pattern `data` by `schema`, as `data.schema` of mlgate.yaml names it.

    A URL is Spark's to read; for polars it is a path by now.

    Raises DataError for data that cannot be read, ConfigError for a schema that cannot, or not be judged by `engine`.
    """
    named = split_reference(schema)
    file = Path(named.file)
    asked: Schema | Suite
    if isinstance(data, str) or engine == "spark":
        asked = load_schema(file, named.part)
        found = _on_spark(data, asked, key, examples)
    else:
        asked = load_rules(file, named.part)
        found = _here(data, asked, key, examples)
    said = findings(found.violations, rules=asked.rules, rows=found.rows)
    return FileValidation(
        mlgate=__version__,
        file=shown(str(data)),
        judged_by=schema,
        engine=engine,
        rows=found.rows,
        rules=asked.rules,
        verdict=Verdict.of(said, empty="no rule judged the file"),
        findings=said,
        violations=found.violations,
        notes=asked.notes,
    )


def _here(data: Path, rules: Schema | Suite, key: str | None, limit: int) -> Answer:
    from mlgate.data.files.read import scan
    from mlgate.data.validation.alone import judge

    return judge(scan(data), rules, file=str(data), key=key, limit=limit)


def _on_spark(data: str | Path, schema: Schema, key: str | None, limit: int) -> Answer:
    with spark_frame(data) as frame:
        from mlgate.data.validation.spark.judge import judge

        return judge(frame, schema, file=shown(str(data)), key=key, limit=limit)
