"""Our comment on a pull request, which several jobs may write at once.

GitHub takes no conditional update: of two jobs that read, add their part and write, the last one's text stands. So each
job reads again what it wrote, and adds its part once more where another job's text came over it. Where two jobs both
made a comment, the one with the lower number is the one, and the other is taken up into it. GitHub's list may lag
behind a write: what this job made is asked for by its number where the list does not show it, and not made again.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, cast

from github import UnknownObjectException

from mlgate.adapters.github.retry import persist
from mlgate.errors import GitHubError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from github.Issue import Issue
    from github.IssueComment import IssueComment
    from github.NamedUser import NamedUser

PAGE = 100
ROUNDS = 12
SETTLED_SECONDS = 2.0  # longer than another job takes from reading the comment to writing it


class Wanted(Protocol):
    """What a comment is to say."""

    def shared(self, bodies: Sequence[str]) -> bool:
        """Whether other jobs may be writing the same comment now, from what our comments say."""

    def is_ours(self, body: str) -> bool:
        """Whether a comment is the one that this is about."""

    def compose(self, bodies: Sequence[str]) -> str | None:
        """Write the comment anew from what our comments say now, the oldest first; None to leave things as they are."""

    def holds(self, body: str) -> bool:
        """Whether a comment says what this job has to say."""


@dataclass(frozen=True, kw_only=True)
class Posted:
    """Our comment as it now stands; nothing when there was nothing to say."""

    action: Literal["created", "updated", "unchanged", "none"]
    number: int = 0
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Comments:
    """The comments of a pull request, read and written as `author`."""

    target: Issue
    author: str
    pause: float

    def upsert(self, wanted: Wanted) -> Posted:
        """Make one comment of ours say what is wanted; raises GitHubError when other jobs never let it stand."""
        done: Posted | None = None
        shared = False
        for attempt in range(ROUNDS):
            ours = self._ours(wanted) if done is None else self._ours_with(done.number, wanted, shared=shared)
            bodies = [_body(one) for one in ours]
            shared = shared or wanted.shared(bodies)
            if done is not None and not ours:  # it was made, and GitHub does not show it yet
                if not shared or attempt == ROUNDS - 1:
                    return done
                self._settle(attempt)
                continue
            if done is not None and len(ours) == 1 and wanted.holds(bodies[0]):
                return done
            text = wanted.compose(bodies)
            if text is None:
                return done or Posted(action="none")
            if len(ours) == 1 and bodies[0].rstrip() == text.rstrip():
                return done or _posted("unchanged", ours[0])
            done = self._write(ours, text, wanted, before=done)
            if done.action == "updated" and not shared:
                return done
            if shared:
                self._settle(attempt)
        raise GitHubError(
            "other jobs kept writing over the comment", hint="run the job again; the verdict is not affected"
        )

    def _settle(self, attempt: int) -> None:
        """Let other jobs write, at different times."""
        time.sleep(self.pause * SETTLED_SECONDS * (1 + random.random() * attempt))  # noqa: S311 (no secret)

    def _ours(self, wanted: Wanted) -> list[IssueComment]:
        """Find our comments: the oldest, and those on the same page of the list, which is where a race leaves them."""
        found: list[IssueComment] = []
        for number, one in enumerate(self.target.get_comments(), 1):
            user = cast("NamedUser | None", one.user)  # a deleted account is null
            if user is not None and user.login == self.author and wanted.is_ours(one.body or ""):
                found.append(one)
            if found and number % PAGE == 0:  # to ask for one more is to ask for the next page
                break
        return found

    def _ours_with(self, made: int, wanted: Wanted, *, shared: bool) -> list[IssueComment]:
        """Find our comments, among them the one that this job wrote, which GitHub's list may not show yet."""
        found = self._ours(wanted)
        if not shared and all(one.id != made for one in found):
            time.sleep(self.pause * SETTLED_SECONDS)
            found = self._ours(wanted)
        if any(one.id == made for one in found):
            return found
        try:
            mine = self.target.get_comment(made)
            found += [mine] if wanted.is_ours(mine.body or "") else []
        except UnknownObjectException:  # another job took it up, or somebody removed it
            pass
        return sorted(found, key=lambda one: one.id)

    def _write(self, ours: list[IssueComment], text: str, wanted: Wanted, before: Posted | None) -> Posted:
        if not ours:
            made = persist(
                lambda: self.target.create_comment(text), lambda: next(iter(self._ours(wanted)), None), self.pause
            )
            if _body(made).rstrip() != text.rstrip():  # a try that seemed to fail had made it
                made.edit(text)
            return _posted("created", made)
        first, *doubles = ours
        first.edit(text)
        for double in doubles:
            _remove(double)
        created = before is not None and before.action == "created" and before.number == first.id
        return _posted("created" if created else "updated", first)


def _body(comment: IssueComment) -> str:
    return (comment.body or "").replace("\r\n", "\n")


def _posted(action: Literal["created", "updated", "unchanged"], comment: IssueComment) -> Posted:
    return Posted(action=action, number=comment.id, url=comment.html_url)


def _remove(comment: IssueComment) -> None:
    try:
        comment.delete()
    except UnknownObjectException:  # another job removed it
        return
