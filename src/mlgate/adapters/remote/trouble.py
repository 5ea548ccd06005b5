"""What can go wrong between a store and this machine, as errors that say what, where, and what to do."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mlgate.config.address import scheme, shown, without_secrets
from mlgate.errors import DataError, MlgateError, OutsideError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG}
NAMES = {errno.ENAMETOOLONG, errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.EILSEQ}
CREDENTIALS = {
    "s3": "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or the role) of this environment, and what they may read",
    "gs": "check GOOGLE_APPLICATION_CREDENTIALS of this environment, and what its account may read",
    "abfs": "check AZURE_STORAGE_ACCOUNT_NAME and the credential of this environment, and what it may read",
    "https": "check the credentials (a signed URL ends; user and password may stand in .netrc), and what they may read",
}
ALIKE = {"s3a": "s3", "gcs": "gs", "abfss": "abfs", "az": "abfs", "http": "https"}


@contextmanager
def answering(url: str) -> Iterator[None]:
    """Turn whatever a file system raises inside into an error that tells nothing that must stay secret."""
    try:
        yield
    except (MlgateError, ImportError):
        raise
    except Exception as error:  # each file system has errors of its own
        raise _named(url, error) from error


def _named(url: str, error: Exception) -> MlgateError:
    chain = list(_chain(error))
    name, kind = shown(url), ALIKE.get(scheme(url), scheme(url))
    if any(isinstance(one, OSError) and one.errno in FULL for one in chain):
        return disk_full(name)
    if any(isinstance(one, OSError) and one.errno in NAMES for one in chain):
        return DataError(
            f"{name} holds names that no file here can have: {without_secrets(_first_line(error), url)}",
            hint="give the files of the store shorter and plainer names",
        )
    status = next((code for one in chain if (code := _status(one)) is not None), None)
    if status in {401, 403} or any(_refused(one) for one in chain):
        hint = CREDENTIALS.get(kind, "check the credentials of this environment, and what they may read")
        return DataError(f"{name} may not be read with these credentials", hint=hint)
    if status in {404, 410} or (status is None and _missing(chain)):
        return DataError(f"{name} does not exist", hint="correct the URL, or write the data before this step")
    said = without_secrets(_first_line(chain[-1]), url)
    answer = f"answered {status}" if status is not None else f"did not answer as it should: {said}"
    return StoreError(
        f"{name} could not be fetched: the store {answer}",
        hint="check the network and the store, then run the same command again",
    )


def disk_full(name: str) -> OutsideError:
    """Make the error for a copy that finds no room."""
    return OutsideError(
        f"{name} could not be kept: the disk of the data cache is full or cannot be written",
        hint="make room, or name a folder of another disk in MLGATE_DATA_CACHE",
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _status(error: BaseException) -> int | None:
    """Return the HTTP status that an error of aiohttp, botocore, gcsfs or Azure carries."""
    if "Parse" in type(error).__module__ or type(error).__name__.startswith(("Bad", "Invalid")):
        return None  # aiohttp's errors about an answer that it cannot read carry a status of their own
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        return _code(response.get("ResponseMetadata", {}).get("HTTPStatusCode"))
    named = (_code(getattr(error, name, None)) for name in ("status", "status_code", "code"))
    return next((code for code in named if code is not None), None)


def _code(told: object) -> int | None:
    return told if isinstance(told, int) and 400 <= told < 600 else None


def _refused(error: BaseException) -> bool:
    return isinstance(error, PermissionError) or "Credential" in type(error).__name__


def _missing(chain: list[BaseException]) -> bool:
    """Whether nothing but absence is told: fsspec says of a server that is away, too, that the file is not found."""
    away = any(
        isinstance(one, ConnectionError | TimeoutError)
        or "Connect" in type(one).__name__
        or "Client" in type(one).__name__
        for one in chain
    )
    return not away and any(isinstance(one, FileNotFoundError | NotADirectoryError) for one in chain)


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]
