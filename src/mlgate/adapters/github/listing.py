"""Our comments among all of a pull request, by few requests: a hundred at a time, both ends of the list first.

The list is in the order in which comments were made. Ours is mostly among the first, and one that was made late is on
the last page; only where neither end has it are the pages between read, from the oldest on. A comment is made only
after all pages were read, so that a second one of ours is what a race left beside the first: where one of them is close
to the end of its page, the next page is read, too, and where more than one is seen, all pages are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from github import UnknownObjectException
from github.IssueComment import IssueComment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from github.Issue import Issue

PAGE = 100
NEAR = 20  # more than jobs make comments at once
_LAST = re.compile(r'[?&]page=(\d+)[^>]*>; rel="last"')
_NEXT = re.compile(r'rel="next"')


@dataclass(kw_only=True)
class Listing:
    """The comments of a pull request; `ours` picks ours from some of them."""

    target: Issue
    ours: Callable[[Iterable[IssueComment]], list[IssueComment]]
    newer: int = 1  # the page on which a comment will be that is made after the last look
    pages: dict[int, list[IssueComment]] = field(default_factory=dict)

    def find(self) -> list[IssueComment]:
        """Find our comments, the oldest first."""
        self.pages = {}
        last = self._read_on(1)
        while last not in self.pages:
            last = self._read_on(last)
        self.newer = last + len(self.pages[last]) // PAGE
        for page in range(2, last):
            if len(self._found()) != 1 and page not in self.pages:
                self._read_on(page)
        if len(self._found()) == 1:
            self._read_beside(self._found()[0], last)
        return self._found()

    def made_since(self) -> list[IssueComment]:
        """Find those of our comments that were made since they were looked for and none was there."""
        self.pages = {}
        last = self.newer
        while last not in self.pages:
            last = self._read_on(last)
        return self._found()

    def one(self, number: int) -> IssueComment | None:
        """Read one comment; None where it is not there, or not to be seen yet."""
        try:
            found = self.target.get_comment(number)
            found.update()
        except UnknownObjectException:
            return None
        return found

    def _found(self) -> list[IssueComment]:
        """Pick ours from all pages that were read; one that moved to another page meanwhile counts once."""
        seen = {one.id: one for page in self.pages.values() for one in page}
        return sorted(self.ours(seen.values()), key=lambda one: one.id)

    def _read_on(self, page: int) -> int:
        """Read a page, and return which is the last one, as far as this one tells."""
        requester = self.target.requester
        asked = {"per_page": PAGE, **({"page": page} if page > 1 else {})}
        headers, data = requester.requestJsonAndCheck("GET", f"{self.target.url}/comments", parameters=asked)
        self.pages[page] = [IssueComment(requester, headers, one, completed=True) for one in data]
        link = str(headers.get("link") or "")
        last = _LAST.search(link)
        return max(page, int(last[1])) if last else page + bool(_NEXT.search(link))

    def _read_beside(self, found: IssueComment, last: int) -> None:
        """Read the page before or after, where a comment is so close to it that a race may have left another there."""
        where = next(page for page, kept in self.pages.items() if any(one.id == found.id for one in kept))
        place = [one.id for one in self.pages[where]].index(found.id)
        near = {where - 1: place < NEAR, where + 1: place >= PAGE - NEAR}
        for page, close in near.items():
            if close and 1 <= page <= last and page not in self.pages:
                self._read_on(page)
