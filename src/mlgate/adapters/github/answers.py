"""What GitHub and the network answer when something goes wrong, as our errors."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import requests
import urllib3
from github import GithubException, RateLimitExceededException, UnknownObjectException

from mlgate.errors import GitHubError, MlgateError

if TYPE_CHECKING:
    from collections.abc import Iterator


class ForbiddenError(Exception):
    """403, and not because of a rate limit."""


class MissingError(GitHubError):
    """404 or 422: not there, or not to be seen with this token."""


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Turn what PyGithub and the network raise into our errors.

    PyGithub takes an answer apart as GitHub documents it; of a proxy's login page, half a JSON document or a redirect
    it raises whatever comes of that.
    """
    try:
        yield
    except (MlgateError, ForbiddenError):
        raise
    except RateLimitExceededException as error:
        raise _limited(what) from error
    except GithubException as error:
        raise _refusal(error, what) from error
    except requests.exceptions.RetryError as error:
        if re.search(r"too many (403|429) error responses", str(error)):
            raise _limited(what) from error
        raise _silent(error, what) from error
    except requests.exceptions.SSLError as error:
        raise GitHubError(
            f"the certificate of GitHub's API is not trusted; asked {what}: {_reason(error)}",
            hint="set REQUESTS_CA_BUNDLE (or SSL_CERT_FILE) to the file of the certificates that your server's is "
            "signed by",
        ) from error
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise _silent(error, what) from error
    except Exception as error:
        raise GitHubError(
            f"GitHub's answer was not understood; asked {what}: {type(error).__name__}",
            hint="see that GITHUB_API_URL names GitHub's API, and that no proxy answers in its place",
        ) from error


@contextmanager
def plainly(what: str) -> Iterator[None]:
    """Let a missing permission be an error too: where there is nothing to fall back to."""
    try:
        with asking(what):
            yield
    except ForbiddenError as error:
        raise GitHubError(
            f"the token may not ask {what} ({error})", hint="grant the job `pull-requests: read`"
        ) from error


def _limited(what: str) -> GitHubError:
    hint = "run the job again later; the verdict is not affected"
    return GitHubError(f"GitHub's rate limit is used up; asked {what}", hint=hint)


def _silent(error: Exception, what: str) -> GitHubError:
    hint = "check the API address (GITHUB_API_URL) and the network, then run the job again"
    if type(error) is OSError:  # requests says so of a bundle of certificates that is not there
        hint = "check the file that REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE or SSL_CERT_FILE names"
        return GitHubError(f"GitHub could not be asked {what}: {str(error)[:300]}", hint=hint)
    return GitHubError(f"GitHub did not answer; asked {what}: {type(error).__name__}", hint=hint)


def _reason(error: Exception) -> str:
    found = re.search(r"certificate verify failed: ([^(\[\]']{1,200})", str(error))
    return found[1].strip() if found else type(error).__name__


def _refusal(error: GithubException, what: str) -> Exception:
    message = error.message or (error.data.get("message", "") if isinstance(error.data, dict) else "")
    answer = f"{error.status} {str(message)[:200]}".strip()
    if error.status == 403:
        return ForbiddenError(answer)
    if error.status == 429:
        return _limited(what)
    if error.status in {404, 422} or isinstance(error, UnknownObjectException):
        return MissingError(
            f"GitHub answered {answer}; asked {what}",
            hint="check that it exists and that the token may see it"
            if error.status == 404
            else "GitHub would not take the request as it is; report this with the job's log",
        )
    if error.status == 401:
        return GitHubError(
            f"GitHub refused the token ({answer}); asked {what}",
            hint="check github-token: it has expired, was revoked, or belongs to another server",
        )
    return GitHubError(f"GitHub answered {answer}; asked {what}", hint="run the job again; the verdict is not affected")
