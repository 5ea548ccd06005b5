"""Nothing is shared by all tests but the way a warning is seen: as an error in mlgate's own code."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def _no_runner_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run the same inside and outside a workflow: what a runner sets is taken away."""
    for name in list(os.environ):
        if name.startswith(("GITHUB_", "MLGATE_", "MLFLOW_")):
            monkeypatch.delenv(name)
