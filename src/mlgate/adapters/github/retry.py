"""Retries of GitHub requests that end soon, and never make a thing twice."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, TypeVar

import requests
from github import GithubException, RateLimitExceededException
from github.GithubRetry import GithubRetry
from urllib3.exceptions import InvalidHeader, ProtocolError, ReadTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable

    from urllib3.response import BaseHTTPResponse

Made = TypeVar("Made")

ATTEMPTS = 3
MAX_WAIT_SECONDS = 120.0
MAX_WAITS_SECONDS = 300.0
LIMITED = (403, 429)
logging.getLogger("github.GithubRetry").setLevel(logging.WARNING)  # it tells waits that are longer than those here


@dataclass
class Patience:
    """How long a job still waits because GitHub asks it to, over all its requests, and who is told of each wait."""

    say: Callable[[str], None] = field(default=lambda _: None)
    left: float = field(default_factory=lambda: MAX_WAITS_SECONDS)

    def spend(self, seconds: float, response: BaseHTTPResponse) -> None:
        """Say how long it is going to be; raises GithubException where that is longer than is left."""
        limited = response.status in LIMITED
        if seconds > self.left:
            refusal = RateLimitExceededException if limited else GithubException
            message = "rate limit" if limited else "it asks to wait for longer than a job does"
            raise refusal(response.status, {"message": message}, dict(response.headers))
        self.left -= seconds
        why = "GitHub's rate limit is reached" if limited else f"GitHub is not available ({response.status})"
        self.say(f"{why}: waiting {seconds:.0f} s, then asking again")


class Retry(GithubRetry):
    """Try a request again at most three times, waiting at most two minutes each, and five in all.

    A request that failed on the server's side may have been carried out all the same: one of the methods `once` is not
    sent again from here; whoever sent it looks first. A rate limit means that nothing was done, so that is waited for
    whatever the method.
    """

    def __init__(
        self,
        pause: float = 1.0,
        *,
        once: frozenset[str] = frozenset({"POST"}),
        patience: Patience | None = None,
        **kwargs: Any,  # noqa: ANN401 (urllib3's own arguments)
    ) -> None:
        """Wait `pause` seconds, doubling, between tries; urllib3 copies a retry through keyword arguments."""
        self._pause = pause
        self._once = once
        self._patience = patience or Patience()
        kwargs.setdefault("total", ATTEMPTS)
        kwargs.setdefault("other", 0)  # a certificate that is not trusted will not be
        kwargs.setdefault("max_rate_limit_wait", MAX_WAIT_SECONDS)
        kwargs.setdefault("backoff_factor", pause)
        kwargs.setdefault("backoff_max", MAX_WAIT_SECONDS)
        kwargs.setdefault("allowed_methods", frozenset({"DELETE", "GET", "HEAD", "PATCH", "POST"}))
        super().__init__(**kwargs)

    def new(self, **kw: Any) -> Self:  # noqa: ANN401 (urllib3's own arguments)
        """Copy, as urllib3 does after each try."""
        return super().new(pause=self._pause, once=self._once, patience=self._patience, **kw)

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:  # noqa: FBT001, FBT002
        """Answer as urllib3 does, except for what a server may have carried out (its arguments are fixed)."""
        if method.upper() in self._once and status_code >= 500:
            return False
        return super().is_retry(method, status_code, has_retry_after)

    def increment(self, method: str | None = None, url: str | None = None, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (as above)
        """Count a try; what must not be done twice is not sent again when its answer was lost."""
        error = kwargs.get("error")
        if method in self._once and isinstance(error, ReadTimeoutError | ProtocolError):
            raise error
        return super().increment(method, url, *args, **kwargs)

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Wait before the next try; a wait that GitHub asks for is told, and there is an end to them."""
        if response is not None:
            asked = self.get_retry_after(response)
            if asked or response.status in LIMITED:
                self._patience.spend(asked or self.get_backoff_time(), response)
        super().sleep(response)

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Read how long the server asks to wait, and wait no longer than two minutes; what is no time asks nothing."""
        try:
            asked = super().get_retry_after(response)
        except (InvalidHeader, ValueError, OverflowError):
            return None
        return None if asked is None else min(asked, MAX_WAIT_SECONDS)


def persist(create: Callable[[], Made], look: Callable[[], Made | None], pause: float) -> Made:
    """Create a thing; after a failure that may have created it all the same, look before trying again."""
    for attempt in range(ATTEMPTS + 1):
        try:
            return create()
        except requests.exceptions.RetryError:  # a rate limit that stays: nothing was done, and enough was waited
            raise
        except (GithubException, requests.RequestException) as error:
            unclear = error.status >= 500 if isinstance(error, GithubException) else True
            if not unclear or attempt == ATTEMPTS:
                raise
        time.sleep(pause * 2**attempt)
        made_after_all = look()
        if made_after_all is not None:
            return made_after_all
    raise AssertionError("the last attempt returns or raises")
