"""What a promotion is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlgate.promotion.values import Stage


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Without a stage, what the configuration says follows a merge.

    `version` is one of the candidates, or of staging where a merge promotes to staging and `to` is production. With
    `newest`, data behind a URL are held against the evidence as data that are checked out are.
    """

    to: Stage | None = None
    version: str | None = None
    reason: str = ""
    dry_run: bool = False
    unfence: bool = False
    recompare: bool = True
    newest: bool = False
