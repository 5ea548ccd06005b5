"""What a credential may do on the registry, held against what it should be able to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mlgate.records import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Role = Literal["candidate", "promoter"]
Kind = Literal["registered model", "experiment"]
Right = Literal["nothing", "read", "write", "own", "missing", "unknown"]
HOW = "docs/credentials.md has a script for the administrator"


@dataclass(frozen=True, kw_only=True, order=True)
class Resource:
    """Something on the registry that permissions are about."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        """Name it in a sentence."""
        return f"the {self.kind} {self.name}"


@dataclass(frozen=True, kw_only=True)
class Access:
    """Who the credential at hand is, and what it may do; `guarded` when the registry asks who one is."""

    user: str | None
    guarded: bool
    admin: bool
    rights: Mapping[Resource, Right]


def resources(name: str, candidates: str) -> dict[Resource, bool]:
    """Return what belongs to model `name`, and whether it is production's, so that candidates must not write it."""
    return {
        Resource(kind="registered model", name=candidates): False,
        Resource(kind="experiment", name=name): False,
        Resource(kind="registered model", name=name): True,
        Resource(kind="experiment", name=f"{name}/production"): True,
    }


def judge_access(access: Access, role: Role, guarded: Mapping[Resource, bool]) -> list[Problem]:
    """List what the credential may do too much, or too little, for `role`; `guarded` is what `resources` returned."""
    if not access.guarded:
        return [
            Problem(
                reason="no_users",
                sentence="the registry does not ask who one is: everybody who reaches it can move production",
                write="run the server with --app-name basic-auth, or behind something that asks (docs/credentials.md)",
            )
        ]
    if access.admin:
        return [
            Problem(
                reason="administrator",
                sentence=f"{access.user} is an administrator of the server and may do everything",
                write=f"give the job the credential of a {role}; {HOW}",
            )
        ]
    return [problem for resource in guarded for problem in _judge(access, role, resource, protected=guarded[resource])]


def _judge(access: Access, role: Role, resource: Resource, *, protected: bool) -> Iterator[Problem]:
    who, right = access.user or "this credential", access.rights.get(resource, "unknown")
    if right == "missing":
        yield Problem(
            reason="missing",
            sentence=f"{resource} does not exist: in MLflow whoever creates it owns it",
            write=f"let an administrator create it first; {HOW}",
        )
    elif role == "candidate" and protected and right in {"write", "own"}:
        yield Problem(
            reason="too_much",
            sentence=f"{who} may write {resource}: a pull request can move production",
            write=f"grant READ on it, and no more; {HOW}",
        )
    elif right == "own":
        yield Problem(
            reason="owner",
            sentence=f"{who} owns {resource}, so it may delete its versions or runs, and let others in",
            write=f"grant EDIT on it instead of MANAGE; {HOW}",
        )
    elif right in {"nothing", "read"} and not (role == "candidate" and protected):
        yield Problem(
            reason="too_little",
            sentence=f"{who} may not write {resource}, which a {role} needs",
            write=f"grant EDIT on it; {HOW}",
        )
    elif right == "nothing":
        yield Problem(
            reason="too_little",
            sentence=f"{who} may not read {resource}, which a comparison needs",
            write=f"grant READ on it; {HOW}",
        )
    elif right == "unknown":
        yield Problem(
            reason="unknown_right",
            sentence=f"the server does not say what {who} may do with {resource}",
            level="advice",
            write="look at its permissions yourself",
        )
