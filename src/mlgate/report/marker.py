"""The hidden line by which a comment is found again: JSON in an HTML comment that no value can end."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Self

FORMAT = 1
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._]*(?:-[A-Za-z0-9._]+)*")
_LINE = re.compile(r"<!-- (\{\"mlgate\":[^<>\r\n]{1,300}\}) -->")


@dataclass(frozen=True, kw_only=True)
class Marker:
    """Which report a comment holds; a repository with several reports a pull request gives each its own id."""

    report: str = "report"

    def __post_init__(self) -> None:
        """Refuse an id that could end the HTML comment: letters, digits, dots, underscores, single hyphens."""
        if not _ID.fullmatch(self.report) or len(self.report) > 100:
            raise ValueError(f"a report id is at most 100 of A-Z a-z 0-9 . _ and single hyphens, not {self.report!r}")

    def __str__(self) -> str:
        """Write the line, which is the first of the comment."""
        return f"<!-- {json.dumps({'mlgate': FORMAT, 'report': self.report}, separators=(',', ':'))} -->"

    @classmethod
    def find(cls, body: str) -> Self | None:
        """Read the marker from the first line of a comment's body; anything else there is not ours."""
        first = body.split("\n", 1)[0].strip()
        line = _LINE.fullmatch(first)
        if not line:
            return None
        try:
            content = json.loads(line[1])
            if content.get("mlgate") != FORMAT:
                return None
            return cls(report=content["report"])
        except (ValueError, KeyError, TypeError):
            return None

    def matches(self, body: str) -> bool:
        """Whether `body` is a comment that holds this report."""
        return type(self).find(body) == self
