"""The file system of a store: the only import of fsspec."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlgate.adapters.remote.trouble import answering
from mlgate.config.address import WEB, links, scheme, shown
from mlgate.errors import ConfigError, install

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CONNECT_SECONDS, SILENT_SECONDS = 30.0, 120.0  # a long answer is fine; one that stands still is not
EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gcs", "gcs": "gcs", "abfs": "azure", "abfss": "azure", "az": "azure"}
NOT_HERE = {"file", "local", "dir", "data", "generic", "reference"}


@dataclass(frozen=True)
class Store:
    """A store as one URL reaches it; `path` is what its file system calls what the URL names."""

    url: str
    path: str
    system: Any

    def info(self) -> dict[str, Any]:
        """Say what the URL names: `type` (file or directory), `size`, and marks such as an ETag."""
        with answering(self.url):
            return dict(self.system.info(self.path))

    def below(self) -> dict[str, dict[str, Any]]:
        """List all files below the URL's folder."""
        with answering(self.url):
            return dict(self.system.find(self.path, detail=True))

    def matching(self) -> dict[str, dict[str, Any]]:
        """List the files that the URL's pattern matches."""
        with answering(self.url):
            found = self.system.glob(self.path, detail=True)
            return {name: info for name, info in found.items() if info.get("type") != "directory"}

    def copy(self, path: str, to: Path, advance: Callable[[int], None]) -> None:
        """Copy one file, telling of every piece; what `advance` raises ends it."""
        from fsspec.callbacks import Callback

        class Counted(Callback):  # type: ignore[misc]
            def relative_update(self, inc: int = 1) -> None:
                advance(inc)

        with answering(self.url):
            self.system.get_file(path, str(to), callback=Counted())


def open_store(url: str) -> Store:
    """Find the file system for a URL; raises ConfigError where there is none, or none is installed."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise ConfigError(f"{shown(url)} needs fsspec, which is not installed here", hint=install("remote")) from error
    kind = scheme(url)
    if len(links(url)) > 1:
        raise ConfigError(
            f"{shown(url)} is a chain of file systems, which mlgate does not follow", hint="name the file itself"
        )
    _require_known(url, kind)
    try:
        with answering(url):
            system, path = url_to_fs(f"{kind}{url[len(kind) :]}", **_options(url, kind))
    except ImportError as error:
        raise ConfigError(
            f"{shown(url)} needs the file system of {kind}://, which is not installed here", hint=_install(kind)
        ) from error
    return Store(url=url, path=str(path), system=system)


def _options(url: str, kind: str) -> dict[str, Any]:
    """Nothing that an earlier call saw may answer for the store: neither connections nor listings are kept."""
    fresh = {"skip_instance_cache": True, "use_listings_cache": False}
    if kind not in WEB:
        return fresh
    from aiohttp import ClientTimeout

    patience = ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=SILENT_SECONDS)
    return {
        **fresh,
        "client_kwargs": {"timeout": patience, "trust_env": True},  # proxies and .netrc
        "headers": {"Accept-Encoding": "identity"},  # the bytes as they are kept, and their number
        "encoded": "%" in url,
    }


def _require_known(url: str, kind: str) -> None:
    from fsspec.registry import available_protocols

    known = [name for name in available_protocols() if name not in NOT_HERE]
    if kind in known:
        return
    near = difflib.get_close_matches(kind, known, 1, 0.5)
    raise ConfigError(
        f"{shown(url)}: there is no file system for {kind}://",
        hint=f"use one such as s3://, gs://, abfs:// or https://{f'; did you mean {near[0]}://?' if near else ''}",
    )


def _install(kind: str) -> str:
    from fsspec.registry import known_implementations

    if kind in WEB:
        return install("remote")
    if kind in EXTRAS:
        return install(EXTRAS[kind])
    said = known_implementations.get(kind, {}).get("err") or f"install the fsspec file system for {kind}://"
    return str(said)
