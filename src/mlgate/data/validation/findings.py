"""What the data's violations mean for the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.verdict import Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlgate.records import BadRow, Violation


def findings(
    violations: Iterable[Violation],
    *,
    rules: int | None = None,
    rows: int | None = None,
) -> tuple[Finding, ...]:
    """Make one finding for each broken rule, and one that passes when none stops the pipeline.

    `rules` and `rows`, where given, are how many rules of the schema were judged on how many rows; of 0 rules nothing
    passes.
    """
    broken = list(dict.fromkeys(violations))
    found = [_broken(violation) for violation in broken]
    judging = [violation for violation in broken if violation.judges]
    if not judging and rules != 0:
        found.append(_sound(rules, rows, tolerated=len(broken)))
    return tuple(found)


def once(violations: Iterable[Violation]) -> tuple[Violation, ...]:
    """Leave out what was found before: a column is missing once, whoever asks for it."""
    found: dict[tuple[str, str | None, str, str], Violation] = {}
    for violation in violations:
        expected = "" if violation.rule == "column_missing" else violation.expected
        found.setdefault((violation.file, violation.column, violation.rule, expected), violation)
    return tuple(found.values())


def _broken(violation: Violation) -> Finding:
    where = f"{violation.file}: {violation.column}" if violation.column is not None else violation.file
    rows = "" if violation.whole else f"{_rows(violation.count)} of {violation.of:,} broke {violation.rule}, "
    example = ""
    if violation.examples:
        first = violation.examples[0]
        example = f"; {_named(first)}: {first.value}"
    return Finding(
        rule=f"{where} {violation.rule}",
        outcome=Outcome.FAIL,
        reason=violation.rule,
        sentence=f"{where}: {rows}expected {violation.expected}{example}{_allowed(violation)}",
        judged=violation.judges,
        place=violation.place,
    )


def _named(row: BadRow) -> str:
    """Name the first row; an engine without an order of rows knows its key at most, and calls it an example."""
    if row.row is None:
        return "an example" if row.key is None else f"key {row.key}"
    return f"first row {row.row}" + (f" (key {row.key})" if row.key is not None else "")


def _allowed(violation: Violation) -> str:
    if violation.severity == "warn":
        return " (a warning)"
    return f" ({100 * violation.max_failures:.3g}% of the rows may)" if violation.max_failures else ""


def _sound(rules: int | None, rows: int | None, *, tolerated: int) -> Finding:
    if rules is None:
        sentence = "keys, labels and row counts are sound"
    else:
        checks = "1 check holds" if rules == 1 else f"{rules:,} checks hold"
        sentence = checks + (f" on {_rows(rows)}" if rows is not None else "")
    if tolerated:
        sentence = (
            f"no rule is broken by more rows than may; {tolerated} {'is' if tolerated == 1 else 'are'} broken by some"
        )
    return Finding(rule="data", outcome=Outcome.PASS, reason="sound", sentence=sentence)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
