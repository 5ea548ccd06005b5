"""Promoters that race: processes that live long, each with a checkout and a candidate of its own, and a barrier."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

from mlgate.adapters.registry import versions
from mlgate.errors import MlgateError, StaleError
from mlgate.promotion.history import Entry, replay
from mlgate.records import Version
from mlgate.steps.promote import promote
from mlgate.steps.workspace import Workspace
from mlgate.tag_names import CANDIDATE
from tests.integration.conftest import CONFIG, commit, git, open_workspace
from tests.integration.promotion.support import chain, compared, listed, registered

PATIENCE = 300  # seconds in which every racer answers
DATA = "id,x,left\n1,0.5,0\n2,0.7,1\n"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a promotion told one racer: `done`, `stale`, or the error that is neither."""

    candidate: str
    compared_with: str | None
    answer: str
    version: str | None = None


@dataclass
class Racers:
    """The processes, by their pipes."""

    pipes: list[Connection]

    def race(self, model: str) -> list[Told]:
        """Let all compare their candidates with today's production, then promote at once."""
        self._ask(f"compare {model}")
        self._hear()
        self._ask(f"promote {model}")
        return [told for told in self._hear() if told is not None]

    def again(self, model: str, told: list[Told]) -> list[Told]:
        """Let one that lost compare again and promote, with nobody beside it."""
        loser = Racers([pipe for pipe, one in zip(self.pipes, told, strict=True) if one.answer == "stale"][:1])
        loser._ask(f"compare {model}")
        loser._hear()
        loser._ask(f"promote-alone {model}")
        return [told for told in loser._hear() if told is not None]

    def _ask(self, what: str) -> None:
        for pipe in self.pipes:
            pipe.send(what)

    def _hear(self) -> list[Told | None]:
        for pipe in self.pipes:
            assert pipe.poll(PATIENCE), "a racer is silent"
        return [pipe.recv() for pipe in self.pipes]


@contextmanager
def racers(folder: Path, server: str, *, number: int, models: int) -> Iterator[Racers]:
    """Start the racers, for the models `churn-0`, `churn-1` and so on."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["mlflow", "polars", __name__])
    barrier, pipes, processes = context.Barrier(number), [], []
    for racer in range(number):
        checkout = folder / f"racer {racer}"
        make_checkout(checkout, models, racer)
        ours, theirs = context.Pipe()
        process = context.Process(target=_racer, args=(checkout, server, barrier, theirs), daemon=True)
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    try:
        yield Racers(pipes)
    finally:
        for pipe in pipes:
            pipe.close()
        for process in processes:
            process.join(10)
            process.kill()


def make_checkout(folder: Path, models: int, racer: int) -> None:
    """Make a model repository whose training is the racer's own, so that its candidates are found by it only."""
    head, _, rest = CONFIG.partition("  churn:\n")
    body, _, end = rest.partition("registry:")
    config = head + "".join(f"  churn-{model}:\n{body}" for model in range(models)) + "registry:" + end
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    commit(folder, {"mlgate.yaml": config, "train.py": f"{racer}\n", "train.csv": DATA, "held_out.csv": DATA})


def _racer(folder: Path, server: str, barrier: Barrier, pipe: Connection) -> None:
    """Compare and promote as asked, until nobody asks; a candidate that lost is compared again.

    What forks it may have been started by a test that lets no request be sent again, and left its settings.
    """
    for setting in [name for name in os.environ if name.startswith("MLFLOW_HTTP_REQUEST_")]:
        del os.environ[setting]
    workspace = open_workspace(folder, {"MLFLOW_TRACKING_URI": server})
    waiting: dict[str, Version] = {}
    production: str | None = None
    rounds = 0
    while True:
        try:
            what, model = pipe.recv().split()
        except EOFError:
            return
        if what == "compare":
            rounds += 1
            if model not in waiting:
                commit(folder, {"train.py": f"{folder.name}, round {rounds}\n"})
                waiting[model] = registered(workspace, f"{folder.name}, round {rounds}", model)
            record = compared(workspace, waiting[model], name=model)
            production = record.production.version if record.production else None
            pipe.send(None)
            continue
        candidate = waiting[model].version
        if what == "promote":
            barrier.wait(PATIENCE)
        answer, version = _promote(workspace, model)
        if answer == "done":
            del waiting[model]
        pipe.send(Told(candidate=candidate, compared_with=production, answer=answer, version=version))


def _promote(workspace: Workspace, model: str) -> tuple[str, str | None]:
    try:
        record = promote(workspace, model)
    except StaleError:
        return "stale", None
    except MlgateError as error:
        return error.message, None
    return ("stale" if record.stale else record.status), record.to_version


@dataclass
class Referee:
    """Holds after each round what must be true, and counts."""

    workspace: Workspace
    told: Counter[str] = field(default_factory=Counter)
    stale: dict[str, int] = field(default_factory=dict)  # entries that came too late, by model
    late_wins: int = 0  # of candidates that had lost before
    losers: set[tuple[str, str]] = field(default_factory=set)  # models and candidates

    def judge(self, model: str, before: list[Entry], told: list[Told]) -> list[Entry]:
        """Compare what the racers were told with what is in the registry; return the entries that count."""
        entries = listed(self.workspace, model)
        valid = chain(entries)
        assert [entry.version for entry in replay(entries).valid] == [entry.version for entry in valid]
        assert [entry.version for entry in valid[: len(before)]] == [entry.version for entry in before], "one is lost"
        assert len(valid) == len(before) + 1, "one and only one entry counts in each round"
        assert versions.read_alias(self.workspace.registry, model, "production") == valid[-1].version
        assert {racer.compared_with for racer in told} == {before[-1].version if before else None}
        won = [racer for racer in told if racer.answer == "done"]
        assert [(racer.version, f"{model}-candidates/{racer.candidate}") for racer in won] == [
            (valid[-1].version, valid[-1].tags[CANDIDATE])
        ]
        self.stale[model] = len(entries) - len(valid)
        self._count(model, told)
        return valid

    def _count(self, model: str, told: list[Told]) -> None:
        for racer in told:
            self.told[racer.answer] += 1
            if racer.answer == "done":
                self.late_wins += (model, racer.candidate) in self.losers
            else:
                self.losers.add((model, racer.candidate))
