"""Who may change the policy: a change of it counts once the base's policy passes the candidate, too, or is approved."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from mlgate.verdict import Verdict

if TYPE_CHECKING:
    from mlgate.records import PolicyChange, PolicyDifference

DECIDED_BY = "policy of the base"
LABEL = "mlgate: policy"


def approval_label(base_digest: str, digest: str) -> str:
    """Name the label that approves replacing the one policy by the other, and no other change.

    A label of one fixed name would go on approving whatever is pushed after it was given.
    """
    pair = hashlib.sha256(f"{base_digest} {digest}".encode()).hexdigest()
    return f"{LABEL} {pair[:16]}"


def in_words(one: PolicyDifference) -> str:
    """Write a difference as ``gate.rules: `roc_auc >= 0.9` becomes `roc_auc >= 0.5` ``."""
    before, now = (f"`{value}`" if value else "nothing" for value in (one.base, one.now))
    return f"{one.key}: {before} becomes {now}"


def overall(own: Verdict, change: PolicyChange | None) -> Verdict:
    """Let the worse of the two policies decide, unless the change of the policy is approved or nothing is known."""
    by_base = change.verdict if change is not None else None
    if change is None or by_base is None or change.holds or own.outcome.severity >= by_base.outcome.severity:
        return own
    more = len(change.differences) - 1
    what = in_words(change.differences[0]) + (f" and {more} more" if more > 0 else "")
    sentence = (
        f"this change edits how it is judged ({what}), and the base's policy says: {by_base.sentence}; "
        f"a maintainer can approve the edit by the label `{change.label}`"
    )
    return Verdict(outcome=by_base.outcome, decided_by=DECIDED_BY, sentence=sentence)
