"""MLflow, the only registry: connection, runs, versions, and the append-only stage history; the only mlflow import."""

from mlgate.adapters.registry.connection import Registry, connect

__all__ = ["Registry", "connect"]
