"""Addresses of MLflow's own pages."""

from __future__ import annotations

from unittest.mock import sentinel

import pytest

from mlgate.adapters.registry import Registry


@pytest.mark.parametrize("uri", ["https://ada:secret@mlflow.example/base", "https://mlflow.example/base/"])
def test_a_server_has_a_page_a_version(uri: str) -> None:
    """Without the credentials of the address."""
    registry = Registry(client=sentinel.client, uri=uri)
    assert registry.version_url("churn", "8") == "https://mlflow.example/base/#/models/churn/versions/8"
    assert registry.run_url("3", "r1") == "https://mlflow.example/base/#/experiments/3/runs/r1"


@pytest.mark.parametrize("uri", ["sqlite:////tmp/mlflow.db", "databricks"])
def test_a_store_has_none(uri: str) -> None:
    """Nobody can open a file's page, and Databricks has other pages."""
    assert Registry(client=sentinel.client, uri=uri).version_url("churn", "8") is None
