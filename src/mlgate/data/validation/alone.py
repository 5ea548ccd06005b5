"""One file alone against its schema: no model, no label, no other file; the key only where one is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlgate.data.validation.basics import absent_column, amount, key_problems
from mlgate.data.validation.findings import once
from mlgate.data.validation.judge import judge as broken_rules
from mlgate.data.validation.rows import Rows

if TYPE_CHECKING:
    import polars as pl

    from mlgate.data.schema.schema import Schema
    from mlgate.data.schema.suite import Suite
    from mlgate.records import Violation

ASKED = "--key"


@dataclass(frozen=True)
class Answer:
    """How many rows were judged, and which rules they break."""

    rows: int
    violations: tuple[Violation, ...]


def judge(  # noqa: PLR0913 (what is known of a file)
    frame: pl.LazyFrame, rules: Schema | Suite, *, file: str, key: str | None, limit: int, typed: bool | None = None
) -> Answer:
    """Find every broken rule in `frame`, whether it has no rows, and what is wrong with a named key.

    Raises DataError where the file's bytes turn out to be damaged.
    """
    rows = Rows.of(frame, file=file, key=key, limit=limit, typed=typed)
    found = [*amount(rows), *broken_rules(frame, rules, file=file, key=key, limit=limit, typed=typed)]
    if key is not None:
        found += absent_column(rows, key, frame.collect_schema().names(), asked=ASKED)
        found += key_problems(rows) if rows.height else []
    return Answer(rows.height, once(found))
