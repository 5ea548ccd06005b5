"""Which files a URL names, where each will lie on this machine, and by what a change of it is seen."""

from __future__ import annotations

import hashlib
import json
import posixpath
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from mlgate.config.address import WEB, scheme, shown
from mlgate.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlgate.adapters.remote.store import Store

MOST_FILES = 100_000
PATTERN = frozenset("*?[")
# what stores call the thing that changes with a file's bytes
MARKS = (
    *("ETag", "etag", "Content-MD5", "content_md5", "md5Hash", "Digest", "crc32c", "sha", "blob_id"),
    *("generation", "VersionId", "version_id"),
    *("LastModified", "last_modified", "Last-Modified", "updated", "mtime", "modified", "created"),
)


@dataclass(frozen=True, kw_only=True)
class RemoteFile:
    """One file of a store: its path there, its place below the copy's folder, its size and what marks its bytes."""

    path: str
    place: str
    size: int | None
    mark: str


@dataclass(frozen=True, kw_only=True)
class Listing:
    """All files that a URL names; `start` is the place of the file or of the folder that holds them."""

    start: str
    files: tuple[RemoteFile, ...]

    @property
    def marked(self) -> bool:
        """Whether a change of any file would be seen without reading it."""
        return all(file.mark and file.size is not None for file in self.files)

    @property
    def bytes(self) -> int:
        """Size of all files together, as far as the store says."""
        return sum(file.size or 0 for file in self.files)

    @property
    def state(self) -> str:
        """Digest of what the store says: names, sizes and marks."""
        told = [[file.path, file.size, file.mark] for file in self.files]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def look(store: Store) -> Listing:
    """Ask a store what a URL names; raises DataError for nothing, too much, and names that lead out of the copy."""
    place = _parts(shown(store.url).replace("://", "/", 1))
    web = scheme(store.url) in WEB
    if web and store.url.partition("?")[0].endswith("/"):
        raise ConfigError(
            f"{shown(store.url)} is a folder, and a web server cannot list one",
            hint="name a file, or use the store's own protocol (s3://, gs://, abfs://)",
        )
    if not web and PATTERN & set(shown(store.url)):
        return _pattern(store, place)
    info = store.info()
    if info.get("type") == "directory":
        return _folder(store, "/".join(place), store.path, store.below())
    path = "/".join(_safe(place, store.url))
    return Listing(start=path, files=(_file(store.path, path, info),))


def _pattern(store: Store, place: list[str]) -> Listing:
    """List what a pattern matches, below the folder that it starts from."""
    start = "/".join(takewhile(lambda part: not PATTERN & set(part), place))
    root = "/".join(takewhile(lambda part: not PATTERN & set(part), store.path.split("/")))
    return _folder(store, start, root, store.matching())


def _folder(store: Store, start: str, root: str, found: dict[str, dict[str, Any]]) -> Listing:
    name = shown(store.url)
    if len(found) > MOST_FILES:
        raise DataError(
            f"{name} names {len(found):,} files, and mlgate fetches {MOST_FILES:,} at most",
            hint="name fewer, or write the data in fewer and larger files",
        )
    _safe(_parts(start), store.url)
    below = root.strip("/") + "/"
    places = {path: _below(path, below, store.url) for path in found if not path.endswith("/")}
    delta = any(place.startswith("_delta_log/") for place in places.values())
    kept = {path: place for path, place in places.items() if delta or not _hidden(place)}
    if not kept:
        raise DataError(
            f"no file matches {name}" if PATTERN & set(name) else f"{name} is a folder without data files in it",
            hint="correct the URL, or write the data before this step (names that begin with . or _ are not data)",
        )
    _refuse_both(set(kept.values()), name)
    files = [_file(path, posixpath.join(start, place), found[path]) for path, place in sorted(kept.items())]
    return Listing(start=start, files=tuple(files))


def _refuse_both(places: set[str], name: str) -> None:
    """Refuse a file and a folder of one name, which a store may hold and a disk cannot."""
    for place in places:
        parts = place.split("/")
        both = [folder for end in range(1, len(parts)) if (folder := "/".join(parts[:end])) in places]
        if both:
            raise DataError(
                f"{name} holds names that no file here can have: {both[0]!r} is a file and a folder",
                hint="give one of them another name",
            )


def _below(path: str, root: str, url: str) -> str:
    """Return the place of a listed file below the root; raises DataError where it does not lie there."""
    plain = path.lstrip("/")
    if not plain.startswith(root):
        raise _escape(path, url)
    place = plain[len(root) :]
    _safe(place.split("/"), url)
    return place


def _safe(parts: Iterable[str], url: str) -> list[str]:
    checked = list(parts)
    if any(part in {"", ".", ".."} or "\0" in part or "\\" in part for part in checked):
        raise _escape("/".join(checked), url)
    return checked


def _escape(path: str, url: str) -> DataError:
    return DataError(
        f"{shown(url)}: the name {path[:200]!r} would lie outside of the copy, or nowhere",
        hint="find out who wrote it; give the file a plain name",
    )


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _hidden(place: str) -> bool:
    return any(part.startswith((".", "_")) for part in place.split("/"))


def _file(path: str, place: str, info: dict[str, Any]) -> RemoteFile:
    marks = {name: str(info[name]) for name in MARKS if info.get(name)}
    size = info.get("size")
    return RemoteFile(
        path=path, place=place, size=size if isinstance(size, int) else None, mark=json.dumps(marks) if marks else ""
    )
