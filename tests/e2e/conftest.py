"""End to end: the example workflows in a real runner, against GitHub's API and an MLflow server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bed import act, emulate
from tests.bed.workflow_stage import WorkflowStage, workflow_stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkflowStage]:
    """A model repository on GitHub, whose first model is not trained yet."""
    if missing := act.missing() or emulate.missing():
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with workflow_stage(tmp_path_factory.mktemp("e2e")) as stage:
        stage.prepare()
        yield stage


@pytest.fixture(scope="module")
def folder(stage: WorkflowStage) -> Path:
    """The checkout that people work in."""
    return stage.repository
