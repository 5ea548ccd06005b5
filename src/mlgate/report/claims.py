"""Records that a stranger's code may have written: what they may tell, and whether they agree with themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.verdict import Outcome

if TYPE_CHECKING:
    from mlgate.report.model_records import ModelRecords

NOT_OURS = "the records were not written by mlgate"
REFUSING = {Outcome.FAIL, Outcome.ERROR}


def claims(records: ModelRecords) -> ModelRecords:
    """Keep what a check may claim: it promotes nothing, and nobody approved a policy in it."""
    comparison = records.comparison
    if comparison is not None and comparison.policy is not None:
        comparison = comparison.model_copy(update={"policy": None})
    return records.model_copy(update={"promotion": None, "comparison": comparison})


def contradiction(records: ModelRecords) -> str | None:
    """Say where a record passes although one of its findings does not; no step of ours writes such a record."""
    validation, comparison = records.validation, records.comparison
    if validation is not None and validation.verdict.passed:
        broken = next((one for one in validation.violations if one.judges), None)
        if broken is not None:
            return f"the validation says PASS, and its rule {broken.rule} is broken: {NOT_OURS}"
    if comparison is not None and comparison.verdict.passed and comparison.policy is None:
        answers = [*comparison.results, *(result for part in comparison.slices for result in part.results)]
        failed = next((one.finding for one in answers if one.finding.judged and one.finding.outcome in REFUSING), None)
        if failed is not None:
            return f"the comparison says PASS, and its rule {failed.rule} says {failed.outcome}: {NOT_OURS}"
    return None
