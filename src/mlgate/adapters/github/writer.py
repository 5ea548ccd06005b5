"""Who a token writes as: known by its kind in most jobs, and asked for only where a comment makes it matter.

A job's own token is an installation's, as every App's is, and may not ask for its user. It is taken for the workflow's
bot, until a comment with our line is another bot's: then GraphQL's `viewer` says which App's the token is. What GitHub
says of a comment that was made with the token is the last word.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import requests
from github import GithubException, RateLimitExceededException

from mlgate.adapters.github.retry import persist

if TYPE_CHECKING:
    from collections.abc import Collection

    from github import Github

WORKFLOW_AUTHOR = "github-actions[bot]"
BOT = "[bot]"


class Writer:
    """The account that comments are written as; `author` where that is known beforehand."""

    def __init__(self, client: Github, token: str, *, author: str | None, pause: float) -> None:
        """Ask for nothing yet."""
        self._client = client
        self._pause = pause
        self._sure = author is not None
        self._silent = False  # whether GitHub was asked for the App and did not say
        self._name = author or (WORKFLOW_AUTHOR if token.startswith("ghs_") else None)

    def among(self, names: Collection[str]) -> str:
        """Name the account, given the names of those whose comments may be ours."""
        if self._name is None:
            self._name = self._user()
        if not self._sure and any(name.endswith(BOT) and name != self._name for name in names):
            self._name = self._app()
        return self._name

    def is_another(self) -> bool:
        """Whether the account is another than was taken for granted; asked where it may not do what ours may."""
        before = self._name
        if not self._sure:
            self._name = self._app()
        return self._name != before

    def learn(self, name: str) -> bool:
        """Hear who wrote what was just written; True where comments that were passed over may be ours after all."""
        passed_over = self._silent and name != self._name
        self._name, self._sure, self._silent = name, True, False
        return passed_over

    def _user(self) -> str:
        """Ask for the token's user; an older server's installation token does not show its kind, and may not ask."""
        try:
            name = self._client.get_user().login
        except RateLimitExceededException:
            raise
        except GithubException as error:
            if error.status != 403:
                raise
            return WORKFLOW_AUTHOR
        self._sure = True
        return name

    def _app(self) -> str:
        """Ask for the bot of the App whose token it is, once; GraphQL may leave out what REST's names end with."""
        requester = self._client.requester
        answer: Any = {}
        with suppress(GithubException, requests.RequestException):  # no GraphQL there, or not for this token
            answer = persist(
                lambda: requester.graphql_query("query { viewer { login } }", {})[1], lambda: None, self._pause
            )
        name = ((answer.get("data") or {}).get("viewer") or {}).get("login")
        self._sure, self._silent = True, not name
        if not name:
            return self._name or WORKFLOW_AUTHOR
        return str(name) if name.endswith(BOT) else f"{name}{BOT}"
