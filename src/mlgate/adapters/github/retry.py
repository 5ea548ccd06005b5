"""Retries of GitHub requests that end soon, and never make a thing twice."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Self, TypeVar

import requests
from github import GithubException
from github.GithubRetry import GithubRetry
from urllib3.exceptions import ProtocolError, ReadTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable

    from urllib3.response import BaseHTTPResponse

Made = TypeVar("Made")

ATTEMPTS = 3
MAX_WAIT_SECONDS = 120.0


class Retry(GithubRetry):
    """Try a request again at most three times, waiting at most two minutes each.

    A POST that failed on the server's side may have been done all the same: it is not sent again from here; whoever
    sent it looks first. A rate limit means that nothing was done, so that is waited for whatever the method.
    """

    def __init__(self, pause: float = 1.0, **kwargs: Any) -> None:  # noqa: ANN401 (urllib3's own arguments)
        """Wait `pause` seconds, doubling, between tries; urllib3 copies a retry through keyword arguments."""
        self._pause = pause
        kwargs.setdefault("total", ATTEMPTS)
        kwargs.setdefault("max_rate_limit_wait", MAX_WAIT_SECONDS)
        kwargs.setdefault("backoff_factor", pause)
        kwargs.setdefault("backoff_max", MAX_WAIT_SECONDS)
        kwargs.setdefault("allowed_methods", frozenset({"GET", "HEAD", "PATCH", "POST"}))
        super().__init__(**kwargs)

    def new(self, **kw: Any) -> Self:  # noqa: ANN401 (urllib3's own arguments)
        """Copy, as urllib3 does after each try."""
        return super().new(pause=self._pause, **kw)

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:  # noqa: FBT001, FBT002
        """Answer as urllib3 does, except for a POST that a server may have carried out (its arguments are fixed)."""
        if method.upper() == "POST" and status_code >= 500:
            return False
        return super().is_retry(method, status_code, has_retry_after)

    def increment(self, method: str | None = None, url: str | None = None, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (as above)
        """Count a try; a POST whose answer was lost is not sent again."""
        error = kwargs.get("error")
        if method == "POST" and isinstance(error, ReadTimeoutError | ProtocolError):
            raise error
        return super().increment(method, url, *args, **kwargs)

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Read how long the server asks to wait, and wait no longer than two minutes."""
        asked = super().get_retry_after(response)
        return None if asked is None else min(asked, MAX_WAIT_SECONDS)


def persist(create: Callable[[], Made], look: Callable[[], Made | None], pause: float) -> Made:
    """Create a thing; after a failure that may have created it all the same, look before trying again."""
    for attempt in range(ATTEMPTS + 1):
        try:
            return create()
        except (GithubException, requests.RequestException) as error:
            unclear = error.status >= 500 if isinstance(error, GithubException) else True
            if not unclear or attempt == ATTEMPTS:
                raise
        time.sleep(pause * 2**attempt)
        made_after_all = look()
        if made_after_all is not None:
            return made_after_all
    raise AssertionError("the last attempt returns or raises")
