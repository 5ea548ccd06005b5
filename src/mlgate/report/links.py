"""Which addresses and command lines a report may offer; anything unusual is dropped or shown as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mlgate.config.model import MODEL_NAME
from mlgate.report.case import Case

if TYPE_CHECKING:
    from mlgate.report.report import Context, ModelReport, Report

# No user information, no character that Markdown or a shell reads.
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/%?=&#+-]*)?")
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_FOLDER = re.compile(r"(?!-)[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")
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
    """Return the commit that was judged: the context's, else the one that all records are of."""
    if report.context.head_sha:
        return report.context.head_sha
    found = {record.code.commit for model in report.models for record in model.records.all()[-1:]}
    return found.pop() if len(found) == 1 else ""


def judged_commit(model: ModelReport, context: Context) -> str:
    """Return the commit that one model was judged at: the context's, else that of its last record."""
    return context.head_sha or next((record.code.commit for record in model.records.all()[-1:]), "")


def reproduce(model: ModelReport, report: Report) -> str | None:
    """Return the command line that runs the same checks on the same code; None where there is none to offer.

    None is offered for a stranger's code: who wants to run it should decide that by themselves.
    """
    if not report.context.trusted:
        return None
    records = model.records
    checked = records.validation or records.training or records.comparison
    if checked is None or not _named(model):
        return None
    command = f"mlgate run --operation check --model {model.name}"
    made = records.training or records.comparison or checked
    project = report.context.project
    if project and not _FOLDER.fullmatch(project):
        return None
    steps = [f"cd {project}", command] if project else [command]
    if not made.code.dirty and _COMMIT.fullmatch(made.code.commit):
        steps = [*_checkout(made.code.commit, report.context), *steps]
    return " && ".join(steps)


def undo(model: ModelReport) -> str | None:
    """Return the command line that takes a promotion back; None where there is nothing to go back to."""
    promotion = model.records.promotion
    if model.case is not Case.PROMOTED or promotion is None or not promotion.from_version:
        return None
    return f"mlgate rollback --to previous --reason '…' --model {model.name}" if _named(model) else None


def _named(model: ModelReport) -> bool:
    """Whether a shell reads a model's name as it is."""
    return re.fullmatch(MODEL_NAME, model.name) is not None


def _checkout(commit: str, context: Context) -> list[str]:
    """Check out what was judged; of a pull request that is its merge with the base, which no clone has."""
    if not context.pull_request or commit == context.head_sha:
        return [f"git checkout {commit[:12]}"]
    return [f"git fetch origin {commit}", "git checkout FETCH_HEAD"]
