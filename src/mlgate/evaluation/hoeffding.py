"""How many labels ease.ml/ci asks for (Renggli et al., MLSys 2019, arXiv 1903.00278, section 3).

Its sizes hold for every distribution, by Hoeffding's inequality, and for that ask for many more rows than an interval
that looks at the data. Where the share d of rows that are predicted differently is known to be small, Bennett's
inequality asks for fewer (section 4).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlgate.config.gate import Gate
    from mlgate.config.rule import Rule


def labels(gate: Gate) -> int | None:
    """Return the labels that ease.ml/ci asks for the gate's `when`; None where there is no such condition."""
    if gate.when is None:
        return None
    clauses = [rule for rule in gate.rules if rule.tolerance is not None]
    uses, full = (gate.holdout.max_uses, gate.holdout.adaptivity == "full") if gate.holdout else (1, False)
    ways = uses * math.log(2) if full else math.log(uses)
    log = math.log(len(clauses)) + ways - math.log(1 - gate.confidence_level)
    small = next((rule.upper_bound for rule in clauses if rule.metric == "disagreement"), None)
    sizes = [_of_clause(rule, log, small) for rule in clauses]
    return math.ceil(max(sizes)) if sizes else None


def of_variable(log: float, tolerance: float) -> float:
    """Return the labels for one share; `log` is minus the log of the error."""
    return log / (2 * tolerance**2)


def of_difference(log: float, tolerance: float) -> float:
    """Return the labels for a difference of two shares, each known to half of the tolerance with half of the error."""
    return 4 * (math.log(2) + log) / (2 * tolerance**2)


def of_small_difference(log: float, tolerance: float, disagreement: float) -> float:
    """Return the labels for a difference where at most that share of rows is predicted differently (Bennett)."""
    u = tolerance / disagreement
    return (math.log(4) + log) / (disagreement * ((1 + u) * math.log1p(u) - u))


def _of_clause(rule: Rule, log: float, small: float | None) -> float:
    tolerance = rule.tolerance or math.nan
    if rule.test is None:
        return of_variable(log, tolerance)
    plain = of_difference(log, tolerance)
    return min(plain, of_small_difference(log, tolerance, small)) if small else plain
