"""What Spark cannot judge of a schema, told at once and before any of its jobs starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from mlgate.data.files.members import SUFFIXES
from mlgate.data.validation.spark.conditions import refusal
from mlgate.data.validation.spark.types import through_spark
from mlgate.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mlgate.data.schema.schema import Column, Schema
    from mlgate.data.validation.spark.values import Value

UNHASHED = ("map<", "variant")  # in the names of types whose values Spark does not group by


def refuse(
    schema: Schema, found: Mapping[str, tuple[Column, Value]], words: Mapping[str, str], *, file: str, typed: bool
) -> None:
    """Raise ConfigError that names every rule which only polars can judge; `words` are the columns' types."""
    problems = list(dict.fromkeys([*_anywhere(schema, file), *_here(schema, found, words, typed=typed)]))
    if problems:
        rules = "1 rule" if len(problems) == 1 else f"{len(problems)} rules"
        raise ConfigError(
            "\n".join([f"Apache Spark cannot judge {rules} of the schema:", *(f"  {problem}" for problem in problems)]),
            hint="use --engine polars, or a built-in check on a type that both know; nothing was counted",
        )


def _anywhere(schema: Schema, file: str) -> Iterator[str]:
    """Yield what no frame could be asked."""
    for column in schema.columns:
        if column.type is not None and through_spark(column.type.target) is None:
            yield f"{column.name}: type {column.type.word}: Spark has none like it"
        for check in column.checks:
            if check.kind is None:
                yield f"{column.name}: {check.name}: it is code of your own, which runs on polars"
    for check in schema.checks:
        yield f"every row: {check.name}: a check of whole rows runs on polars"
    if schema.ordered and file.lower().endswith(tuple(suffix for suffix, kind in SUFFIXES.items() if kind == "jsonl")):
        yield "ordered: Spark sorts the columns of JSON lines by their names"


def _here(
    schema: Schema, found: Mapping[str, tuple[Column, Value]], words: Mapping[str, str], *, typed: bool
) -> Iterator[str]:
    """Yield what the columns that are there cannot be asked."""
    for name, (column, value) in found.items():
        target = column.type.target if column.type is not None else None
        if column.coerce and typed and words[name] == "string" and target not in {None, pl.String()}:
            yield f"{name}: coerce: Spark reads text as {column.type.word if column.type else ''} by rules of its own"
        for check in column.checks if value.usable else ():
            why = refusal(check.kind, check.arguments or {}, value.dtype) if check.kind is not None else None
            if why is not None:
                yield f"{name} ({words[name]}): {check.name}: {why}"
    alone = [(name,) for name, (column, _) in found.items() if column.unique]
    for group in (*alone, *schema.unique):
        if any(kind in words.get(name, "") for name in group for kind in UNHASHED):
            yield f"{', '.join(group)}: unique: Spark does not compare values of such a type"
