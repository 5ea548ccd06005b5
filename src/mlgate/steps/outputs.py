"""The outputs of a step's action, from the records that it wrote."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mlgate.promotion.history import PRODUCTION
from mlgate.records import ComparisonRecord, PromotionRecord, TrainingRecord
from mlgate.report.outputs import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlgate.records import Record


def step_outputs(records: Sequence[Record]) -> dict[str, str]:
    """Return verdict, passed, candidate-version, production-version and json; of several models, the worst one's."""
    worst = max(records, key=lambda record: record.verdict.outcome.severity)
    overview = {
        record.model: {
            "verdict": record.verdict.outcome.value,
            "sentence": record.verdict.sentence,
            "candidate-version": _candidate(record),
            "production-version": _production(record),
        }
        for record in records
    }
    return {
        "verdict": worst.verdict.outcome.value,
        "passed": "true" if worst.verdict.passed else "false",
        "candidate-version": _candidate(worst),
        "production-version": _production(worst),
        "json": json.dumps(overview, separators=(",", ":")),
    }


def _candidate(record: Record) -> str:
    if isinstance(record, TrainingRecord | ComparisonRecord) and record.candidate is not None:
        return number(record.candidate.version)
    return number(record.candidate) if isinstance(record, PromotionRecord) else ""


def _production(record: Record) -> str:
    if isinstance(record, ComparisonRecord) and record.production is not None:
        return number(record.production.version)
    if isinstance(record, PromotionRecord) and record.stage == PRODUCTION:
        return number(record.to_version)
    return ""
