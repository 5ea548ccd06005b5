"""One GitHub for the session."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.bed.emulate import Server, emulate, missing
from tests.bed.hub import Hub, serve_hub


@pytest.fixture
def hub() -> Iterator[Hub]:
    """Serve a hub on loopback."""
    with serve_hub() as serving:
        yield serving


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start emulate for the session; where it is missing, skip with the way to get it, but fail in CI."""
    problem = missing()
    if problem:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(problem)
    with emulate(tmp_path_factory.mktemp("emulate")) as running:
        yield running
