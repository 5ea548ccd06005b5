"""A model whose data lie behind URLs goes the whole road, and nothing that opens a URL is kept anywhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlgate.adapters import runner
from mlgate.adapters.remote import copies
from tests.bed.web import Web, web_server
from tests.integration.loop.conftest import CONFIG, Project, tumours

OPENS = ("passw0rd", "hunter22")
PRINTS = 'print("the data is", os.environ["MLGATE_TRAIN_DATA"])\nraise SystemExit(3)\n'


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Web]:
    """A server with both files and a list of sites; the job's temporary folder is a test's."""
    monkeypatch.setenv("RUNNER_TEMP", str(tmp_path / "runner"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with web_server() as web:
        train, held_out = tumours()
        web.files = {"train.csv": train.encode(), "held_out.csv": held_out.encode(), "labels.csv": b"name\n0\n1\n"}
        yield web


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A failing server is not asked again."""
    monkeypatch.setattr(copies, "PAUSES", ())


def configured(web: Web) -> str:
    """Write the configuration with URLs that hold a password and a signature."""
    train, held_out, labels = (
        f"{web.url(name, 'ada:passw0rd@')}?sig=hunter22" for name in ("train.csv", "held_out.csv", "labels.csv")
    )
    references = f"references: [{{column: benign, file: '{labels}', to: name}}]"
    urls = f"train: '{train}', held_out: '{held_out}', {references}"
    return CONFIG.replace("train: train.csv, held_out: held_out.csv", urls)


def test_the_loop_takes_its_data_from_urls(project: Project, web: Web, capsys: pytest.CaptureFixture[str]) -> None:
    """Four commands fetch each file once, the training has a path, records have the shown URL, promotion needs none."""
    script = project.text("train.py")
    project.commit({"mlgate.yaml": configured(web), "train.py": script + PRINTS})
    assert project.mlgate("validate") == 0
    files = {one["path"]: one["rows"] for one in project.record("validation")["files"]}
    assert files == {f"http://{web.address}/train.csv": 285, f"http://{web.address}/held_out.csv": 284}
    assert project.mlgate("train") == 1
    place = runner.read_runner().data_cache
    (said,) = [line for line in project.record("training")["log_tail"] if line.startswith("the data is")]
    assert Path(said.removeprefix("the data is ")).is_relative_to(place)
    project.commit({"train.py": script})
    for command in ("validate", "train", "compare"):
        assert project.mlgate(command) == 0, command
    assert sorted(path.partition("?")[0] for path in web.gets) == ["/held_out.csv", "/labels.csv", "/train.csv"]
    web.status = 503
    assert project.mlgate("promote") == 0
    assert project.mlgate("report") == 0
    _nothing_is_told(project, capsys.readouterr())


def _nothing_is_told(project: Project, shown: tuple[str, str]) -> None:
    """Neither shown nor in a record, the report, or MLflow's store, where the URL without its secrets is."""
    texts = [*shown, "\n".join(sqlite3.connect(project.folder / "mlflow.db").iterdump())]
    kept = [path for path in project.folder.rglob("*") if path.is_file() and ".git" not in path.parts]
    texts += [path.read_bytes().decode("latin-1") for path in kept if path.name != "mlgate.yaml"]
    for text in texts:
        assert not [secret for secret in OPENS if secret in text]
    assert "/train.csv" in texts[2]


def test_data_that_changes_between_two_steps_is_seen(
    project: Project, web: Web, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was validated is what is trained on, or the training does not start."""
    project.commit({"mlgate.yaml": configured(web)})
    assert project.mlgate("validate") == 0
    web.files["train.csv"] = b"\n".join(web.files["train.csv"].splitlines()[:-1]) + b"\n"
    assert project.mlgate("train") == 2
    assert "changed since it was validated" in capsys.readouterr().err


@pytest.mark.parametrize(("status", "code"), [(403, 2), (404, 2), (503, 3)])
@pytest.mark.usefixtures("hasty")
def test_a_store_s_refusal_is_an_exit_code(
    project: Project, web: Web, capsys: pytest.CaptureFixture[str], status: int, code: int
) -> None:
    """Two where the request is wrong, three where the store failed, with the URL and the next step."""
    project.commit({"mlgate.yaml": configured(web)})
    web.status = status
    assert project.mlgate("validate") == code
    said = capsys.readouterr()
    assert f"http://{web.address}/train.csv" in said.err
    assert not [secret for secret in OPENS if secret in said.out + said.err]
