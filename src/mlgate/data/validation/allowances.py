"""What a schema itself lets some rows break; tolerances of mlgate.yaml come after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlgate.data.schema.schema import Allowance
    from mlgate.records import Violation


def allow(violations: Iterable[Violation], allowances: tuple[Allowance, ...]) -> tuple[Violation, ...]:
    """Write on every broken rule what the schema's own limits make of it."""
    known = {(one.column, one.rule, one.expected): one for one in allowances}
    return tuple(
        _taken(violation, known.get((violation.column, violation.rule, violation.expected))) for violation in violations
    )


def _taken(violation: Violation, allowance: Allowance | None) -> Violation:
    """Stop where a limit that stops is exceeded, and otherwise only tell."""
    if allowance is None:
        return violation
    count, of = violation.count, violation.of
    exceeded = [limit for limit in allowance.limits if limit.exceeded(count, of)]
    stopping = [limit.share(of) for limit in exceeded if not limit.warns]
    if not stopping:
        return violation.model_copy(update={"severity": "warn"})
    share = min(stopping)
    # a share is rounded: what is beyond the limit must stay so
    return violation.model_copy(update={"severity": "error", "max_failures": share if count > share * of else 0.0})
