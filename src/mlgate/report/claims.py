"""Records that a stranger's code may have written: what they may tell, and whether they agree with themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.report import portions
from mlgate.verdict import Finding, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlgate.records import ComparisonRecord
    from mlgate.report.model_records import ModelRecords

NOT_OURS = "the records were not written by mlgate"
OWN = "the run's own claim"
PARDONS = {"on_inconclusive: pass", "on_inconclusive: warn"}
REFUSING = {Outcome.FAIL, Outcome.ERROR}


def claims(records: ModelRecords) -> ModelRecords:
    """Keep what a check may claim: it promotes nothing, nobody approved a policy in it, and it passes in our words.

    Verdicts are held against all findings; what is shown of them is a portion.
    """
    validation, training, comparison = records.validation, records.training, records.comparison
    if validation is not None:
        verdict = _restated("validation", validation.verdict, validation.findings)
        validation = portions.of_validation(validation).model_copy(update={"verdict": verdict})
    if training is not None:
        outcome = training.verdict.outcome
        verdict = Verdict(outcome=outcome, decided_by="training", sentence=f"the training's own record says {outcome}")
        training = portions.of_training(training).model_copy(update={"verdict": verdict})
    if comparison is not None:
        verdict = _restated("comparison", comparison.verdict, _findings(comparison))
        comparison = portions.of_comparison(comparison).model_copy(update={"verdict": verdict, "policy": None})
    failure = records.failure
    if failure is not None:
        said = "the run's own record says that an error ended it; its log says more"
        verdict = Verdict(outcome=Outcome.ERROR, decided_by=OWN, sentence=said)
        failure = failure.model_copy(update={"verdict": verdict, "hint": ""})
    kept = {"validation": validation, "training": training, "comparison": comparison, "failure": failure}
    before = records.production_training
    kept |= {"promotion": None, "production_training": portions.of_training(before) if before is not None else None}
    return records.model_copy(update=kept)


def _restated(step: str, claimed: Verdict, findings: Sequence[Finding]) -> Verdict:
    """Say a claimed verdict as its findings bear it out; a PASS says no word of the record's."""
    judged = [one for one in findings if one.judged]
    found = Verdict.of(judged, empty=f"none of the {step}'s rules was judged")
    if not claimed.passed:
        if judged and found.outcome is claimed.outcome:
            return found
        unknown = f"the {step}'s own record says {claimed.outcome}; none of its rules does"
        return Verdict(outcome=claimed.outcome, decided_by=OWN, sentence=unknown)
    if found.passed:
        held = "the one rule holds" if len(judged) == 1 else f"all {len(judged)} rules hold"
        return Verdict(outcome=Outcome.PASS, decided_by="every rule", sentence=held)
    if judged and found.outcome is Outcome.INCONCLUSIVE and claimed.decided_by in PARDONS:
        open_ones = sum(one.outcome is Outcome.INCONCLUSIVE for one in judged)
        let = f"{open_ones} of {len(judged)} rules inconclusive and let through"
        return Verdict(outcome=Outcome.PASS, decided_by=claimed.decided_by, sentence=let)
    but = f"its rule {found.decided_by} says {found.outcome}" if judged else "none of its rules was judged"
    return _contradicted(f"the {step} says PASS, and {but}: {NOT_OURS}")


def _contradicted(sentence: str) -> Verdict:
    return Verdict(outcome=Outcome.ERROR, decided_by="records", sentence=sentence)


def _findings(comparison: ComparisonRecord) -> list[Finding]:
    answers = [*comparison.results, *(result for part in comparison.slices for result in part.results)]
    return [one.finding for one in answers]


def contradiction(records: ModelRecords) -> str | None:
    """Say where a record passes although one of its findings does not; no step of ours writes such a record."""
    validation, training, comparison = records.validation, records.training, records.comparison
    if training is not None and training.verdict.passed and training.candidate is None:
        return f"the training says PASS, and it made no candidate: {NOT_OURS}"
    if validation is not None and validation.verdict.passed:
        broken = next((one for one in validation.violations if one.judges), None)
        if broken is not None:
            return f"the validation says PASS, and its rule {broken.rule} is broken: {NOT_OURS}"
    if comparison is not None and comparison.verdict.passed and comparison.policy is None:
        findings = _findings(comparison)
        failed = next((one for one in findings if one.judged and one.outcome in REFUSING), None)
        if failed is not None:
            return f"the comparison says PASS, and its rule {failed.rule} says {failed.outcome}: {NOT_OURS}"
    return None
