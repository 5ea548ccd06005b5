"""A version that was in production before mlgate came, as people add them: without a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlgate.adapters.registry import versions
from mlgate.errors import StaleError
from mlgate.steps.promote import promote
from mlgate.steps.recompare import compare_again
from tests.bed.mlflow_server import mlflow_server
from tests.integration.conftest import open_workspace
from tests.integration.promotion.support import compared, next_change, registered, served


def test_a_version_without_a_run_is_compared_with(repository: Path, tmp_path: Path) -> None:
    """On a server, which refuses to look for the artifacts of a run without a name: nothing was kept, that is all."""
    with mlflow_server(tmp_path) as address:
        workspace = open_workspace(repository, {"MLFLOW_TRACKING_URI": address})
        client = workspace.registry.client
        logged = client.create_logged_model(client.create_experiment("notebooks"), "by hand")
        client.create_registered_model("churn")
        client.create_model_version("churn", f"models:/{logged.model_id}", model_id=logged.model_id)
        versions.set_alias(workspace.registry, "churn", "production", "1")
        next_change(repository, "print('v2')\n")
        evidence = compared(workspace, registered(workspace, "two"))
        with pytest.raises(StaleError, match="no predictions of candidate and production"):
            compare_again(workspace, "churn", evidence)
        assert promote(workspace, "churn").from_version == "1"
        assert served(workspace) == "two"
