"""Render a report as the pull-request comment and the job summary; neither is ever too long."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mlgate.report.marker import Marker
from mlgate.report.templates import blocks, markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlgate.report.report import Report

# GitHub counts 65,536 characters and drops a summary over 1 MiB; bytes are never fewer than characters.
COMMENT_BYTES = 65_536 - 1_536
SUMMARY_BYTES = 1024 * 1024 - 16_384

# What may be left out of every model's part, least important first, and what readers call it.
_OPTIONAL = {
    "environment": "environment",
    "changes": "what the candidate is made of",
    "power": "power",
    "findings": "findings in sentences",
    "hints": "hints",
    "validation": "how the data moved",
    "flips": "flips",
    "slices": "slices",
    "data": "data",
}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much is shown: which parts are left out, how many entries a list has, how many models have their part."""

    left_out: tuple[str, ...] = field(default=())
    rows: int | None = None
    sections: int | None = None
    shown: int | None = None


def plans() -> Iterator[Plan]:
    """Give the plans from everything to the least; the last is small whatever the records hold."""
    for rows in (None, 1000, 300, 100):
        yield Plan(rows=rows)
    names = tuple(_OPTIONAL)
    for fewer, least in ((100, 1), (40, 0), (12, 0)):
        for dropped in range(least, len(names) + 1):
            yield Plan(left_out=names[:dropped], rows=fewer)
    for sections in (20, 8, 3, 1, 0):
        yield Plan(left_out=names, rows=5, sections=sections, shown=max(sections, 10))


def comment(report: Report, marker: Marker | None = None) -> str:
    """Render the pull-request comment: the hidden marker first, at most 64,000 bytes."""
    return _fit(report, COMMENT_BYTES, f"{marker or Marker()}\n")


def summary(report: Report) -> str:
    """Render the job summary: the same without a marker, at most 1 MiB."""
    return _fit(report, SUMMARY_BYTES, "")


def _fit(report: Report, limit: int, first: str) -> str:
    for plan in plans():
        text = first + _render(report, plan, limit)
        if len(text.encode()) <= limit:
            return text
    raise AssertionError("the last plan fits whatever the records hold")


def _render(report: Report, plan: Plan, limit: int) -> str:
    """Write the parts of `plan`; stop early once they are past `limit`, because the next plan is due then."""
    environment = markdown()
    values = {"report": report, "single": len(report.models) == 1, "rows": plan.rows, "shown": plan.shown}
    left_out = [_OPTIONAL[name] for name in plan.left_out]
    hidden = len(report.models) - plan.sections if plan.sections is not None else 0
    if hidden > 0:
        left_out.append(f"the details of {hidden:,} models")
    around = blocks(environment.get_template("comment.md.j2"), {**values, "left_out": left_out})
    parts = [around["alert"], around["models"]]
    size = 0
    template = environment.get_template("model.md.j2")
    for model in report.models[: plan.sections]:
        written = blocks(template, {**values, "model": model})
        shown = [text for name, text in written.items() if name not in plan.left_out]
        parts += shown
        size += sum(len(text) for text in shown)
        if size > limit:
            break
    parts += [around["shortened"], around["footer"]]
    return "\n\n".join(part for part in parts if part.strip()) + "\n"
