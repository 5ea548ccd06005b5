"""The rules that did not hold, each with the line where it is written: what a pull request shows beside that line."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from mlgate.escape import SENTENCE_LIMIT, visible
from mlgate.records import ComparisonRecord, ValidationRecord
from mlgate.report.templates import sentence
from mlgate.verdict import Finding, Outcome, Place, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mlgate.records import Record
    from mlgate.report.report import ModelReport

TITLE_LIMIT = 200
PATH_LIMIT = 500
MOST_LINES = 10_000_000


class Annotation(Value):
    """A sentence about a line; one without a place is about the commit as a whole."""

    level: Literal["error", "warning"]
    title: str
    message: str
    place: Place | None = None


def failures(models: Iterable[ModelReport]) -> tuple[Annotation, ...]:
    """List what did not hold, worst first: errors where it stopped a model, warnings where it was let through."""
    found = [one for model in models for record in model.records.all() for one in _of_record(model, record)]
    found.sort(key=lambda one: -one[0].severity)
    return tuple(annotation for _, annotation in found)


def first(found: Sequence[Annotation], most: int) -> tuple[Annotation, ...]:
    """Return at most so many, of which the last says how many are left out."""
    if len(found) <= most:
        return tuple(found)
    rest = found[most - 1 :]
    message = f"{len(rest):,} more rules did not hold; the report lists them."
    return (*found[: most - 1], rest[0].model_copy(update={"title": f"{len(rest):,} more", "message": message}))


def _of_record(model: ModelReport, record: Record) -> list[tuple[Outcome, Annotation]]:
    """List a record's findings; where none of them explains a verdict that did not pass, the verdict itself."""
    failed = [one for one in _findings(record) if one.judged and one.outcome is not Outcome.PASS]
    if failed or record.verdict.passed:
        level: Literal["error", "warning"] = "warning" if record.verdict.passed else "error"
        return [(one.outcome, _annotation(level, model, one.rule, one.sentence, one.place)) for one in failed]
    verdict = record.verdict
    return [(verdict.outcome, _annotation("error", model, verdict.decided_by, verdict.sentence, None))]


def _findings(record: Record) -> Iterable[Finding]:
    if isinstance(record, ValidationRecord):
        return record.findings
    if isinstance(record, ComparisonRecord):
        on_slices = (result for part in record.slices for result in part.results)
        return [result.finding for result in (*record.results, *on_slices)]
    return ()


def _annotation(
    level: Literal["error", "warning"], model: ModelReport, rule: str, said: str, place: Place | None
) -> Annotation:
    return Annotation(
        level=level,
        title=visible(f"{model.name}: {rule}", TITLE_LIMIT),
        message=visible(sentence(said), SENTENCE_LIMIT),
        place=place if place is not None and _is_in_repository(place) else None,
    )


def _is_in_repository(place: Place) -> bool:
    """Whether a place, which may be of a stranger's record, is one that a repository can have."""
    path = PurePosixPath(place.path)
    plain = place.path.isprintable() and 0 < len(place.path) <= PATH_LIMIT
    inside = not path.is_absolute() and ".." not in path.parts and "\\" not in place.path
    return plain and inside and (place.line is None or 0 < place.line <= MOST_LINES)
