"""Deployments: how GitHub's own pages say which version is where, and since when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from mlgate.adapters.github.retry import persist

if TYPE_CHECKING:
    from github.Requester import Requester

PAGE = 100
DESCRIPTION_LIMIT = 140  # GitHub refuses a longer one
SAME = ("model", "version", "manifest")


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What GitHub is told: `payload` says which version it is, `page` and `log` are links that may be absent."""

    environment: str
    ref: str
    description: str
    payload: Mapping[str, str]
    production: bool = True
    page: str | None = None
    log: str | None = None


@dataclass(frozen=True, kw_only=True)
class Announced:
    """What became of it: `finished` is one that an earlier job created and could not bring to its end."""

    action: Literal["created", "finished", "unchanged"]
    number: int


@dataclass(frozen=True, kw_only=True)
class Deployments:
    """The deployments of one repository; each call makes a few requests, whatever the repository's history."""

    requester: Requester = field(repr=False)
    repository: str
    pause: float

    def announce(self, wanted: Deployment) -> Announced:
        """Show `wanted` as what its environment runs; once, however often it is asked.

        The version before it is ended here, because GitHub's own `auto_inactive` spares production environments.
        The status that makes the deployment active comes last: whatever fails before, the next call finishes.
        """
        known = self._newest(wanted.environment)
        found = _same(known, wanted)
        if found is not None and self._succeeded(found["id"]):
            return Announced(action="unchanged", number=found["id"])
        ours = found or self._create(wanted)
        before = next((one for one in known if _replaced_by(one, wanted)), None)
        if before is not None:
            ended = f"replaced by version {wanted.payload['version']}"
            self._tell(before["id"], {"state": "inactive", "description": ended})
        links = {"environment_url": wanted.page, "log_url": wanted.log}
        told = {"state": "success", "description": clamped(wanted.description), "auto_inactive": True}
        self._tell(ours["id"], told | {name: url for name, url in links.items() if url})
        return Announced(action="finished" if found else "created", number=ours["id"])

    def _newest(self, environment: str) -> list[dict[str, Any]]:
        """List the newest deployments of an environment; one page is enough to find the last ones."""
        return list(self._ask("GET", "", {"environment": environment, "per_page": PAGE}))

    def _succeeded(self, number: int) -> bool:
        statuses = self._ask("GET", f"/{number}/statuses", {"per_page": PAGE})
        return any(status["state"] == "success" for status in statuses)

    def _create(self, wanted: Deployment) -> dict[str, Any]:
        """Create it, merging nothing and waiting for no check: what is announced has happened."""
        body = {
            "ref": wanted.ref,
            "environment": wanted.environment,
            "production_environment": wanted.production,
            "description": clamped(wanted.description),
            "payload": dict(wanted.payload),
            "auto_merge": False,
            "required_contexts": [],
        }
        made: dict[str, Any] = persist(
            lambda: self._ask("POST", "", body=body),
            lambda: _same(self._newest(wanted.environment), wanted),
            self.pause,
        )
        return made

    def _tell(self, number: int, status: dict[str, Any]) -> None:
        """Add a status; a second one of the same kind would change nothing, so it is tried again without looking."""
        persist(lambda: self._ask("POST", f"/{number}/statuses", body=status), lambda: None, self.pause)

    def _ask(
        self, method: str, path: str, parameters: dict[str, Any] | None = None, body: dict[str, Any] | None = None
    ) -> Any:  # noqa: ANN401 (GitHub's JSON)
        url = f"/repos/{self.repository}/deployments{path}"
        return self.requester.requestJsonAndCheck(method, url, parameters=parameters, input=body)[1]


def clamped(text: str) -> str:
    """Cut a description to what GitHub takes."""
    return text if len(text) <= DESCRIPTION_LIMIT else f"{text[: DESCRIPTION_LIMIT - 1]}…"


def _same(known: list[dict[str, Any]], wanted: Deployment) -> dict[str, Any] | None:
    """Find the deployment of this very version, whichever commit a later job stands on."""
    return next((one for one in known if _identity(one) == tuple(wanted.payload.get(key) for key in SAME)), None)


def _replaced_by(one: dict[str, Any], wanted: Deployment) -> bool:
    """Whether `one` is about another version of the same model."""
    model, *which = _identity(one)
    return model == wanted.payload["model"] and which != [wanted.payload.get(key) for key in SAME[1:]]


def _identity(one: dict[str, Any]) -> tuple[Any, ...]:
    """Read a payload, which GitHub gives back as an object or as text; other tools' payloads have none of ours."""
    payload = one.get("payload")
    if isinstance(payload, str):
        try:
            payload = json.loads(payload or "{}")
        except ValueError:
            payload = {}
    return tuple(payload.get(key) if isinstance(payload, Mapping) else None for key in SAME)
