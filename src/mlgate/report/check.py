"""One model's verdict on a commit: what a check run says, within GitHub's limits."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from mlgate.escape import visible
from mlgate.report import facts
from mlgate.report.annotations import Annotation, failures, first
from mlgate.report.links import safe_url
from mlgate.report.markdown import section
from mlgate.verdict import Outcome, Value

if TYPE_CHECKING:
    from mlgate.report.report import ModelReport, Report

MOST = 200  # annotations: four requests
MOST_CLAIMED = 20  # models, and annotations of each, of a run that nobody vouches for
NAME_LIMIT = 100


class Check(Value):
    """What is said: `name` is what a branch's rules require, `key` tells ours from others of the same name.

    `claimed` is an outcome that a run with a stranger's code says of itself: it must not satisfy a required check.
    """

    name: str
    key: str
    commit: str
    outcome: Outcome
    claimed: bool = False
    title: str
    summary: str
    completed_at: datetime
    url: str | None = None
    annotations: tuple[Annotation, ...] = ()


def checks(report: Report, commit: str) -> tuple[Check, ...]:
    """Make the check of each model for `commit`; of a stranger's, those of the first few, since each takes requests."""
    models = report.models if report.context.trusted else report.models[:MOST_CLAIMED]
    return tuple(_check(model, report, commit) for model in models)


def _check(model: ModelReport, report: Report, commit: str) -> Check:
    context = report.context
    outcome = model.verdict.outcome
    named = [visible(part, NAME_LIMIT) for part in (context.project, model.name) if part]
    said = outcome.value if context.trusted else f"{outcome.value}, as the pull request's own run claims"
    placed = [one for one in failures([model]) if one.place is not None]
    return Check(
        name=" / ".join(["mlgate", *named]),
        key=":".join(["mlgate", *named]),
        commit=commit,
        outcome=outcome,
        claimed=not context.trusted,
        title=visible(f"{said}: {facts.happened(model, context)}", 200),
        summary=section(model, report),
        completed_at=context.generated_at,
        url=safe_url(context.run_url),
        annotations=first(placed, MOST if context.trusted else MOST_CLAIMED),
    )
