"""Registered models: candidates, and the production model whose version list is the stage history."""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mlgate.adapters.files import manifest
from mlgate.adapters.registry.connection import answering, is_missing, is_there_already, store_of
from mlgate.promotion.history import Entry, begins, tail_of
from mlgate.tag_names import STAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mlflow.entities.model_registry import ModelVersion

    from mlgate.adapters.registry.connection import Registry

PAGE = 1000
TAIL, BACK = 50, 200


def create_version(  # noqa: PLR0913 (what MLflow needs)
    registry: Registry, name: str, *, source: str, run_id: str, tags: Mapping[str, str], model_id: str | None = None
) -> str:
    """Append a version to the registered model `name` (made when missing) and return its number."""
    client = registry.client
    with answering(f"add a version to {name}", registry.uri):
        try:
            client.get_registered_model(name)
        except Exception as error:
            if not is_missing(error):
                raise
            _create_registered_model(registry, name)
        version = client.create_model_version(name, source=source, run_id=run_id, tags=dict(tags), model_id=model_id)
        return str(version.version)


def tag_version(registry: Registry, name: str, version: str, tags: Mapping[str, str]) -> None:
    """Tag a version."""
    with answering(f"tag {name} version {version}", registry.uri):
        for key, value in tags.items():
            registry.client.set_model_version_tag(name, version, key, value)


def describe_version(registry: Registry, name: str, version: str, text: str) -> None:
    """Write the description that MLflow's UI shows for a version."""
    with answering(f"describe {name} version {version}", registry.uri):
        registry.client.update_model_version(name, version, text)


def read_aliases(registry: Registry, name: str) -> dict[str, str]:
    """Return the version behind each alias of `name`; search results never carry aliases, so ask the model."""
    with answering(f"read the aliases of {name}", registry.uri):
        try:
            aliases = registry.client.get_registered_model(name).aliases
        except Exception as error:
            if is_missing(error):
                return {}
            raise
        return {alias: str(version) for alias, version in aliases.items()}


def read_alias(registry: Registry, name: str, alias: str) -> str | None:
    """Return the version that `alias` points to, or None."""
    return read_aliases(registry, name).get(alias)


def set_alias(registry: Registry, name: str, alias: str, version: str) -> None:
    """Point `alias` to `version`; the first insert of a new alias may collide with another's, so try twice."""
    with answering(f"move the alias {alias} of {name}", registry.uri):
        try:
            registry.client.set_registered_model_alias(name, alias, version)
        except Exception as error:
            if getattr(error, "error_code", "") != "BAD_REQUEST":
                raise
            time.sleep(0.5)
            registry.client.set_registered_model_alias(name, alias, version)


def read_versions(registry: Registry, name: str, tags: Mapping[str, str] | None = None) -> list[Entry]:
    """List the versions of `name` (with all of `tags`, if given), oldest first."""
    pages = _pages(registry, name, tags or {}, "ASC", PAGE)
    return sorted((entry for page in pages for entry in page), key=lambda entry: int(entry.version))


def read_tail(registry: Registry, name: str, stage: str, *, before: str | None = None) -> list[Entry]:
    """List the newest entries of a stage, oldest first, from a confirmed one on, older than `before` if given.

    However long the history is, these are enough to replay its head, and mostly one request.
    """
    found: dict[str, Entry] = {}
    for page in _pages(registry, name, {STAGE: stage}, "DESC", TAIL):
        found |= {entry.version: entry for entry in page}
        if any(begins(entry, before) for entry in page):
            break
    return tail_of(found.values(), before=before)


def find_back(registry: Registry, name: str, stage: str, wanted: Callable[[Entry], bool]) -> Entry | None:
    """Return the newest confirmed entry of a stage that is `wanted`, or None; reads no further than that."""
    pages = _pages(registry, name, {STAGE: stage}, "DESC", BACK)
    return next((entry for page in pages for entry in page if entry.confirmed and wanted(entry)), None)


def newest(registry: Registry, name: str, stage: str, most: int) -> list[Entry]:
    """Return the newest entries of a stage that count, in one request."""
    page = next(_pages(registry, name, {STAGE: stage}, "DESC", most), [])
    return [entry for entry in page if entry.confirmed]


def read_version(registry: Registry, name: str, version: str) -> Entry | None:
    """Return one version, or None when there is none of that number."""
    with answering(f"read {name} version {version}", registry.uri):
        try:
            return _entry(registry.client.get_model_version(name, version))
        except Exception as error:
            if is_missing(error):
                return None
            raise


def _pages(registry: Registry, name: str, tags: Mapping[str, str], order: str, size: int) -> Iterator[list[Entry]]:
    conditions = [f"name = '{_quoted(name)}'"]
    conditions += [f"tags.`{key}` = '{_quoted(value)}'" for key, value in tags.items()]
    token = None
    while True:
        with answering(f"list the versions of {name}", registry.uri):
            page = registry.client.search_model_versions(
                " and ".join(conditions), size, [f"version_number {order}"], token
            )
        yield [_entry(version) for version in page]
        token = page.token
        if not token:
            return


def _entry(version: ModelVersion) -> Entry:
    return Entry(
        version=str(version.version),
        run_id=version.run_id or "",
        source=version.source or "",
        created_at=datetime.fromtimestamp(version.creation_timestamp / 1000, UTC),
        tags=dict(version.tags),
    )


def store_of_version(registry: Registry, name: str, version: str) -> str:
    """Return which store a version's files are in, as `scheme://host`: whoever adds a version says where they are."""
    with answering(f"find the files of {name} version {version}", registry.uri):
        return store_of(registry.client.get_model_version_download_uri(name, version))


@contextmanager
def version_files(registry: Registry, name: str, version: str) -> Iterator[tuple[Path, dict[str, tuple[int, str]]]]:
    """Download a version's files without loading them; give their folder and manifest."""
    with answering(f"find the files of {name} version {version}", registry.uri):
        location = registry.client.get_model_version_download_uri(name, version)
    with model_files(registry, location) as files:
        yield files


@contextmanager
def model_files(registry: Registry, location: str) -> Iterator[tuple[Path, dict[str, tuple[int, str]]]]:
    """Download a model's files from an artifact address without loading them; give their folder and manifest."""
    with tempfile.TemporaryDirectory(prefix="mlgate-") as folder:
        with answering("download the model's files", registry.uri):
            from mlflow.artifacts import download_artifacts

            path = Path(download_artifacts(artifact_uri=location, dst_path=folder, tracking_uri=registry.uri))
        yield path, manifest(path)


def _create_registered_model(registry: Registry, name: str) -> None:
    try:
        registry.client.create_registered_model(name)
    except Exception as error:
        if not is_there_already(error):  # another job may have been faster
            raise


def _quoted(value: str) -> str:
    return value.replace("'", "")
