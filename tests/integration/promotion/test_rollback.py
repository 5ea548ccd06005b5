"""Going back on a real MLflow store: to which versions, and what becomes of several requests at once."""

from __future__ import annotations

from pathlib import Path

from mlgate.steps.promote import promote
from mlgate.steps.rollback import rollback
from tests.integration.conftest import open_workspace
from tests.integration.promotion.support import next_change, reviewed, served


def promoted(folder: Path, *contents: str) -> None:
    """Promote a model for each of the contents, one after another."""
    for content in contents:
        workspace = next_change(folder, f"print('{content}')\n")
        reviewed(workspace, content)
        assert promote(workspace, "churn").status == "done"


def test_one_goes_back_to_a_rollback_whose_original_was_deleted(stored: Path) -> None:
    """Its files are the same; version 1, which brought them first, is gone from the list."""
    promoted(stored, "one", "two")
    workspace = open_workspace(stored)
    assert rollback(workspace, "churn", to="previous", reason="alarms").to_version == "3"
    promoted(stored, "three")
    workspace = open_workspace(stored)
    workspace.registry.client.delete_model_version("churn", "1")
    assert rollback(workspace, "churn", to="3", reason="alarms again").to_version == "5"
    assert served(workspace) == "one"
