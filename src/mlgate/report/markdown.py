"""Render a report as the pull-request comment and the job summary; neither is ever too long."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mlgate.report import links, marks
from mlgate.report.head import Head, worst_first
from mlgate.report.layout import Layout
from mlgate.report.numbers import count
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
    around = _Around(report=report, sections=sections, marked=marked)
    frame = Frame(
        before=around.before,
        after=around.after,
        opening=around.opening,
        naming=around.naming,
        hidden=around.hidden,
    )
    return fit(around.worst_first, frame, limit)


@dataclass(frozen=True, kw_only=True)
class _Around:
    """What stands around the sections of a text: `marked` with hidden lines, as a comment is, or without them."""

    report: Report
    sections: Sequence[Section]
    marked: bool
    tables: dict[int | None, str] = field(default_factory=dict)

    @cached_property
    def heads(self) -> list[Head]:
        """Every model's line, worst first."""
        return worst_first([section.head for section in self.sections])

    @cached_property
    def worst_first(self) -> list[Section]:
        """The sections in the order of their lines."""
        places = {head.key: place for place, head in enumerate(self.heads)}
        return sorted(self.sections, key=lambda section: places[section.head.key])

    @cached_property
    def values(self) -> dict[str, Any]:
        """What the blocks around the sections may use; `alike` are names that models of several projects have."""
        named = Counter(head.model for head in self.heads)
        return {
            "report": self.report,
            "heads": self.heads,
            "verdict": overall([head.verdict for head in self.heads]),
            "alike": {name for name, times in named.items() if times > 1},
            "commit": links.commit_of(self.report),
        }

    @cached_property
    def titles(self) -> dict[tuple[str, str], str]:
        """Each section's title."""
        return {head.key: self._blocks(("title",), head=head) for head in self.heads}

    def before(self, plan: Plan) -> str:
        """Write the alert and the table of models."""
        if plan.lines not in self.tables:
            self.tables[plan.lines] = self._blocks(("alert", "models"), lines=plan.lines)
        table = self.tables[plan.lines]
        return f"{marks.first_line()}\n{table}" if self.marked else table

    def after(self, plan: Plan) -> str:
        """Say what was left out, and when and by which job this was written."""
        left_out = [OPTIONAL[name] for name in plan.left_out]
        hidden = len(self.sections) - plan.sections if plan.sections is not None else 0
        if hidden > 0:
            left_out.append(f"the details of {count(hidden, 'model')}")
        last = self._blocks(("shortened", "footer"), left_out=left_out, rows=plan.rows)
        return f"{marks.last_line()}\n\n{last}" if self.marked and self.sections else last

    def opening(self, section: Section) -> str:
        """Write a section's hidden line, and a title where there are several."""
        title = self.titles[section.head.key] if len(self.heads) > 1 or self.report.stop else ""
        return f"{marks.section_line(section.head)}\n{title}".rstrip("\n") if self.marked else title

    def naming(self, name: str) -> str:
        """Write a block's hidden line."""
        return f"{marks.block_line(name)}\n" if self.marked else ""

    def hidden(self, section: Section) -> str:
        """Write what is left of a section that is not shown."""
        return marks.section_line(section.head.line()) if self.marked else ""

    def _blocks(self, names: Sequence[str], **more: object) -> str:
        frames = markdown().get_template("comment.md.j2")
        written = (block(frames, name, {**self.values, **more}) for name in names)
        return "\n\n".join(part for part in written if part)
