"""How often the same held-out rows were asked, and what that leaves of an answer.

Every candidate that is judged on the same rows, and changed because of what they said, fits them a little. The budget
is ease.ml/ci's (Renggli et al., MLSys 2019, arXiv 1903.00278): of H uses each is given 1/H of the error, where answers
are not used or rows are replaced at the first change, and 1/2^H, where every answer is used, since so many different
ways of going on there are.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from mlgate.records import HoldoutUse
from mlgate.verdict import Finding, Outcome

if TYPE_CHECKING:
    from mlgate.config.gate import Gate, Holdout
    from mlgate.evaluation.paired import Floats, Paired

RULE = "held-out rows"


def rows_digest(paired: Paired) -> str:
    """Return the sha256 over keys and labels: what is asked, whatever file it is in."""
    digest = hashlib.sha256()
    for key in np.asarray(paired.keys).tolist():
        digest.update(repr(key).encode() + b"\n")
    digest.update("\0".join(paired.classes).encode())
    digest.update(np.ascontiguousarray(paired.label).tobytes())
    return digest.hexdigest()


def predictions_digest(paired: Paired) -> str:
    """Return the sha256 over the candidate's predictions: asking about the same ones again costs nothing."""
    digest = hashlib.sha256(_bytes(paired.candidate))
    if paired.candidate_probabilities is not None:
        digest.update(_bytes(paired.candidate_probabilities))
    return digest.hexdigest()


def level(holdout: Holdout, confidence_level: float) -> float:
    """Return the level of each use that leaves `confidence_level` for all of them."""
    shares = 2.0**holdout.max_uses if holdout.adaptivity == "full" else float(holdout.max_uses)
    return 1 - (1 - confidence_level) / shares


def used(gate: Gate, digest: str, use: int, *, retired: bool) -> HoldoutUse:
    """Write down a use, and the level that it is judged at; `retired` says that a candidate passed on these rows."""
    holdout = gate.holdout
    return HoldoutUse(
        digest=digest,
        use=use,
        max_uses=holdout.max_uses if holdout else None,
        adaptivity=holdout.adaptivity if holdout else None,
        confidence_level=level(holdout, gate.confidence_level) if holdout else gate.confidence_level,
        retired=retired and holdout is not None and holdout.adaptivity == "first_change",
    )


def exhausted(holdout: Holdout, use: HoldoutUse) -> Finding | None:
    """Return the finding that these rows are worn out; None while they are not."""
    if use.retired:
        reason, why = "retired", "a candidate that was judged on these rows is in production (adaptivity: first_change)"
    elif use.use > holdout.max_uses:
        reason, why = "exhausted", f"use {use.use} of these rows, and max_uses is {holdout.max_uses}"
    else:
        return None
    blocks = holdout.on_exhausted == "fail"
    return Finding(
        rule=RULE,
        outcome=Outcome.FAIL if blocks else Outcome.INCONCLUSIVE,
        reason=f"holdout_{reason}",
        sentence=f"{why}; what it says of one more candidate is luck in part: hold out other rows",
        judged=blocks,
    )


def _bytes(values: Floats) -> bytes:
    return np.ascontiguousarray(values).tobytes()
