"""Judge one file by a schema, alone: no registry, no git, no mlgate.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mlgate import __version__
from mlgate.config.reference import split_reference
from mlgate.data.schema.source import load_rules, load_schema
from mlgate.data.validation.findings import findings
from mlgate.records import FileValidation
from mlgate.verdict import Verdict

if TYPE_CHECKING:
    from mlgate.data.schema.schema import Schema
    from mlgate.data.schema.suite import Suite
    from mlgate.data.validation.alone import Answer
    from mlgate.records import Engine


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked: `data`, by the `name` that people know, and a schema as `data.schema` of mlgate.yaml names it.

    A URL is Spark's to read; for polars the data is a path by now.
    """

    data: str | Path
    name: str
    schema: str
    key: str | None
    engine: Engine
    examples: int


def validate_file(asked: Request) -> FileValidation:
    """Judge a file, folder or pattern by a schema.

    Raises DataError for data that cannot be read, ConfigError for a schema that cannot, or not be judged by the engine.
    """
    named = split_reference(asked.schema)
    rules: Schema | Suite
    if asked.engine == "spark":
        rules = load_schema(Path(named.file), named.part)
        found = _on_spark(asked, rules)
    else:
        rules = load_rules(Path(named.file), named.part)
        found = _here(asked, rules)
    said = findings(found.violations, rules=rules.rules + (asked.key is not None), rows=found.rows)
    return FileValidation(
        mlgate=__version__,
        file=asked.name,
        judged_by=asked.schema,
        engine=asked.engine,
        rows=found.rows,
        rules=rules.rules,
        verdict=Verdict.of(said, empty="the schema asks nothing that judges, so nothing was judged"),
        findings=said,
        violations=found.violations,
        notes=rules.notes,
    )


def _here(asked: Request, rules: Schema | Suite) -> Answer:
    from mlgate.data.files.members import is_typed
    from mlgate.data.files.read import scan
    from mlgate.data.validation.alone import judge

    path = Path(asked.data)
    typed = is_typed(path)
    return judge(scan(path), rules, file=asked.name, key=asked.key, limit=asked.examples, typed=typed)


def _on_spark(asked: Request, schema: Schema) -> Answer:
    from mlgate.adapters.spark import is_typed, spark_frame

    with spark_frame(asked.data) as frame:
        from mlgate.data.validation.spark.judge import judge

        typed = is_typed(asked.data)
        return judge(frame, schema, file=asked.name, key=asked.key, limit=asked.examples, typed=typed)
