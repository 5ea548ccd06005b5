"""The comment as this job wants it: its own models' sections new, those of other jobs as they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mlgate.report import markdown, marks
from mlgate.report.case import Case
from mlgate.report.head import Head
from mlgate.report.layout import Layout
from mlgate.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlgate.config.report import CommentMode
    from mlgate.report.report import Report


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A comment to write: `whole` when the report is about every model of its project, so that no other is left."""

    report: Report
    mode: CommentMode = "always"
    whole: bool = True
    layout: Layout = field(default_factory=Layout)

    def shared(self, bodies: Sequence[str]) -> bool:
        """Whether other jobs may write sections of their own: a job of some models expects them.

        So does a job of one folder of the repository, and one of its top where our comments have sections of a folder.
        """
        project = self.report.context.project
        others = (section.head.project != project for body in bodies for section in marks.sections(body))
        return not self.whole or bool(project) or any(others)

    def is_ours(self, body: str) -> bool:
        """Whether a comment holds a report."""
        return marks.is_ours(body)

    def compose(self, bodies: Sequence[str]) -> str | None:
        """Write the comment from what our comments say now, the oldest first; None where nothing is to be written.

        Switched off, that is always; else where there is no comment yet and the mode finds nothing worth one. A comment
        that is there is kept up to date, so that a problem that is gone does not stay on the page.
        """
        if self.mode == "off" or (not bodies and not self._worth_one()):
            return None
        return markdown.comment(self.report, self._others(bodies), self.layout)

    def holds(self, body: str) -> bool:
        """Whether our own sections stand in the comment as this job made them, as far as there is room for them."""
        if self.report.stop and not self.report.context.closed:  # no section of its project is left
            return not any(section.head.project == self.report.context.project for section in marks.sections(body))
        there = self._written(body)
        missing = {key for key, made in self._mine().items() if there.get(key) != made}
        return not missing or missing.isdisjoint(self._written(self.compose([body]) or ""))

    def _mine(self) -> dict[tuple[str, str], tuple[str, str]]:
        heads = (Head.of(model, self.report) for model in self.report.models)
        return {head.key: (head.at, head.commit) for head in heads}

    @staticmethod
    def _written(body: str) -> dict[tuple[str, str], tuple[str, str]]:
        """Tell when and of which commit each section was made: two commits may be reported in one second."""
        return {section.head.key: (section.head.at, section.head.commit) for section in marks.sections(body)}

    def _others(self, bodies: Sequence[str]) -> list[marks.Section]:
        """Keep what others wrote; of a pull request that was closed everything, since nothing new is said of it."""
        found = {section.head.key: section for body in reversed(bodies) for section in marks.sections(body)}
        project = self.report.context.project
        gone = self.whole and not self.report.context.closed
        return [section for section in found.values() if not (gone and section.head.project == project)]

    def _worth_one(self) -> bool:
        if self.report.context.closed:
            return False
        match self.mode:
            case "on-failure":
                return self.report.verdict.outcome is not Outcome.PASS
            case "on-change":
                return any(model.case is not Case.UNCHANGED for model in self.report.models)
        return True
