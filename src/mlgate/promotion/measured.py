"""What was measured of a version when it was promoted, in a tag of its entry: a metric can be followed from there."""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING

from mlgate.records import Promoted
from mlgate.tag_names import MEASURED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlgate.promotion.history import Entry
    from mlgate.records import ComparisonRecord

MOST_METRICS, LONGEST_NAME = 30, 80  # MLflow's tags hold 5,000 characters


def metrics_of(evidence: ComparisonRecord) -> dict[str, float]:
    """Return the candidate's finite values of the first MOST_METRICS metrics."""
    found = {one.metric: one.candidate for one in evidence.results if one.candidate is not None}
    finite = [(metric, value) for metric, value in found.items() if isfinite(value) and len(metric) <= LONGEST_NAME]
    return dict(finite[:MOST_METRICS])


def measured(evidence: ComparisonRecord) -> str:
    """Write the metrics, and the digest of the rows that they are of, as a tag holds them."""
    told = {"held_out": evidence.held_out.sha256, "metrics": metrics_of(evidence)}
    return json.dumps(told, separators=(",", ":"))


def promoted(entries: Iterable[Entry]) -> tuple[Promoted, ...]:
    """Read entries' tags back, the oldest first; one without a tag, or with another's, is left out."""
    found = []
    for entry in entries:
        try:
            told = json.loads(entry.tags.get(MEASURED, ""))
            found.append(Promoted.model_validate({**told, "version": entry.version, "at": entry.created_at}))
        except (ValueError, TypeError):
            continue
    return tuple(sorted(found, key=lambda one: int(one.version)))
