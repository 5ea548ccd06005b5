"""Ask an MLflow server what the credential at hand may do, and leave it as it was."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from mlgate.adapters.registry.connection import answering, is_missing
from mlgate.doctor.access import Access, Resource
from mlgate.errors import RegistryError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlgate.adapters.registry.connection import Registry
    from mlgate.doctor.access import Right

RIGHTS: dict[str, Right] = {
    "NO_PERMISSIONS": "nothing",
    "DENY": "nothing",
    "READ": "read",
    "USE": "read",
    "EDIT": "write",
    "MANAGE": "own",
}
NOWHERE = "2147483647"  # a version that no model has: naming it changes nothing, whatever one may do
PROBE = "mlgate-doctor-probe"


def read_access(registry: Registry, resources: Iterable[Resource]) -> Access:
    """Return who one is and what one may do with `resources`; nothing is changed.

    MLflow's basic-auth of 3.14 and newer tells. Where it does not, an alias of each registered model is moved to a
    version that does not exist: a server that would allow it says that there is no such version, another one says 403.
    One that moves it all the same is asked to delete the alias again; raises RegistryError where that fails.
    """
    with answering("ask what this credential may do", registry.uri):
        known = _get(registry, "/api/2.0/mlflow/users/current")
        user = known["user"] if known else {}
        name = user.get("username")
        rights = {resource: _right(registry, name, resource) for resource in resources}
        guarded = _asks(registry)
    return Access(user=name or _named(), guarded=guarded, admin=bool(user.get("is_admin")), rights=rights)


def _asks(registry: Registry) -> bool:
    """Whether somebody without a credential is turned away."""
    if not registry.uri.startswith("http"):
        return False
    from mlflow.utils.credentials import get_default_host_creds
    from mlflow.utils.rest_utils import MlflowHostCreds, http_request

    known = get_default_host_creds(registry.uri)
    nobody = MlflowHostCreds(
        host=registry.shown,
        ignore_tls_verification=known.ignore_tls_verification,
        server_cert_path=known.server_cert_path,
    )
    answer = http_request(nobody, "/api/2.0/mlflow/experiments/get", "GET", params={"experiment_id": "0"})
    return answer.status_code in {401, 403}


def _named() -> str | None:
    """Return the user that the environment names."""
    return os.environ.get("MLFLOW_TRACKING_USERNAME") or None


def _right(registry: Registry, user: str | None, resource: Resource) -> Right:
    number = _number(registry, resource)
    if number is None:
        return "missing"
    if user is not None:
        named = {"username": user, "resource_type": resource.kind.replace(" ", "_"), "resource_id": number}
        answer = _get(registry, "/api/3.0/mlflow/users/permissions/get", **named)
        return RIGHTS.get(answer["permission"], "unknown") if answer else "unknown"
    return _tried(registry, resource.name) if resource.kind == "registered model" else "unknown"


def _number(registry: Registry, resource: Resource) -> str | None:
    """Return what the server knows a resource by, or None where there is none."""
    if resource.kind == "experiment":
        found = registry.client.get_experiment_by_name(resource.name)
        return None if found is None else str(found.experiment_id)
    try:
        registry.client.get_registered_model(resource.name)
    except Exception as error:
        if is_missing(error):
            return None
        raise
    return resource.name


def _tried(registry: Registry, name: str) -> Right:
    try:
        registry.client.set_registered_model_alias(name, PROBE, NOWHERE)
    except Exception as error:
        if is_missing(error):
            return "write"
        if getattr(error, "error_code", "") == "PERMISSION_DENIED":
            return "read"
        raise
    _undo(registry, name)  # a server that takes any version: it did what only a writer may
    return "write"


def _undo(registry: Registry, name: str) -> None:
    try:
        registry.client.delete_registered_model_alias(name, PROBE)
    except Exception as error:
        raise RegistryError(
            f"the server took a version that does not exist, and the alias {PROBE} of {name} cannot be deleted",
            hint="let an administrator delete that alias; nothing reads it",
        ) from error


def _get(registry: Registry, path: str, **query: str) -> dict[str, Any] | None:
    """Ask a server for JSON; None where it has no such page, or is no server."""
    if not registry.uri.startswith("http"):
        return None
    from mlflow.utils.credentials import get_default_host_creds
    from mlflow.utils.rest_utils import http_request, verify_rest_response

    answer = http_request(get_default_host_creds(registry.uri), path, "GET", params=query)
    if answer.status_code in {404, 405}:
        return None
    found: dict[str, Any] = verify_rest_response(answer, path).json()
    return found
