"""Reach the registry, and turn its failures into errors that say what to do."""

from __future__ import annotations

import logging
import os
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from mlgate.errors import ConfigError, RegistryError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow import MlflowClient

# MLflow's own defaults wait for minutes on a server that is away, report usage, and print between our lines.
DEFAULTS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "GIT_PYTHON_REFRESH": "quiet",
}
NOISY = ("mlflow.store.db.utils", "mlflow.store.model_registry")
EMBEDDED = "sqlite:///"


@dataclass(frozen=True)
class Registry:
    """An MLflow server or embedded store; `uri` may hold a password and is never shown."""

    client: MlflowClient = field(repr=False)
    uri: str = field(repr=False)
    roots: dict[str, str] = field(default_factory=dict, repr=False, compare=False)  # of the artifacts of runs

    @property
    def shown(self) -> str:
        """The address without credentials."""
        return shown_uri(self.uri)

    @property
    def embedded_folder(self) -> str | None:
        """Folder of the sqlite file, where an embedded store also keeps its artifacts."""
        return str(Path(self.uri.removeprefix(EMBEDDED)).parent) if self.uri.startswith(EMBEDDED) else None

    def run_url(self, experiment_id: str, run_id: str) -> str | None:
        """Page of a run in MLflow's UI, for servers."""
        return self._page(f"experiments/{experiment_id}/runs/{run_id}")

    def version_url(self, name: str, version: str) -> str | None:
        """Page of a version in MLflow's UI, for servers."""
        return self._page(f"models/{quote(name, safe='')}/versions/{version}")

    def _page(self, path: str) -> str | None:
        return f"{self.shown.rstrip('/')}/#/{path}" if self.uri.startswith("http") else None


def connect(environment_uri: str | None, configured_uri: str | None, folder: Path) -> Registry:
    """Open the registry that the environment names, else the configuration's.

    A relative `sqlite:///` path is relative to the configuration's `folder`. Raises ConfigError when neither names
    one: MLflow's own default would quietly create a new database.
    """
    uri = environment_uri or configured_uri
    if not uri:
        raise ConfigError(
            "no MLflow registry is named",
            hint="set MLFLOW_TRACKING_URI, or registry.tracking_uri in mlgate.yaml (sqlite:///mlflow.db works locally)",
        )
    if uri.startswith(EMBEDDED):
        uri = EMBEDDED + str((folder / uri.removeprefix(EMBEDDED)).resolve())
    elif not uri.startswith(("http://", "https://", "databricks", "postgresql", "mysql", "mssql")):
        raise ConfigError(
            f"{shown_uri(uri)!r} is not an address of an MLflow server or store",
            hint="use http(s)://HOST:PORT, or sqlite:///FILE for an embedded store",
        )
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    with answering("open the registry", uri):
        from mlflow import MlflowClient, set_registry_uri, set_tracking_uri

        set_tracking_uri(uri)
        set_registry_uri(uri)
        return Registry(client=MlflowClient(uri, uri), uri=uri)


@contextmanager
def answering(action: str, uri: str) -> Iterator[None]:
    """Turn MLflow's and the network's exceptions inside into a RegistryError that names `action` and the server."""
    try:
        yield
    except Exception as error:
        if type(error).__module__.split(".")[0] not in {
            "mlflow",
            "requests",
            "urllib3",
            "sqlalchemy",
        } and not isinstance(error, OSError):
            raise
        message = without_credentials(_message(error), uri)
        raise RegistryError(
            f"could not {action} at {shown_uri(uri)}: {message[:500]}", hint=_hint(error, message)
        ) from error


def is_missing(error: Exception) -> bool:
    """Whether MLflow says that a thing does not exist (a missing alias answers with a code of its own)."""
    code = getattr(error, "error_code", "")
    return code == "RESOURCE_DOES_NOT_EXIST" or (code == "INVALID_PARAMETER_VALUE" and "not found" in str(error))


def is_there_already(error: Exception) -> bool:
    """Whether MLflow refuses to create a thing because it exists."""
    return getattr(error, "error_code", "") == "RESOURCE_ALREADY_EXISTS"


def shown_uri(uri: str) -> str:
    """Drop user name and password from an address, however it is written, and what follows a question mark."""
    scheme, separator, rest = uri.partition("://")
    if not separator or scheme.startswith("sqlite"):
        return uri  # a file, whose path may hold any sign
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"


def store_of(address: str) -> str:
    """Return the `scheme://host` of an artifact address; a path is a file's."""
    parts = urlsplit(address)
    return f"{parts.scheme or 'file'}://{parts.netloc.rpartition('@')[2]}"


def without_credentials(text: str, uri: str) -> str:
    """Take the credentials of `uri`, and of any other address, out of `text`."""
    scheme, _, rest = uri.partition("://")
    user_info = "" if scheme.startswith("sqlite") else rest.rpartition("@")[0]
    if user_info:
        text = text.replace(user_info + "@", "").replace(user_info.partition(":")[2] or user_info, "***")
    return re.sub(r"(://)[^/\s@]+@", r"\1", text)


def _message(error: Exception) -> str:
    """Give MLflow's message on one line; the lines of others after the first are their stack or their SQL."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if type(error).__module__.startswith("mlflow"):
        return " ".join(lines) or type(error).__name__
    return lines[0] if lines else type(error).__name__


def _hint(error: Exception, message: str) -> str:
    if "UnsupportedModelRegistryStore" in type(error).__name__ or "No module named 'sqlalchemy'" in message:
        return "the embedded store needs the full MLflow: pip install 'mlgate[local]'; or use a server"
    code = getattr(error, "error_code", "")
    if code == "UNAUTHENTICATED" or "401" in message:
        return "the server does not know this user: check MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD"
    if code == "PERMISSION_DENIED" or "403" in message:
        user = os.environ.get("MLFLOW_TRACKING_USERNAME")
        return (
            f"{f'the user {user}' if user else 'this credential'} may not do that; `mlgate doctor --as promoter` "
            "(or candidate) lists what it lacks, and docs/credentials.md says how to grant it"
        )
    if "404" in message and "mlflow-artifacts" in message:
        return "the registry names files that its artifact store does not have; find out who deleted them"
    return "check that the server is up and that MLFLOW_TRACKING_URI is right, then run the same command again"
