"""Whichever request breaks: production stays one that was promoted, and the same command finishes the job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mlgate.steps.promote import promote
from tests.bed.fault_proxy import Fault, Kind, Proxy, fault_proxy
from tests.bed.mlflow_server import mlflow_server
from tests.integration.conftest import CONFIG, commit, git, open_workspace
from tests.integration.promotion.campaign import Command, Stage, Tried, campaign, going_back, here, mending, promoting
from tests.integration.promotion.support import compared, registered

SETTINGS = {f"MLFLOW_HTTP_REQUEST_{name}": "0" for name in ("MAX_RETRIES", "BACKOFF_FACTOR", "BACKOFF_JITTER")}
FAULTS: list[tuple[Kind, int]] = [
    ("act and cut", 1),
    ("act and kill", 1),
    ("cut", 1),
    ("500", 3),
    ("503", 3),
    ("hang", 5),
    ("kill", 3),  # as killed after the request before, unless that is a write
]
LOST_ENTRY = Fault(at="model-versions/create", kind="act and cut")


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """One server for the module, and the proxy before it."""
    with mlflow_server(tmp_path_factory.mktemp("mlflow")) as server, fault_proxy(server) as standing:
        yield standing


@pytest.fixture
def stage(proxy: Proxy, tmp_path: Path, request: pytest.FixtureRequest) -> Stage:
    """A model of this test's own, whose two candidates were both promoted."""
    proxy.arm(None)
    name = "churn-" + "".join(letter if letter.isalnum() else "-" for letter in request.node.name)
    made = Stage(name=name, workspaces=[], candidates=[], turn=1)
    for turn in (0, 1):
        folder = tmp_path / str(turn)
        folder.mkdir()
        git(folder, "init", "-q", "-b", "main")
        data = "id,x,left\n1,0.5,0\n2,0.7,1\n"
        config = CONFIG.replace("churn:", f"{name}:")
        commit(folder, {"mlgate.yaml": config, "train.py": f"{turn}\n", "train.csv": data, "held_out.csv": data})
        made.workspaces.append(open_workspace(folder, {"MLFLOW_TRACKING_URI": proxy.address}))
        made.candidates.append(registered(made.workspaces[turn], f"model {turn}", name))
        compared(made.workspaces[turn], made.candidates[turn], name=name)
        made.promoted.append(str(promote(made.workspaces[turn], name).to_version))
    return made


def counts(what: str, tried: Tried) -> str:
    """How many faults were tried and how they ended, in a line."""
    ends = ", ".join(f"{end} {count}" for end, count in sorted(tried.ends.items()))
    return f"{what}: {tried.points} fault points ({ends})"


@pytest.fixture(autouse=True)
def _no_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """MLflow's client tries once, so that faults reach mlgate."""
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)


@pytest.mark.long
@pytest.mark.parametrize(("kind", "every"), FAULTS, ids=[kind for kind, _ in FAULTS])
@pytest.mark.parametrize("command", [promoting, going_back, mending])
def test_any_request_may_break(  # noqa: PLR0917 (fixtures)
    proxy: Proxy, stage: Stage, command: Command, kind: Kind, every: int, tell: Callable[[str], None]
) -> None:
    """Promotion, rollback and doctor survive each kind of fault at each of their requests."""
    tried = campaign(proxy, stage, command, kind, every)
    tell(counts(f"{command.__name__}, {kind}", tried))
    assert tried.points >= 3


@pytest.mark.long
@pytest.mark.parametrize("command", [promoting, going_back])
def test_retries_may_do_a_thing_twice(
    proxy: Proxy, stage: Stage, command: Command, monkeypatch: pytest.MonkeyPatch, tell: Callable[[str], None]
) -> None:
    """A write whose answer is lost is sent again by MLflow's client; twice is no worse than once."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")
    tried = campaign(proxy, stage, command, "act and cut", 100)
    tell(counts(f"{command.__name__}, act and cut, sent again", tried))
    assert tried.points >= 3


@pytest.mark.parametrize("kind", ["act and cut", "act and kill", "503"])
def test_some_requests_break(proxy: Proxy, stage: Stage, kind: Kind, tell: Callable[[str], None]) -> None:
    """A promotion survives faults at its writes and at every fifth of its other requests."""
    tried = campaign(proxy, stage, promoting, kind, 5)
    tell(counts(f"promoting, {kind}", tried))
    assert tried.points >= 3


@pytest.mark.parametrize("command", [promoting, going_back])
def test_an_entry_that_was_sent_twice_is_ones_own(
    proxy: Proxy, stage: Stage, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client sends it again when the answer is lost: the first one counts, and the command is done."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")
    assert here(stage, command, stage.ready(command), LOST_ENTRY, proxy) == "done"


def test_going_back_to_previous_is_finished_by_the_same_command(proxy: Proxy, stage: Stage) -> None:
    """The entry is there, the alias is not: the same command moves it, and goes no further back."""
    stage.turn = 0
    assert here(stage, going_back, "previous", LOST_ENTRY, proxy) == "RegistryError"
    assert going_back(stage.workspace, stage.name, "previous") == "done"
    stage.check_done(3)
