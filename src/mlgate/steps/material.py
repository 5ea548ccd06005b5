"""What the steps of a plan are carried out with: one shape for each way to a stage, with the tags of its entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlgate.promotion.tags import promotion_tags, rollback_tags
from mlgate.steps.stage import context

if TYPE_CHECKING:
    from mlgate.promotion.history import Entry
    from mlgate.promotion.values import Append, Wish
    from mlgate.records import ComparisonRecord
    from mlgate.steps.copies import Copies
    from mlgate.steps.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Merged:
    """A candidate that was reviewed, whose files are copied."""

    evidence: ComparisonRecord
    copies: Copies
    reason: str

    def tags(self, workspace: Workspace, step: Append) -> dict[str, str]:
        """Return the tags of the new entry."""
        return promotion_tags(self.evidence, step, context(workspace, self.reason))


@dataclass(frozen=True, kw_only=True)
class Released:
    """A version of staging, whose files are there, and whose formats are judged by today's policy."""

    entry: Entry
    evidence: ComparisonRecord
    reason: str

    def tags(self, workspace: Workspace, step: Append) -> dict[str, str]:
        """Return the tags of the new entry."""
        return promotion_tags(self.evidence, step, context(workspace, self.reason), staged=self.entry)


@dataclass(frozen=True, kw_only=True)
class Restored:
    """An earlier version of production, which takes the place of the one that is left."""

    entry: Entry
    left: Entry
    wish: Wish

    def tags(self, workspace: Workspace, step: Append) -> dict[str, str]:
        """Return the tags of the new entry."""
        return rollback_tags(self.entry, self.left, step, self.wish, context(workspace, self.wish.reason))


Material = Merged | Released | Restored
