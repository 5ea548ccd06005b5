"""A server that does not tell what one may do is asked for what it cannot do; what it does all the same is undone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from mlflow.exceptions import MlflowException

from mlgate.adapters.registry import Registry
from mlgate.adapters.registry.access import PROBE, read_access
from mlgate.doctor.access import Resource
from mlgate.errors import RegistryError

MODEL = Resource(kind="registered model", name="churn")


class TakesAnything:
    """A server that points an alias to any version; deleting one may be forbidden."""

    def __init__(self, *, deletes: bool) -> None:
        """Begin with the alias of a model that is served."""
        self.aliases = {"production": "1"}
        self.deletes = deletes

    def get_registered_model(self, name: str) -> object:
        """Find every model."""
        return SimpleNamespace(name=name)

    def set_registered_model_alias(self, _: str, alias: str, version: str) -> None:
        """Move an alias."""
        self.aliases[alias] = version

    def delete_registered_model_alias(self, _: str, alias: str) -> None:
        """Delete an alias, if that is allowed."""
        if not self.deletes:
            raise MlflowException("forbidden", 7)
        del self.aliases[alias]


def asked(client: Any) -> object:
    """Ask what one may do with the model."""
    return read_access(Registry(client=client, uri="postgresql://host/mlflow"), [MODEL]).rights[MODEL]


def test_an_alias_that_was_taken_is_deleted() -> None:
    """Whoever could set it may write; nothing of it stays."""
    client = TakesAnything(deletes=True)
    assert asked(client) == "write"
    assert client.aliases == {"production": "1"}


def test_an_alias_that_cannot_be_deleted_is_told() -> None:
    """With its name, for who may delete it."""
    with pytest.raises(RegistryError, match=f"the alias {PROBE} of churn") as told:
        asked(TakesAnything(deletes=False))
    assert "administrator" in told.value.hint
