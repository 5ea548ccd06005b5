"""The demo's stage with the real cast: workflows in act, GitHub's API by emulate, an MLflow server."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import ClassVar

from demo import events
from demo.stage import ROOT, Job, Stage, StoryError
from tests.bed import emulate
from tests.bed.act import Event, Runner
from tests.bed.deployments import Pages, github_pages
from tests.bed.mlflow_server import mlflow_server

WORKFLOWS = {"pull_request": "pull-request.yml", "push": "promote-on-merge.yml"}
NOT_IN_ACT = re.compile(r"^ +deployment: false.*\n", re.MULTILINE)


@dataclass(frozen=True)
class WorkflowStage(Stage):
    """A stage on which an event starts the workflow of `workflows-examples/` that a user would have copied."""

    cast: ClassVar[str] = """Each job is a workflow of workflows-examples/, run by act in a fresh checkout. MLflow is
        a server; the pull requests and their comments are emulate's, which answers as GitHub's API does."""

    runner: Runner
    hub: emulate.Server
    registry: str
    github: Pages

    @property
    def tracking_uri(self) -> str:
        """The server that jobs and the service ask."""
        return self.registry

    def prepare(self) -> None:
        """Copy the example workflows into the model repository too, but for one line that act does not know yet."""
        super().prepare()
        workflows = self.repository / ".github" / "workflows"
        workflows.mkdir(parents=True)
        for file in (ROOT / "workflows-examples").glob("*.yml"):
            text = file.read_text(encoding="utf-8")
            (workflows / file.name).write_text(NOT_IN_ACT.sub("", text), encoding="utf-8")

    def words(self, event: str, payload: events.Payload) -> list[str]:
        """Return what starts the workflow here; GitHub needs no command."""
        return ["act", event, "--workflows", f".github/workflows/{workflow_of(event, payload)}"]

    def job(self, folder: Path, event: str, payload: events.Payload, show: Callable[[Iterable[str]], None]) -> Job:
        """Run the event's workflow in a checkout, and take what it uploaded as the job's records."""
        if event == "pull_request":
            self._on_github(payload)
        token = self.hub.token(pull_requests="write", contents="read")
        shutil.rmtree(self.runner.artifacts, ignore_errors=True)
        started = Event(name=event, payload=payload, token=token)
        ran = self.runner.run(folder, workflow_of(event, payload), started, show)
        (folder.with_suffix(".log")).write_text("\n".join(ran.log), encoding="utf-8")
        for uploaded in self.runner.artifacts.glob("*"):
            shutil.copytree(uploaded, folder / ".mlgate", dirs_exist_ok=True)
        comments = self.comments(payload["number"]) if event == "pull_request" else []
        return Job(
            code=0 if ran.passed else 1, outputs=ran.outputs, folder=folder, comment=comments[-1] if comments else ""
        )

    def pages(self) -> list[str]:
        """Return the command that serves what the server kept."""
        store = ["--backend-store-uri", f"sqlite:///{self.runner.home / 'mlflow.db'}"]
        kept = ["--artifacts-destination", str(self.runner.home / "artifacts")]
        return [str(Path(sys.executable).parent / "mlflow"), "server", *store, *kept]

    def comments(self, number: int) -> list[str]:
        """Return what stands under a pull request, oldest first."""
        pull = self.hub.person().get_repo(emulate.REPOSITORY).get_pull(number)
        return [one.body for one in pull.get_issue_comments()]

    def merge(self, number: int, branch: str, method: str) -> events.Payload:
        """Merge a pull request here and on GitHub by `merge`, `squash` or `rebase`; give the event of the push."""
        before = self.git("rev-parse", "main")
        self.git("switch", "--quiet", "main")
        if method == "merge":
            self.git("merge", "--quiet", "--no-ff", "--message", f"Merge pull request #{number}", branch)
        elif method == "squash":
            self.git("merge", "--quiet", "--squash", branch)
            self.git("commit", "--quiet", "--message", f"{branch} (#{number})")
        else:  # GitHub's rebase makes new commits, even on a base that did not move
            self.git("cherry-pick", f"main..{branch}")
        after, message = self.git("log", "-1", "--format=%H%n%s").splitlines()
        pull = self.hub.person().get_repo(emulate.REPOSITORY).get_pull(number)
        self.github.merges[after] = pull.merge(merge_method=method).sha
        return events.push(before=before, after=after, message=message)

    def _on_github(self, payload: events.Payload) -> None:
        """Open the pull request, or push to it."""
        repository = self.hub.person().get_repo(emulate.REPOSITORY)
        known = {one.number for one in repository.get_pulls(state="all")}
        branch = payload["pull_request"]["head"]["ref"]
        if payload["number"] in known:
            head = payload["pull_request"]["head"]["sha"]
            repository.create_file(f"{head}.txt", "change", "1\n", branch=branch)
        elif (number := self.hub.open_pull(branch).number) != payload["number"]:
            raise StoryError(f"GitHub numbers the pull request {number}, the story {payload['number']}")


def workflow_of(event: str, payload: events.Payload) -> str:
    """Name the workflow that an event starts; what a person starts by hand is named by its payload."""
    return WORKFLOWS.get(event) or PurePosixPath(payload["workflow"]).name


@contextmanager
def workflow_stage(folder: Path) -> Iterator[WorkflowStage]:
    """Start the servers and give the stage; everything lies in `folder`, whose path must have no space."""
    home = folder / "machine"
    home.mkdir(parents=True, exist_ok=True)
    python = training_python(home)
    with emulate.emulate(home) as hub, github_pages(hub.url) as github, mlflow_server(home) as registry:
        runner = Runner(
            home=home,
            api_url=github.url,
            repository_name=emulate.REPOSITORY,
            python=python,
            suite_python=Path(sys.executable),
            variables={"MLFLOW_TRACKING_URI": registry},
        )
        yield WorkflowStage(folder / "story", runner, hub, registry, github)


def training_python(home: Path) -> Path:
    """Make the environment that a job's own steps make: the training's libraries, and not mlgate."""
    place = home / "python"
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    python = place / "bin" / "python"
    command: list[str | Path] = [Path(sys.executable).with_name("uv"), "pip", "install", "--python", python]
    command += ["--quiet", "--compile-bytecode"]
    command += ["--requirement", ROOT / "examples" / "flight-delay" / "requirements.txt"]
    subprocess.run([*command, "--constraint", ROOT / "requirements" / "dev.txt"], check=True)
    return python
