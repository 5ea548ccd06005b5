"""One paragraph about a promotion or rollback, for the summary of a job that reports nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.escape import Markdown, code, prose
from mlgate.report.case import Case, case_of, headline
from mlgate.report.links import safe_url
from mlgate.report.model_records import ModelRecords
from mlgate.report.templates import ICONS, sentence, stop

if TYPE_CHECKING:
    from mlgate.records import PromotionRecord


def paragraph(record: PromotionRecord, page: str | None = None) -> str:
    """Say what became of production, and why, in Markdown; `page` is the version's page in the registry's UI."""
    case = case_of(ModelRecords(promotion=record))
    served = code(f"models:/{record.model}@{record.alias}")
    moved = case in {Case.PROMOTED, Case.STAGED, Case.ROLLED_BACK}
    version = record.to_version if moved else record.from_version
    now = "" if record.status == "done" else "still "
    state = f"{served} is {now}version {code(version)}." if version else f"{served} is still nothing."
    parts = [
        f"{ICONS[record.verdict.outcome.value]} **{code(record.model)}**: {headline(case, record.verdict.outcome)}.",
        prose(sentence(record.sentence)),
        state,
        asked(record),
    ]
    link = safe_url(page)
    if moved and link:
        parts.append(f"[Version {version} in MLflow]({link})")
    return " ".join(part for part in parts if part)


def asked(record: PromotionRecord) -> Markdown:
    """Say who asked for it and why, as far as that is known."""
    by = f"By {code(record.by)}" if record.by else "Why" if record.why else ""
    return Markdown(f"{by}: {prose(stop(record.why))}" if record.why else f"{by}." if by else "")
