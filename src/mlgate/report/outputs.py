"""The outputs of the action, and the report as a document for machines."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlgate.report.report import ModelReport, Report


def outputs(report: Report) -> dict[str, str]:
    """Give the action's outputs; of several models, the versions are those of the worst, and `json` holds all."""
    first = report.models[0] if report.models else None
    return {
        "verdict": report.verdict.outcome.value,
        "passed": "true" if report.verdict.passed else "false",
        "candidate-version": number(first.candidate) if first else "",
        "production-version": number(first.production) if first else "",
        "json": json.dumps(_overview(report), separators=(",", ":"), allow_nan=False),
    }


def number(version: str | None) -> str:
    """Give a version out where it is a number: a workflow may put it into a command, and a record may hold anything."""
    return version if version is not None and re.fullmatch(r"[0-9]{1,20}", version) else ""


def document(report: Report) -> str:
    """Write the whole report as JSON, records included; what is not a finite number is null there."""
    return json.dumps(_finite(report.model_dump(mode="json")), indent=2, allow_nan=False) + "\n"


def _overview(report: Report) -> dict[str, Any]:
    return {
        "verdict": report.verdict.outcome.value,
        "passed": report.verdict.passed,
        "decided-by": report.verdict.decided_by,
        "sentence": report.verdict.sentence,
        "models": {model.name: _model(model) for model in report.models},
    }


def _model(model: ModelReport) -> dict[str, Any]:
    return {
        "case": model.case.value,
        "verdict": model.verdict.outcome.value,
        "passed": model.verdict.passed,
        "decided-by": model.verdict.decided_by,
        "sentence": model.verdict.sentence,
        "candidate-version": number(model.candidate) or None,
        "production-version": number(model.production) or None,
    }


def _finite(value: Any) -> Any:  # noqa: ANN401 (JSON is any value)
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_finite(part) for part in value]
    if isinstance(value, float) and (value != value or value in {float("inf"), float("-inf")}):  # noqa: PLR0124 (NaN)
        return None
    return value
