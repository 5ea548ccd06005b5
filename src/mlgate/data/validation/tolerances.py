"""How strictly a broken rule is taken: what may fail, and what only warns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlgate.config.data import Tolerance
    from mlgate.records import Violation


def tolerate(violations: Iterable[Violation], tolerances: Iterable[Tolerance]) -> tuple[Violation, ...]:
    """Write on every broken rule what the first tolerance that fits it allows."""
    known = tuple(tolerances)
    return tuple(_taken(violation, known) for violation in violations)


def _taken(violation: Violation, tolerances: tuple[Tolerance, ...]) -> Violation:
    for tolerance in tolerances:
        if tolerance.column in {None, violation.column} and tolerance.rule in {None, violation.rule}:
            severity = "warn" if "warn" in {tolerance.severity, violation.severity} else "error"
            return violation.model_copy(update={"severity": severity, "max_failures": tolerance.max_failures})
    return violation
