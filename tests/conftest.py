"""What all tests share: no runner around them, and no deadline for a generated case."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("mlgate", deadline=None)  # a busy machine is no error
settings.load_profile("mlgate")


@pytest.fixture(autouse=True)
def _no_runner_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run the same inside and outside a workflow: what a runner sets is taken away."""
    for name in list(os.environ):
        if name.startswith(("GITHUB_", "MLGATE_", "MLFLOW_")):
            monkeypatch.delenv(name)
