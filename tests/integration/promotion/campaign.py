"""A model whose two candidates take turns at being production, and a campaign of faults against what moves it."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

from mlgate.adapters import files
from mlgate.adapters.registry import runs, versions
from mlgate.errors import MlgateError
from mlgate.promotion.history import Entry
from mlgate.promotion.tags import evidence_digest
from mlgate.promotion.values import Wish
from mlgate.records import Version
from mlgate.steps.ask import Ask
from mlgate.steps.doctor import look_at
from mlgate.steps.promote import promote
from mlgate.steps.rollback import rollback
from mlgate.steps.workspace import Workspace
from mlgate.tag_names import EVIDENCE
from tests.bed.fault_proxy import Fault, Kind, Proxy
from tests.integration.conftest import open_workspace
from tests.integration.promotion.support import chain, compared, listed

PATIENCE = "1"  # seconds that a client waits for an answer that does not come


class Command(Protocol):
    """What is broken; it returns its status."""

    __name__: str

    def __call__(self, workspace: Workspace, name: str, to: str) -> str:
        """Run in a checkout, for a model; `to` is the version that it goes back to."""


def promoting(workspace: Workspace, name: str, to: str) -> str:  # noqa: ARG001 (as the others)
    """Promote what is checked out, whatever was production before; that it was there once is meant."""
    return promote(workspace, name, Ask(unfence=True, reason="a campaign")).status


def going_back(workspace: Workspace, name: str, to: str) -> str:
    """Go back to version `to`."""
    return rollback(workspace, name, Wish(to=to, reason="a campaign")).status


def mending(workspace: Workspace, name: str, to: str) -> str:  # noqa: ARG001 (as the others)
    """Put the alias back to where the history says."""
    look_at(workspace, name, fix=True)
    return "done"


@dataclass
class Stage:
    """A model with two checkouts; the candidates of both take turns at being production."""

    name: str
    workspaces: list[Workspace]
    candidates: list[Version]
    promoted: list[str] = field(default_factory=list)  # the version that each candidate first became
    turn: int = 0

    @property
    def workspace(self) -> Workspace:
        """The checkout whose turn it is."""
        return self.workspaces[self.turn]

    def ready(self, command: Command) -> str:
        """Make the other candidate's turn come, all prepared for the command; return the version to go back to."""
        self.turn = 1 - self.turn
        if command is promoting:
            compared(self.workspace, self.candidates[self.turn], name=self.name)
        if command is mending:
            self.turn = 1  # the head is the second one's
            versions.set_alias(self.workspace.registry, self.name, "production", self.promoted[0])
        return self.promoted[self.turn]

    def valid(self) -> list[Entry]:
        """List the entries that count."""
        return chain(listed(self.workspace, self.name))

    def check_safe(self) -> list[str]:
        """Hold that production is an entry that counts, with the files that were promoted; return what there is."""
        entries = listed(self.workspace, self.name)
        alias = versions.read_alias(self.workspace.registry, self.name, "production")
        entry = next(entry for entry in chain(entries) if entry.version == alias)
        assert entry.manifest in {candidate.manifest_digest for candidate in self.candidates}
        with versions.version_files(self.workspace.registry, self.name, entry.version) as (_, found):
            assert files.manifest_digest(found) == entry.manifest
        return [*(entry.version for entry in entries), f"production is {entry.version}"]

    def check_done(self, entries: int) -> None:
        """Hold that the candidate whose turn it is became production by exactly one entry; nothing is half done."""
        valid = self.valid()
        assert len(valid) == entries
        assert valid[-1].manifest == self.candidates[self.turn].manifest_digest
        assert versions.read_alias(self.workspace.registry, self.name, "production") == valid[-1].version
        assert look_at(self.workspace, self.name).problems == ()
        kept = runs.fetch_text(self.workspace.registry, valid[-1].run_id, "comparison.json")
        assert kept is not None
        assert evidence_digest(kept) == valid[-1].tags[EVIDENCE]


def here(stage: Stage, command: Command, to: str, fault: Fault, proxy: Proxy) -> str:
    """Run the command in this process with a fault before it; return its status, or the error that it ends with."""
    proxy.arm(fault)
    before = os.environ.get("MLFLOW_HTTP_REQUEST_TIMEOUT", "30")
    os.environ["MLFLOW_HTTP_REQUEST_TIMEOUT"] = PATIENCE if fault.kind == "hang" else before
    try:
        return command(stage.workspace, stage.name, to)
    except MlgateError as error:  # anything else is a bug
        return type(error).__name__
    finally:
        os.environ["MLFLOW_HTTP_REQUEST_TIMEOUT"] = before


def elsewhere(stage: Stage, command: Command, to: str, fault: Fault, proxy: Proxy) -> str:
    """Run the command in a process that the fault kills; return "killed", or the status if it survived."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["mlflow", __name__])
    ours, theirs = context.Pipe()
    where = stage.workspace.folder, str(stage.workspace.runner.tracking_uri)
    process = context.Process(target=_promoter, args=(*where, partial(command, name=stage.name, to=to), theirs))
    process.start()
    theirs.close()
    ours.recv()
    proxy.arm(Fault(at=fault.at, kind=fault.kind, pid=process.pid or 0))
    ours.send("go")
    try:
        return str(ours.recv())
    except EOFError:
        return "killed"
    finally:
        process.join()
        ours.close()


def _promoter(folder: Path, server: str, command: Callable[[Workspace], str], pipe: Connection) -> None:
    """Tell when all is imported, wait, run the command, tell its status."""
    workspace = open_workspace(folder, {"MLFLOW_TRACKING_URI": server})
    pipe.send(f"{workspace.registry.shown} is open")
    pipe.recv()
    pipe.send(command(workspace))


@dataclass
class Tried:
    """What a campaign met."""

    points: int = 0
    ends: Counter[str] = field(default_factory=Counter)


def campaign(proxy: Proxy, stage: Stage, command: Command, kind: Kind, every: int = 1) -> Tried:
    """Break all writes and every `every`-th read of the command.

    A fault that changed nothing is followed by the next one, until one changes something or none is left: then the
    command is run without a fault, and has finished the job.
    """
    run = elsewhere if kind.endswith("kill") else here
    to, tried, changed, wanted = stage.ready(command), Tried(), True, 0
    proxy.arm(None)
    assert command(stage.workspace, stage.name, to) == "done"
    points = chosen(proxy.requests, every)
    for at in points:
        if changed:
            to = stage.ready(command)
            wanted = len(stage.valid()) + (command is not mending)
            before = stage.check_safe()
        end = run(stage, command, to, Fault(at=at, kind=kind), proxy)
        if proxy.struck:
            tried.points += 1
            tried.ends[end] += 1
        proxy.arm(None)
        changed = stage.check_safe() != before or at == points[-1]
        if changed:
            assert command(stage.workspace, stage.name, to) in {"done", "already"}
            stage.check_done(wanted)
    return tried


def chosen(requests: list[str], every: int) -> list[int]:
    """Number the requests that are broken."""
    numbered = enumerate(requests, start=1)
    return [at for at, request in numbered if not request.startswith("GET") or (at - 1) % every == 0]
