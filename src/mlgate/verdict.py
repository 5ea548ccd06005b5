"""Outcome, Finding, Verdict: what every check answers, as values that can be written down."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Self

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Iterable


class Value(BaseModel):
    """A frozen value without surprises: no unknown fields, no coercion of what it holds."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")


class Outcome(StrEnum):
    """The four answers, from best to worst."""

    PASS = "PASS"  # noqa: S105 (a verdict, not a password)
    INCONCLUSIVE = "INCONCLUSIVE"
    FAIL = "FAIL"
    ERROR = "ERROR"

    @property
    def severity(self) -> int:
        """0 for PASS, rising; the worst finding decides."""
        return list(Outcome).index(self)


class Place(Value):
    """Where a rule is written: a file, named from the top of the repository, and its line (from 1) where known."""

    path: str
    line: int | None = None


class Finding(Value):
    """One rule's answer.

    `reason` is a stable code for machines (`regressed`, `not_finite`); `sentence` is for people.
    A finding that does not judge (`judged=False`) is shown and never decides. `place` is where the rule is written.
    """

    rule: str
    outcome: Outcome
    reason: str
    sentence: str
    judged: bool = True
    place: Place | None = None


class Verdict(Value):
    """The worst of the findings, and which rule that was."""

    outcome: Outcome
    decided_by: str
    sentence: str

    def __str__(self) -> str:
        """Give the outcome's word, as a template that writes a verdict means it."""
        return self.outcome.value

    @property
    def passed(self) -> bool:
        """Whether the pipeline may go on."""
        return self.outcome is Outcome.PASS

    @property
    def warned(self) -> bool:
        """Whether it passed only because the gate lets through, with a warning, what the rows cannot decide."""
        return self.passed and self.decided_by == "on_inconclusive: warn"

    @property
    def names_its_place(self) -> bool:
        """Whether the sentence begins with where the rule that decided is, so that it need not be named before it."""
        place = self.decided_by.rpartition(" ")[0]
        return bool(place) and self.sentence.startswith(f"{place}: ")

    @classmethod
    def of(cls, findings: Iterable[Finding], *, empty: str) -> Self:
        """Let the worst finding decide; when none of them judges, INCONCLUSIVE for the reason `empty`."""
        judged = [finding for finding in findings if finding.judged]
        if not judged:
            return cls(outcome=Outcome.INCONCLUSIVE, decided_by="nothing judged", sentence=empty)
        worst = max(judged, key=lambda finding: finding.outcome.severity)
        if worst.outcome is Outcome.PASS:
            rules = {1: worst.sentence, 2: "both rules hold"}.get(len(judged), f"all {len(judged)} rules hold")
            return cls(outcome=Outcome.PASS, decided_by="every rule", sentence=rules)
        return cls(outcome=worst.outcome, decided_by=worst.rule, sentence=worst.sentence)
