"""Comments without a report in them, for tests of where they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlgate.report import marks

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST_LINE = marks.first_line()


@dataclass(frozen=True)
class Words:
    """A comment that says some words, whatever was there before."""

    words: str
    matrix: bool = False

    @property
    def body(self) -> str:
        """The comment as GitHub keeps it."""
        return f"{FIRST_LINE}\n{self.words}"

    def shared(self, _bodies: Sequence[str]) -> bool:
        """Whether it is a matrix's."""
        return self.matrix

    def is_ours(self, body: str) -> bool:
        """Whether it is a report."""
        return marks.is_ours(body)

    def compose(self, _bodies: Sequence[str]) -> str:
        """Say the words."""
        return self.body

    def holds(self, body: str) -> bool:
        """Whether they are said."""
        return body == self.body
