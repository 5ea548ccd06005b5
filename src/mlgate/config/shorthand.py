r"""The one-line conditions of ease.ml/ci, read as rules (Renggli et al., MLSys 2019, arXiv 1903.00278).

`n - o > 0.02 +/- 0.01 /\ d < 0.1 +/- 0.01`: n is the candidate's accuracy, o production's, d the share of rows on
which the two predict differently. A condition holds when the whole interval is on its side; what comes after `+/-`
is how wide half of the interval may be for the answer to count.
"""

from __future__ import annotations

import re

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_CLAUSE = re.compile(
    rf"\s*(?P<of>n\s*-\s*o|n|d)\s*(?P<side>[<>])\s*(?P<bound>{_NUMBER})\s*\+/-\s*(?P<tol>{_NUMBER})\s*"
)


def rules_of(condition: str) -> list[dict[str, object]]:
    r"""Return the rules that a condition stands for; its clauses are joined by `/\`. Raises ValueError."""
    return [_rule(clause) for clause in re.split(r"/\\", condition)]


def _rule(clause: str) -> dict[str, object]:
    found = _CLAUSE.fullmatch(clause)
    if found is None:
        asked = "expected n - o > X +/- E, n > X +/- E or d < X +/- E, joined by /\\"
        raise ValueError(f"{clause.strip()[:80]!r} is no condition: {asked}")
    of, side = re.sub(r"\s", "", found["of"]), found["side"]
    bound, tolerance = float(found["bound"]), float(found["tol"])
    if not tolerance > 0:
        raise ValueError(f"{clause.strip()[:80]!r}: what follows +/- must be above 0")
    if side != ("<" if of == "d" else ">"):
        raise ValueError(f"{clause.strip()[:80]!r}: {'d is bounded by <' if of == 'd' else f'{of} is bounded by >'}")
    if of == "n":
        return {"metric": "accuracy", "lower_bound": bound, "tolerance": tolerance}
    if of == "d":
        return {"metric": "disagreement", "upper_bound": bound, "tolerance": tolerance}
    if bound < 0:
        return {"metric": "accuracy", "test": "non_inferiority", "margin": -bound, "tolerance": tolerance}
    return {"metric": "accuracy", "test": "superiority", "min_effect": bound, "tolerance": tolerance}
