"""The one value that comment, summary, page, document and terminal render: what happened to each model, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field

import mlgate
from mlgate.records import MetricResult  # noqa: TC001 (pydantic reads the annotations at run time)
from mlgate.report import facts
from mlgate.report.case import Case, case_of
from mlgate.report.claims import claims, contradiction
from mlgate.report.model_records import ModelRecords
from mlgate.report.numbers import count
from mlgate.verdict import Outcome, Value, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORMAT: Literal[1] = 1


class Context(Value):
    """Where and when the report was made; on a laptop most of it is empty.

    `project` is the folder of the records, where a repository has several. `trusted` is False when the records were
    written by a job that ran a stranger's code, a fork's: they put no link into our comment, tell of no promotion, and
    what they claim is said to be a claim. `merged` says that the pull request is merged, and the report about what came
    of that; `closed` that it was closed without.
    """

    repository: str = ""
    project: str = ""
    server_url: str = "https://github.com"
    pull_request: int | None = None
    head_sha: str = ""
    run_url: str | None = None
    trusted: bool = True
    merged: bool = False
    closed: bool = False
    generated_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class ModelReport(Value):
    """One model's part of the report."""

    name: str
    case: Case
    verdict: Verdict
    records: ModelRecords

    @cached_property
    def results(self) -> tuple[MetricResult, ...]:
        """The rules' numbers, worst first; within an outcome in the order of the configuration, judged ones first."""
        comparison = self.records.comparison
        if comparison is None:
            return ()
        return tuple(
            sorted(comparison.results, key=lambda one: (not one.finding.judged, -one.finding.outcome.severity))
        )

    @cached_property
    def slices(self) -> facts.SliceAnswers:
        """The answers of the slices."""
        return facts.slices(self.records.comparison)

    @property
    def candidate(self) -> str | None:
        """Version number of the candidate."""
        records = self.records
        if records.comparison is not None:
            return records.comparison.candidate.version
        if records.training is not None and records.training.candidate is not None:
            return records.training.candidate.version
        return records.promotion.candidate if records.promotion is not None else None

    @property
    def production(self) -> str | None:
        """Version number that is in production after what this report tells."""
        records = self.records
        if records.promotion is not None and records.promotion.stage == "production":
            moved = records.promotion.status in {"done", "already"}
            return records.promotion.to_version if moved else records.promotion.from_version
        if records.comparison is not None and records.comparison.production is not None:
            return records.comparison.production.version
        return None


class Stop(Value):
    """What ended a run before it came to any model: its problems, and what to do next."""

    problems: tuple[str, ...] = Field(min_length=1)
    hint: str


class Report(Value):
    """Everything that a reader is told; `verdict` is that of the worst model, or of the `stop` where there was one."""

    format: Literal[1] = FORMAT
    mlgate: str
    context: Context
    verdict: Verdict
    models: tuple[ModelReport, ...]
    stop: Stop | None = None

    @classmethod
    def of(cls, records: Mapping[str, ModelRecords], context: Context) -> Self:
        """Read the records of each model, by name; worst model first, then by name."""
        models = [_model(name, parts if context.trusted else claims(parts)) for name, parts in sorted(records.items())]
        models.sort(key=lambda model: -model.verdict.outcome.severity)
        verdict = overall([model.verdict for model in models])
        return cls(mlgate=mlgate.__version__, context=context, verdict=verdict, models=tuple(models))

    @classmethod
    def of_stop(cls, stop: Stop, context: Context) -> Self:
        """Tell of a run that came to no model."""
        more = f" (and {count(len(stop.problems) - 1, 'more problem')})" if len(stop.problems) > 1 else ""
        verdict = Verdict(outcome=Outcome.ERROR, decided_by="an error", sentence=stop.problems[0] + more)
        return cls(mlgate=mlgate.__version__, context=context, verdict=verdict, models=(), stop=stop)

    @property
    def is_empty(self) -> bool:
        """Whether no step of any model left a record: there is nothing that a comment could tell."""
        return all(model.case is Case.NOTHING for model in self.models)


def _model(name: str, records: ModelRecords) -> ModelReport:
    case = case_of(records)
    return ModelReport(name=name, case=case, verdict=_verdict(case, records), records=records)


def _verdict(case: Case, records: ModelRecords) -> Verdict:
    """Let the promotion decide where there was one, else the worst step; only a comparison can pass a candidate."""
    contradicted = contradiction(records)
    if contradicted:
        return Verdict(outcome=Outcome.ERROR, decided_by="records", sentence=contradicted)
    decisive = records.failure if case is Case.FAILED else records.promotion
    if decisive is not None:
        return decisive.verdict
    if case is Case.NOTHING:
        return _undecided("no record", "no step left a record, so nothing was judged")
    # A later step says more about the same outcome than an earlier one.
    worst = max(reversed(records.steps()), key=lambda record: record.verdict.outcome.severity).verdict
    if worst.outcome is Outcome.PASS and case is Case.VALID:
        return _undecided("no candidate", "the data passed its checks, but no candidate was trained and compared")
    if worst.outcome is Outcome.PASS and case is Case.TRAINED:
        return _undecided("no comparison", "a candidate was trained, but it was not compared, so nothing was judged")
    return worst


def _undecided(decided_by: str, sentence: str) -> Verdict:
    return Verdict(outcome=Outcome.INCONCLUSIVE, decided_by=decided_by, sentence=sentence)


def overall(verdicts: Sequence[Verdict]) -> Verdict:
    """Let the worst of several models' verdicts decide."""
    if not verdicts:
        return _undecided("no model", "no step left a record, so nothing was judged")
    worst = max(verdicts, key=lambda verdict: verdict.outcome.severity)
    if len(verdicts) == 1 or worst.outcome is not Outcome.PASS:
        return worst
    all_pass = "both models pass" if len(verdicts) == 2 else f"all {len(verdicts)} models pass"
    warned = [verdict for verdict in verdicts if verdict.warned]
    if warned:
        return warned[0].model_copy(update={"sentence": f"{all_pass}, {len(warned)} with a warning"})
    return Verdict(outcome=Outcome.PASS, decided_by="every model", sentence=all_pass)
