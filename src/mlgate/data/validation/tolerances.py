"""How strictly a broken rule is taken: what may fail, and what only warns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlgate.config.data import Tolerance
    from mlgate.records import Violation


UNREADABLE = {"dtype", "column_missing"}  # of such a column nothing else is asked


def tolerate(violations: Iterable[Violation], tolerances: Iterable[Tolerance]) -> tuple[Violation, ...]:
    """Write on every broken rule what the first tolerance that fits it allows."""
    known = tuple(tolerances)
    return tuple(_taken(violation, known) for violation in violations)


def _taken(violation: Violation, tolerances: tuple[Tolerance, ...]) -> Violation:
    for tolerance in tolerances:
        if tolerance.column in {None, violation.column} and tolerance.rule in {None, violation.rule}:
            taken = violation.model_copy(
                update={
                    "severity": tolerance.severity or violation.severity,
                    "max_failures": tolerance.max_failures,
                }
            )
            if violation.rule in UNREADABLE and violation.judges and not taken.judges:
                return taken.model_copy(update={"expected": f"{violation.expected}; its other rules were not asked"})
            return taken
    return violation
