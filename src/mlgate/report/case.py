"""Which story the records of a model tell; each has its own layout and its own words."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from mlgate.verdict import Outcome

if TYPE_CHECKING:
    from mlgate.records import PromotionRecord, TrainingRecord
    from mlgate.report.model_records import ModelRecords


class Case(StrEnum):
    """How far a model's pipeline went, and how it ended."""

    NOTHING = "nothing"
    REFUSED_DATA = "refused_data"
    VALID = "valid"
    CRASHED = "crashed"
    TRAINED = "trained"
    FIRST = "first"
    COMPARED = "compared"
    UNCHANGED = "unchanged"
    PROMOTED = "promoted"
    STAGED = "staged"
    ROLLED_BACK = "rolled_back"
    PLANNED = "planned"
    NOT_MOVED = "not_moved"
    STALE = "stale"
    FAILED = "failed"


def case_of(records: ModelRecords) -> Case:
    """Read the story from the last step that left a record; an error counts where no step had refused before it."""
    if records.failure is not None and all(record.verdict.passed for record in records.steps()):
        return Case.FAILED
    return _of_steps(records)


def _of_steps(records: ModelRecords) -> Case:
    if records.promotion is not None:
        return _moved(records.promotion)
    if records.comparison is not None:
        if records.comparison.production is None:
            return Case.FIRST
        return Case.UNCHANGED if _made_alike(records.training, records.production_training) else Case.COMPARED
    if records.training is not None:
        return Case.CRASHED if records.training.candidate is None else Case.TRAINED
    if records.validation is not None:
        return Case.VALID if records.validation.verdict.outcome is Outcome.PASS else Case.REFUSED_DATA
    return Case.NOTHING


def _made_alike(training: TrainingRecord | None, production: TrainingRecord | None) -> bool:
    """Whether a candidate was made from the same committed code, configuration and data as production."""
    if training is None or production is None:
        return False
    return not training.code.dirty and _makings(training) == _makings(production)


def _makings(training: TrainingRecord) -> tuple[str, str, int, frozenset[str]]:
    data = frozenset(file.sha256 for file in training.data)
    return training.code.inputs_digest, training.config_digest, training.seed, data


def _moved(promotion: PromotionRecord) -> Case:
    if promotion.status == "planned":
        return Case.PLANNED
    if promotion.status == "refused":
        return Case.STALE if promotion.stale and promotion.reason != "no_evidence" else Case.NOT_MOVED
    if promotion.operation == "rollback":
        return Case.ROLLED_BACK
    return Case.PROMOTED if promotion.stage == "production" else Case.STAGED


_COMPARED = {
    Outcome.PASS: "may replace production",
    Outcome.INCONCLUSIVE: "is not shown to be good enough",
    Outcome.FAIL: "must not replace production",
    Outcome.ERROR: "could not be judged",
}
_FIRST = {
    Outcome.PASS: "may become the first production version",
    Outcome.FAIL: "must not become the first production version",
}
_ALONE = {
    Outcome.PASS: "holds its own bounds; production was not at hand, and a merge compares with it",
    Outcome.FAIL: "does not hold its own bounds",
}
_UNCHANGED = {
    Outcome.PASS: "same code, configuration and data as production; a merge promotes nothing",
    Outcome.FAIL: "same code, configuration and data as production, and yet it must not replace it",
}
_OTHER = {
    Case.NOTHING: "nothing to show",
    Case.REFUSED_DATA: "the data was refused; training was not started",
    Case.VALID: "the data is valid; nothing was trained",
    Case.CRASHED: "the training failed; there is no candidate",
    Case.TRAINED: "a candidate was trained; it was not compared",
    Case.PROMOTED: "promoted",
    Case.STAGED: "promoted to staging; production was not changed",
    Case.ROLLED_BACK: "rolled back",
    Case.PLANNED: "dry run; nothing was changed",
    Case.NOT_MOVED: "production was not changed",
    Case.FAILED: "an error ended the run before it could decide",
    Case.STALE: "the comparison no longer holds; compare again",
}


def headline(case: Case, outcome: Outcome, *, trusted: bool = True) -> str:
    """Say in a few words what happened to the model: what follows the verdict and the model's name.

    A run that is not `trusted` had no credential to see production with.
    """
    if case is Case.COMPARED:
        return f"the candidate {_COMPARED[outcome]}"
    if case is Case.UNCHANGED:
        return _UNCHANGED.get(outcome, f"the candidate {_COMPARED[outcome]}")
    if case is Case.FIRST:
        words = _FIRST if trusted else _ALONE
        return f"the candidate {words.get(outcome, _COMPARED[outcome])}"
    return _OTHER[case]
