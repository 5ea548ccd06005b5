"""Our comment on a pull request, which several jobs may write at once.

GitHub takes no conditional update: of two jobs that read, add their part and write, the last one's text stands. So each
job reads again what it wrote, and adds its part once more where another job's text came over it. Where two jobs both
made a comment, the one with the lower number is the one, and the other is taken up into it. GitHub's list may lag
behind a write: what this job made is asked for by its number where the list does not show it, and not made again.
What it changed is asked for by its number only.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, Protocol, cast

import requests
from github import GithubException, RateLimitExceededException, UnknownObjectException

from mlgate.adapters.github.listing import Listing
from mlgate.adapters.github.retry import persist
from mlgate.errors import GitHubError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from github.Issue import Issue
    from github.IssueComment import IssueComment
    from github.NamedUser import NamedUser

    from mlgate.adapters.github.writer import Writer

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


@dataclass(kw_only=True)
class Comments:
    """The comments of a pull request, read and written as `author`, until one says what is `wanted`."""

    target: Issue
    author: Writer
    pause: float
    wanted: Wanted
    shared: bool = False  # whether other jobs may be writing now, as far as is known
    _listing: Listing = field(init=False, repr=False)
    _stuck: set[int] = field(init=False, default_factory=set)  # what could not be removed; the next job tries again
    _passed_over: bool = field(init=False, default=False)  # comments that may be ours, before it was known who we are

    def __post_init__(self) -> None:
        """Ask for nothing yet."""
        self._listing = Listing(target=self.target, ours=self._ours)

    def upsert(self) -> Posted:
        """Make one comment of ours say what is wanted; raises GitHubError when other jobs never let it stand."""
        done: Posted | None = None
        for attempt in range(ROUNDS):
            ours = self._look(done)
            bodies = [_body(one) for one in ours]
            self.shared = self.shared or self.wanted.shared(bodies)
            if done is not None and not ours and done.action == "created":  # GitHub does not show it yet
                if not self.shared or attempt == ROUNDS - 1:
                    return done
                self._settle(attempt)
                continue
            if done is not None and len(ours) == 1 and self.wanted.holds(bodies[0]):
                return replace(done, number=ours[0].id, url=ours[0].html_url)
            text = self.wanted.compose(bodies)
            if text is None:
                return done or Posted(action="none")
            if len(ours) == 1 and bodies[0].rstrip() == text.rstrip():
                return done or _posted("unchanged", ours[0])
            done = self._write(ours, text, before=done)
            if done is not None and done.action == "updated" and not self.shared:
                return done
            if done is None or self.shared:
                self._settle(attempt)
        raise GitHubError(
            "other jobs kept writing over the comment", hint="run the job again; the verdict is not affected"
        )

    def _settle(self, attempt: int) -> None:
        """Let other jobs write, at different times."""
        time.sleep(self.pause * SETTLED_SECONDS * (1 + random.random() * attempt))  # noqa: S311 (no secret)

    def _ours(self, comments: Iterable[IssueComment]) -> list[IssueComment]:
        """Pick the comments that are ours by what they say and who wrote them."""
        marked = [(_author(one), one) for one in comments if self.wanted.is_ours(one.body or "")]
        us = self.author.among([name for name, _ in marked]) if marked else ""
        return [one for name, one in marked if name == us]

    def _look(self, done: Posted | None) -> list[IssueComment]:
        """Find our comments; what this job wrote is asked for by its number where that is enough."""
        found: list[IssueComment] = []
        if done is not None:
            found = self._look_beside(done.number) if done.action == "created" else self._by_number(done.number)
        if done is None or (not found and done.action == "updated"):
            found = self._listing.find()
        return [one for one in found if one.id not in self._stuck]

    def _by_number(self, number: int) -> list[IssueComment]:
        """Read one comment of ours; nothing where another job took it up, or somebody removed it."""
        found = self._listing.one(number)
        return [found] if found is not None and self.wanted.is_ours(found.body or "") else []

    def _look_beside(self, made: int) -> list[IssueComment]:
        """Find the comment that this job made, which GitHub's list may not show yet, and what others made with it."""
        look = self._listing.find if self._passed_over else self._listing.made_since
        found = look()
        if not self.shared and all(one.id != made for one in found):
            time.sleep(self.pause * SETTLED_SECONDS)
            found = look()
        if any(one.id == made for one in found):
            return found
        return sorted([*found, *self._by_number(made)], key=lambda one: one.id)

    def _write(self, ours: list[IssueComment], text: str, before: Posted | None) -> Posted | None:
        """Write the oldest of our comments and remove the others; None where it is not ours any more."""
        if not ours:
            made = persist(
                lambda: self.target.create_comment(text),
                lambda: next(iter(self._listing.made_since()), None),
                self.pause,
            )
            self._passed_over = self.author.learn(_author(made))
            # a try that seemed to fail had made it, or another job had
            there = _body(made).rstrip() == text.rstrip() or self._change(made, text)
            return _posted("created", made) if there else None
        first, *doubles = ours
        if not self._change(first, text):
            return None
        self._stuck |= {double.id for double in doubles if not _remove(double)}
        created = before is not None and before.action == "created" and before.number == first.id
        return _posted("created" if created else "updated", first)

    def _change(self, comment: IssueComment, text: str) -> bool:
        """Change a comment; False where it was removed since it was read, or turns out to be another account's."""
        try:
            comment.edit(text)
        except UnknownObjectException:
            if self._by_number(comment.id):  # it is there, and this token may not change it
                raise
            return False
        except RateLimitExceededException:
            raise
        except GithubException as error:
            if error.status != 403 or not self.author.is_another():
                raise
            return False
        return True


def _author(comment: IssueComment) -> str:
    """Name who wrote a comment; a deleted account is null."""
    user = cast("NamedUser | None", comment.user)
    return user.login if user is not None else ""


def _body(comment: IssueComment) -> str:
    return (comment.body or "").replace("\r\n", "\n")


def _posted(action: Literal["created", "updated", "unchanged"], comment: IssueComment) -> Posted:
    return Posted(action=action, number=comment.id, url=comment.html_url)


def _remove(comment: IssueComment) -> bool:
    """Remove a second comment of ours; False where it may still be there, which is no failure of the first."""
    try:
        comment.delete()
    except UnknownObjectException:  # another job removed it
        return True
    except (GithubException, requests.RequestException):
        return False
    return True
