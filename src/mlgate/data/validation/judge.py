"""Judge a file by whatever says what it must look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.config.data import EXAMPLES
from mlgate.data.schema.suite import Suite
from mlgate.data.validation.rules import violations
from mlgate.data.validation.suite import suite_violations

if TYPE_CHECKING:
    import polars as pl

    from mlgate.data.schema.schema import Schema
    from mlgate.records import Violation


def judge(  # noqa: PLR0913 (what is known of a file)
    frame: pl.LazyFrame,
    rules: Schema | Suite,
    *,
    file: str,
    key: str | None,
    limit: int = EXAMPLES,
    typed: bool | None = None,
) -> tuple[Violation, ...]:
    """Find every broken rule of a schema or a suite in `frame`, with at most `limit` example rows each."""
    if isinstance(rules, Suite):
        return suite_violations(frame, rules, file=file, key=key, limit=limit)
    return violations(frame, rules, file=file, key=key, limit=limit, typed=typed)
