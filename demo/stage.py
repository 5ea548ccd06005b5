"""The stage: a git repository, an embedded MLflow store, and a fresh checkout for every job, as on a runner."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from demo import events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "flight-delay"
MARK = "made-by-mlgate-demo"
# A runner's job starts with little; what else is in a person's environment must not change the story.
PASSED_ON = ("HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "SSL_CERT_FILE")
GIT_IDENTITY = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
}


class StoryError(Exception):
    """Something that the story needs did not happen."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """How a job ended: its exit code, its outputs, the folder that it ran in, and the comment it wrote (Markdown)."""

    code: int
    outputs: dict[str, str]
    folder: Path
    comment: str = ""

    @property
    def report(self) -> Path:
        """The HTML report."""
        return self.folder / ".mlgate" / "report.html"

    @property
    def trained(self) -> bool:
        """Whether a model was trained."""
        return (self.folder / ".mlgate" / "flight-delay" / "training.json").exists()


@dataclass(frozen=True)
class Stage:
    """Everything lives in `folder`; nothing outside is touched."""

    folder: Path

    cast: ClassVar[str] = """Git is real, MLflow is real (an embedded sqlite store), and the commands are those that the
        actions run, in a fresh checkout for every job. Only GitHub is absent: its events are files."""

    @property
    def repository(self) -> Path:
        """The model repository that people commit to."""
        return self.folder / "flight-delay"

    @property
    def store(self) -> Path:
        """MLflow's database; models lie beside it."""
        return self.folder / "mlflow.db"

    @property
    def tracking_uri(self) -> str:
        """The store as MLflow names it."""
        return f"sqlite:///{self.store}"

    def prepare(self) -> None:
        """Start from an empty folder; refuse to empty one that the story did not make."""
        if self.folder.is_dir() and any(self.folder.iterdir()) and not (self.folder / MARK).is_file():
            raise StoryError(f"{self.folder} holds something else; name an empty folder")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.repository.mkdir(parents=True)
        (self.folder / MARK).touch()
        for file in EXAMPLE.iterdir():
            if file.is_file():
                shutil.copy(file, self.repository)
        self.git("init", "--quiet", "--initial-branch", "main")

    def environment(self) -> dict[str, str]:
        """Return what every program on the stage gets; `python` and `mlgate` are those that run this."""
        kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
        return {**kept, **GIT_IDENTITY, "PATH": path, "MLFLOW_TRACKING_URI": self.tracking_uri} | {
            "MLFLOW_DISABLE_TELEMETRY": "true"
        }

    def git(self, *words: str, folder: Path | None = None) -> str:
        """Run git in the repository, or in `folder`, and return what it prints."""
        return self.run(["git", *words], folder or self.repository)

    def run(self, words: Sequence[str], folder: Path, code: int = 0) -> str:
        """Run a program that must end with `code`, and return what it prints."""
        done = subprocess.run(
            words, cwd=folder, env=self.environment(), capture_output=True, text=True, encoding="utf-8", check=False
        )
        if done.returncode != code:
            raise StoryError(f"{' '.join(words)} ended with code {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout.strip()

    def checkout(self, name: str, branch: str) -> Path:
        """Check out `main` for a job, or what `branch` merged into it would be: GitHub's refs/pull/N/merge."""
        folder = self.folder / "jobs" / name
        self.git("clone", "--quiet", str(self.repository), str(folder), folder=self.folder)
        if branch != "main":
            self.git("merge", "--quiet", "--no-ff", "-m", f"Merge {branch}", f"origin/{branch}", folder=folder)
        return folder

    def words(self, event: str, payload: events.Payload) -> list[str]:
        """Return the command that an event starts, as the composite actions run it."""
        if event != "workflow_dispatch":
            return ["mlgate", "run"]
        inputs = payload["inputs"]
        return ["mlgate", "rollback", "--to", inputs["to"], "--reason", inputs["reason"]]

    def job(self, folder: Path, event: str, payload: events.Payload, show: Callable[[Iterable[str]], None]) -> Job:
        """Run one step of a workflow in its checkout, as a runner does, and show its log while it comes."""
        number = payload.get("number")
        files = {
            "GITHUB_EVENT_PATH": folder.with_suffix(".event.json"),
            "GITHUB_OUTPUT": folder.with_suffix(".outputs"),
            "GITHUB_STEP_SUMMARY": folder.with_suffix(".summary.md"),
        }
        for path in files.values():
            path.touch()
        files["GITHUB_EVENT_PATH"].write_text(json.dumps(payload, indent=2), encoding="utf-8")
        environment = self.environment() | {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTOR": events.ACTOR,
            "GITHUB_EVENT_NAME": event,
            "GITHUB_REF": f"refs/pull/{number}/merge" if event == "pull_request" else "refs/heads/main",
            "GITHUB_REPOSITORY": events.REPOSITORY,
            "GITHUB_RUN_ID": str(7_000_000_000 + len(list(folder.parent.iterdir()))),
            "GITHUB_SERVER_URL": events.SERVER,
            "GITHUB_SHA": self.git("rev-parse", "HEAD", folder=folder),
            "GITHUB_WORKSPACE": str(folder),
            **{name: str(path) for name, path in files.items()},
        }
        with subprocess.Popen(
            self.words(event, payload),
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        ) as process:
            show(line.rstrip("\n") for line in process.stdout or ())
        written = folder / ".mlgate" / "report.md"
        return Job(
            code=process.returncode,
            outputs=read_outputs(files["GITHUB_OUTPUT"]),
            folder=folder,
            comment=written.read_text(encoding="utf-8") if written.is_file() else "",
        )

    def pages(self) -> list[str]:
        """Return the command that serves MLflow's own pages on all that happened."""
        return [str(Path(sys.executable).parent / "mlflow"), "ui", "--backend-store-uri", self.tracking_uri]


def read_outputs(path: Path) -> dict[str, str]:
    """Read a step's outputs as the runner does: `name<<delimiter`, lines, `delimiter`."""
    found: dict[str, str] = {}
    lines = iter(path.read_text(encoding="utf-8").splitlines())
    for line in lines:
        name, _, delimiter = line.partition("<<")
        value = []
        for inner in lines:
            if inner == delimiter:
                break
            value.append(inner)
        found[name] = "\n".join(value)
    return found
