"""Which addresses and command lines a report may offer; anything unusual is dropped or shown as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mlgate.config.model import MODEL_NAME

if TYPE_CHECKING:
    from mlgate.report.report import Context, ModelReport, Report

# No user information, no character that Markdown or a shell reads.
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/%?=&#+-]*)?")
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_REPOSITORY = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+")


def safe_url(url: str | None) -> str | None:
    """Return `url` when it is a plain http(s) address without credentials, else None."""
    return url if url is not None and len(url) <= 500 and _URL.fullmatch(url) else None


def recorded_url(url: str | None, context: Context) -> str | None:
    """Return an address that stands in a record, unless the records are not to be trusted with links."""
    return safe_url(url) if context.trusted else None


def commit_url(context: Context, commit: str) -> str | None:
    """Return the page of `commit` on the GitHub server that the context names."""
    if not _REPOSITORY.fullmatch(context.repository) or not _COMMIT.fullmatch(commit):
        return None
    return safe_url(f"{context.server_url.rstrip('/')}/{context.repository}/commit/{commit}")


def compare_url(model: ModelReport, context: Context) -> str | None:
    """Return the page of what was committed between production's training and the candidate's."""
    training, production = model.records.training, model.records.production_training
    if training is None or production is None or not context.trusted:
        return None
    if not _REPOSITORY.fullmatch(context.repository):
        return None
    old, new = production.code.commit, training.code.commit
    if old == new or not (_COMMIT.fullmatch(old) and _COMMIT.fullmatch(new)):
        return None
    return safe_url(f"{context.server_url.rstrip('/')}/{context.repository}/compare/{old[:12]}...{new[:12]}")


def pages(model: ModelReport, context: Context) -> list[tuple[str, str]]:
    """Name the pages that say more: the versions and the run in MLflow, the HTML report among the run's artifacts."""
    comparison, training = model.records.comparison, model.records.training
    run = safe_url(context.run_url)
    found = {
        "candidate in MLflow": recorded_url(comparison.candidate_url if comparison else None, context),
        "production in MLflow": recorded_url(comparison.production_url if comparison else None, context),
        "training run": recorded_url(
            comparison.candidate_run_url if comparison else training.run_url if training else None, context
        ),
        "HTML report": f"{run}#artifacts" if run else None,
    }
    return [(name, page) for name, page in found.items() if page]


def commit_of(report: Report) -> str:
    """Return the commit that was judged: the context's, else the first record's."""
    if report.context.head_sha:
        return report.context.head_sha
    records = (record for model in report.models for record in model.records.all())
    return next((record.code.commit for record in records), "")


def reproduce(model: ModelReport, report: Report) -> str | None:
    """Return the command line that runs the same checks on the same commit; None when there is none to offer."""
    records = model.records
    checked = records.validation or records.training or records.comparison
    if checked is None or not re.fullmatch(MODEL_NAME, model.name):
        return None
    command = f"mlgate run --operation check --model {model.name}"
    commit = commit_of(report)
    made = records.training or records.comparison
    whole = made is None or not made.code.dirty
    return f"git checkout {commit[:12]} && {command}" if whole and _COMMIT.fullmatch(commit) else command
