"""A stranger's records cut to what a report needs: rendering them must not take longer than a job has."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mlgate.records import ComparisonRecord, MetricResult, SliceResult, TrainingRecord, ValidationRecord
    from mlgate.verdict import Finding

Part = TypeVar("Part")
RULES, SLICES, COLUMNS, NAMES, FEW = 300, 300, 300, 1000, 20


def of_validation(record: ValidationRecord) -> ValidationRecord:
    """Keep the broken rules and moved columns that stand first, and the worst findings."""
    findings = sorted(record.findings, key=_severity)
    return record.model_copy(
        update={
            "findings": tuple(findings[:RULES]),
            "violations": record.violations[:RULES],
            "shifts": record.shifts[:COLUMNS],
            "files": record.files[:FEW],
        }
    )


def of_training(record: TrainingRecord) -> TrainingRecord:
    """Keep the first parameters, packages, curves and files, and the last lines of the log."""
    environment = record.environment
    if environment is not None:
        environment = environment.model_copy(update={"packages": _first(environment.packages)})
    return record.model_copy(
        update={
            "params": _first(record.params),
            "environment": environment,
            "curves": record.curves[:FEW],
            "data": record.data[:FEW],
            "log_tail": record.log_tail[-RULES:],
        }
    )


def of_comparison(record: ComparisonRecord) -> ComparisonRecord:
    """Keep the worst rules and slices."""
    flips = record.flips
    if flips is not None:
        flips = flips.model_copy(update={"examples": flips.examples[:FEW]})
    return record.model_copy(
        update={
            "results": _worst(record.results),
            "slices": tuple(sorted(map(_slice, record.slices), key=_worst_of)[:SLICES]),
            "flips": flips,
            "hints": record.hints[:FEW],
            "history": record.history[-FEW:],
            "train_data": record.train_data[:FEW],
        }
    )


def _slice(part: SliceResult) -> SliceResult:
    return part.model_copy(update={"results": _worst(part.results)[:FEW]})


def _worst(results: Iterable[MetricResult]) -> tuple[MetricResult, ...]:
    return tuple(sorted(results, key=lambda one: _severity(one.finding))[:RULES])


def _worst_of(part: SliceResult) -> tuple[bool, int]:
    return min((_severity(one.finding) for one in part.results), default=(True, 0))


def _severity(finding: Finding) -> tuple[bool, int]:
    return not finding.judged, -finding.outcome.severity


def _first(named: Mapping[str, Part]) -> dict[str, Part]:
    return dict(islice(named.items(), NAMES))
