"""What the table on top of a comment says of a model; it travels in the comment, and any job can write the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from mlgate.escape import SENTENCE_LIMIT, visible
from mlgate.report import facts, links
from mlgate.verdict import Outcome, Value, Verdict

SHORT = 80

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlgate.report.report import ModelReport, Report


class Head(Value):
    """A model's line: what was decided, about which versions and commit.

    `project` is the folder of the records, which tells models of the same name apart. The digests say what was judged:
    the candidate's files, the held-out rows, the gate. `at` is when the report was made, by which a job knows its line.
    """

    model: str
    project: str = ""
    outcome: Outcome
    decided_by: str
    sentence: str
    happened: str
    candidate: str | None = None
    production: str | None = None
    commit: str = ""
    manifest: str = ""
    held_out: str = ""
    gate: str = ""
    at: str = ""

    @classmethod
    def of(cls, model: ModelReport, report: Report) -> Self:
        """Read the line from a model's part of a report."""
        return cls(
            model=visible(model.name, 200),
            project=visible(report.context.project, 200),
            outcome=model.verdict.outcome,
            decided_by=visible(model.verdict.decided_by),
            sentence=visible(model.verdict.sentence, SENTENCE_LIMIT),
            happened=facts.happened(model, report.context),
            candidate=_clamped(model.candidate),
            production=_clamped(model.production),
            commit=visible(links.judged_commit(model, report.context), 64),
            at=report.context.generated_at.isoformat(timespec="seconds"),
            **_digests(model),
        )

    def line(self) -> Head:
        """Keep what the alert and the table on top say, and no more."""
        shorter = {"sentence": visible(self.sentence, SHORT), "decided_by": visible(self.decided_by, SHORT)}
        return self.model_copy(update={**shorter, "manifest": "", "held_out": "", "gate": ""})

    @property
    def key(self) -> tuple[str, str]:
        """Which section this is: a later one with the same key takes its place."""
        return self.project, self.model

    @property
    def verdict(self) -> Verdict:
        """The model's verdict."""
        return Verdict(outcome=self.outcome, decided_by=self.decided_by, sentence=self.sentence)


def worst_first(heads: Sequence[Head]) -> list[Head]:
    """Sort by verdict, then by name: whichever job writes, the order is the same."""
    return sorted(heads, key=lambda head: (-head.outcome.severity, head.model, head.project))


def _digests(model: ModelReport) -> dict[str, str]:
    comparison = model.records.comparison
    if comparison is None:
        return {}
    found = {
        "manifest": comparison.candidate.manifest_digest,
        "held_out": comparison.held_out.sha256,
        "gate": comparison.gate_digest,
    }
    return {name: visible(digest, 80) for name, digest in found.items()}


def _clamped(value: str | None) -> str | None:
    return None if value is None else visible(value, 20)
