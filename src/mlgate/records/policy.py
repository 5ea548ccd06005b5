"""What a change does to the policy that it is judged by, and who approved it."""

from __future__ import annotations

from typing import Literal

from mlgate.verdict import Value, Verdict

Direction = Literal["looser", "other", "stricter"]


class PolicyDifference(Value):
    """One key of the policy on the base and now; None where it does not stand there.

    `looser` means that what passed before passes still and more may; `other` is what cannot be told.
    """

    key: str
    base: str | None
    now: str | None
    direction: Direction


class PolicyChange(Value):
    """How the base's policy differs from the one that a candidate came with, and what each of the two says.

    `unknown` is why the base's policy could not be read; then nothing else is said. `label` is what approves
    the change, `approved` the pull request that has it.
    """

    base_commit: str
    unknown: str = ""
    base_digest: str = ""
    differences: tuple[PolicyDifference, ...] = ()
    own: Verdict | None = None
    verdict: Verdict | None = None
    label: str = ""
    approved: str | None = None

    @property
    def holds(self) -> bool:
        """Whether the candidate may count: it passes by the base's policy, too, or the change was approved."""
        return self.approved is not None or (self.verdict is not None and self.verdict.passed)
