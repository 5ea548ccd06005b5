"""Render a report as the pull-request comment and the job summary; neither is ever too long."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from mlgate.report import links, marks
from mlgate.report.head import Head, worst_first
from mlgate.report.layout import Layout
from mlgate.report.planner import OPTIONAL, Frame, Plan, fit
from mlgate.report.report import overall
from mlgate.report.templates import block, markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlgate.report.planner import Section
    from mlgate.report.report import ModelReport, Report

# GitHub counts 65,536 characters and drops a summary over 1 MiB; bytes are never fewer than characters.
COMMENT_BYTES = 65_536 - 1_536
SUMMARY_BYTES = 1024 * 1024 - 16_384
CHECK_BYTES = 65_535 - 1_535  # GitHub counts bytes of a check run's summary


def comment(report: Report, others: Sequence[marks.Section] = (), layout: Layout | None = None) -> str:
    """Render the pull-request comment, at most 64,000 bytes; `others` are sections that other jobs wrote into it."""
    layout = layout or Layout()
    rendered: list[Section] = [_Rendered(report=report, model=model, layout=layout) for model in report.models]
    ours = {section.head.key for section in rendered}
    kept = [_Kept(section=section) for section in others if section.head.key not in ours]
    return _fit(report, [*rendered, *kept], COMMENT_BYTES, marked=True)


def summary(report: Report, layout: Layout | None = None) -> str:
    """Render the job summary: the same without hidden lines, at most 1 MiB."""
    layout = layout or Layout()
    sections = [_Rendered(report=report, model=model, layout=layout) for model in report.models]
    return _fit(report, sections, SUMMARY_BYTES, marked=False)


def section(model: ModelReport, report: Report, layout: Layout | None = None) -> str:
    """Render one model alone, as its check run shows it, at most 64,000 bytes."""
    alone = report.model_copy(update={"models": (model,), "verdict": model.verdict})
    return _fit(alone, [_Rendered(report=alone, model=model, layout=layout or Layout())], CHECK_BYTES, marked=False)


@dataclass(frozen=True, kw_only=True)
class _Rendered:
    """A section of this report: each block is rendered when it is asked for, once for each number of rows."""

    report: Report
    model: ModelReport
    layout: Layout
    written: dict[tuple[str, int | None], str] = field(default_factory=dict)

    @cached_property
    def head(self) -> Head:
        """The model's line."""
        return Head.of(self.model, self.report)

    @property
    def names(self) -> Sequence[str]:
        """Every block of the layout."""
        return self.layout.names

    def block(self, name: str, rows: int | None) -> str:
        """Render one block."""
        if (name, rows) not in self.written:
            values = {"report": self.report, "model": self.model, "rows": rows}
            self.written[name, rows] = self.layout.block(name, values)
        return self.written[name, rows]


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """A section that another job wrote: its blocks stay as they are, or are left out."""

    section: marks.Section

    @property
    def head(self) -> Head:
        """The model's line."""
        return self.section.head

    @property
    def names(self) -> Sequence[str]:
        """The blocks that it was written with."""
        return tuple(self.section.blocks)

    def block(self, name: str, _rows: int | None) -> str:
        """Return one block."""
        return self.section.blocks[name]


def _fit(report: Report, sections: Sequence[Section], limit: int, *, marked: bool) -> str:
    frames = markdown().get_template("comment.md.j2")
    heads = worst_first([section.head for section in sections])
    order = {head.key: place for place, head in enumerate(heads)}
    shown = sorted(sections, key=lambda section: order[section.head.key])
    named = Counter(head.model for head in heads)
    values = {
        "report": report,
        "heads": heads,
        "verdict": overall([head.verdict for head in heads]),
        "alike": {name for name, count in named.items() if count > 1},
        "commit": links.commit_of(report),
    }
    tables: dict[int | None, str] = {}
    titles = {head.key: block(frames, "title", {**values, "head": head}) if len(heads) > 1 else "" for head in heads}

    def before(plan: Plan) -> str:
        if plan.lines not in tables:
            around = [block(frames, name, {**values, "lines": plan.lines}) for name in ("alert", "models")]
            tables[plan.lines] = "\n\n".join(part for part in around if part)
        return f"{marks.first_line()}\n{tables[plan.lines]}" if marked else tables[plan.lines]

    def after(plan: Plan) -> str:
        left_out = [OPTIONAL[name] for name in plan.left_out]
        hidden = len(sections) - plan.sections if plan.sections is not None else 0
        if hidden > 0:
            left_out.append(f"the details of {hidden:,} models")
        last = {**values, "left_out": left_out, "rows": plan.rows}
        parts = [block(frames, name, last) for name in ("shortened", "footer")]
        end = [marks.last_line()] if marked and sections else []
        return "\n\n".join([*end, *(part for part in parts if part)])

    def opening(section: Section) -> str:
        title = titles[section.head.key]
        return f"{marks.section_line(section.head)}\n{title}".rstrip("\n") if marked else title

    def hidden(section: Section) -> str:
        return marks.section_line(section.head.line()) if marked else ""

    def naming(name: str) -> str:
        return f"{marks.block_line(name)}\n" if marked else ""

    return fit(shown, Frame(before=before, after=after, opening=opening, naming=naming, hidden=hidden), limit)
