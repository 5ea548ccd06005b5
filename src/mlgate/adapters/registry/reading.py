"""Read one version of a registered model, without listing the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.adapters.registry.connection import answering

if TYPE_CHECKING:
    from mlgate.adapters.registry.connection import Registry


def read_tags(registry: Registry, name: str, version: str) -> dict[str, str]:
    """Return the tags of one version."""
    with answering(f"read {name} version {version}", registry.uri):
        return dict(registry.client.get_model_version(name, version).tags)
