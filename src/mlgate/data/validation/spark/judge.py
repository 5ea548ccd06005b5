"""A Spark frame against its schema: the same violations that polars finds, counted where the rows are.

One aggregation counts every rule of every column; what must be compared between rows (unique values, keys) takes one
more each, and so do the examples of a broken rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl
from pyspark.sql import functions as F  # noqa: N812 (Spark's own convention)

from mlgate.data.files.members import has_types
from mlgate.data.profile.spark import require_utc, types_of
from mlgate.data.schema.schema import unique_rule
from mlgate.data.validation.allowances import allow
from mlgate.data.validation.alone import ASKED, Answer
from mlgate.data.validation.basics import KEY_RULES, absent_column, amount
from mlgate.data.validation.findings import once
from mlgate.data.validation.names import misnamed
from mlgate.data.validation.rules import unique_groups
from mlgate.data.validation.spark.plan import Rule, is_absent, plan, words_of
from mlgate.data.validation.spark.rows import SparkRows, is_repeated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pyspark.sql import DataFrame

    from mlgate.data.schema.schema import Schema
    from mlgate.data.validation.spark.plan import Reading
    from mlgate.records import Violation


def judge(  # noqa: PLR0913 (what is known of a file)
    frame: DataFrame, schema: Schema, *, file: str, key: str | None, limit: int, typed: bool | None = None
) -> Answer:
    """Find every broken rule, with at most `limit` example rows each; only sums and examples leave the cluster.

    Raises ConfigError for rules that Spark cannot judge, all of them and before any job; DataError for a session whose
    time zone is not UTC.
    """
    require_utc(frame.sparkSession)
    readings = plan(frame, schema, file=file, typed=has_types(file) if typed is None else typed)
    height, counts = _count(frame, [rule for reading in readings.values() for rule in reading.rules])
    known = key if key in frame.columns else None
    rows = SparkRows(file=file, height=height, key=known, limit=limit, frame=frame)
    found = [*amount(rows), *misnamed(rows, frame.columns, schema)]
    sound = {}
    for name, reading in readings.items():
        wrong = _wrong_type(rows, reading, counts)
        found += wrong
        if not wrong:
            sound[name] = reading
    found += _broken(rows, counts, [rule for reading in sound.values() for rule in reading.nulls])
    found += _repeated(rows, schema, sound)
    found += _broken(rows, counts, [rule for reading in sound.values() for rule in reading.checks])
    if key is not None:
        found += absent_column(rows, key, frame.columns, asked=ASKED)
        found += _key_problems(rows) if rows.height else []
    return Answer(height, allow(once(found), schema.allowances))


def _count(frame: DataFrame, rules: list[Rule]) -> tuple[int, dict[Rule, int]]:
    asked = [F.count(F.lit(1)), *(rule.count for rule in rules)]
    counted = frame.agg(*(expression.alias(f"n{number}") for number, expression in enumerate(asked))).first() or [0]
    height, *numbers = (int(number or 0) for number in counted)
    return height, dict(zip(rules, numbers, strict=True))


def _wrong_type(rows: SparkRows, reading: Reading, counts: Mapping[Rule, int]) -> list[Violation]:
    rule = reading.typed
    if rule is None or (reading.usable and not counts[rule]):
        return []
    if rule.bad is not None and counts[rule]:
        return [_violation(rows, rule, counts[rule])]
    examples = rows.where(F.lit(True), [rule.column])  # noqa: FBT003 (a literal)
    return [rows.violation(rule.column, rule.name, rule.expected, rows.height, examples)]


def _broken(rows: SparkRows, counts: Mapping[Rule, int], rules: Iterable[Rule]) -> list[Violation]:
    return [_violation(rows, rule, counts[rule]) for rule in rules if counts[rule]]


def _violation(rows: SparkRows, rule: Rule, count: int) -> Violation:
    examples = () if rule.bad is None else rows.where(rule.bad, [rule.column])
    severity: Literal["warn", "error"] = "warn" if rule.warns else "error"
    return rows.violation(rule.column, rule.name, rule.expected, min(count, rows.height), examples, severity=severity)


def _repeated(rows: SparkRows, schema: Schema, sound: Mapping[str, Reading]) -> list[Violation]:
    found = []
    for group in unique_groups(schema, {name: reading.unique for name, reading in sound.items()}):
        count = rows.repeated(group)
        if count:
            column = group[0] if len(group) == 1 else None
            examples = rows.where(is_repeated(group), group)
            found.append(rows.violation(column, *unique_rule(group), count, examples))
    return found


def _key_problems(rows: SparkRows) -> list[Violation]:
    """Find rows without a key, and keys that more than one row has."""
    if rows.key is None:
        return []
    dtype, word = types_of(rows.frame)[rows.key], words_of(rows.frame)[rows.key]
    if dtype == pl.Binary:
        return [rows.violation(rows.key, "key_type", f"a number, a text or a moment, not {word}", rows.height)]
    absent = is_absent(rows.key, dtype)
    without = int((rows.frame.agg(F.count_if(absent)).first() or [0])[0] or 0)
    kept = SparkRows(
        file=rows.file, height=rows.height, key=rows.key, limit=rows.limit, frame=rows.frame.filter(~absent)
    )
    twice = kept.repeated([rows.key])
    null, duplicate = KEY_RULES.items()
    found = []
    if without:
        found.append(rows.violation(rows.key, *null, without, rows.where(absent, [rows.key])))
    if twice:
        found.append(rows.violation(rows.key, *duplicate, twice, kept.where(is_repeated([rows.key]), [rows.key])))
    return found
