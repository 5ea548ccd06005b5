"""What the stories share: the people's commits and pushes, and a look at GitHub and the registry from outside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mlflow import MlflowClient

from demo import changes, events
from demo.stage import Job
from tests.bed.workflow_stage import WorkflowStage

MODEL, CANDIDATES = "flight-delay", "flight-delay-candidates"


@dataclass(frozen=True, kw_only=True)
class World:
    """What can be seen from outside after a job; `active` are GitHub's deployments: environment, model, version."""

    job: Job
    comments: list[str]
    aliases: dict[str, str]
    versions: int
    candidates: int
    active: list[tuple[str, str, str]]

    @property
    def production(self) -> str | None:
        """The version behind the alias of production."""
        return self.aliases.get("production")

    @property
    def staging(self) -> str | None:
        """The version behind the alias of staging."""
        return self.aliases.get("staging")


def look(stage: WorkflowStage, job: Job, pull: int | None = None) -> World:
    """Look at GitHub and the registry with clients of their own."""
    client = registry(stage)
    found = client.search_registered_models(f"name = '{MODEL}'")
    return World(
        job=job,
        comments=stage.comments(pull) if pull else [],
        aliases=dict(found[0].aliases) if found else {},
        versions=len(client.search_model_versions(f"name = '{MODEL}'")),
        candidates=len(client.search_model_versions(f"name = '{CANDIDATES}'")),
        active=stage.github.active(),
    )


def registry(stage: WorkflowStage) -> MlflowClient:
    """Connect to the MLflow server as anybody may."""
    return MlflowClient(stage.registry, stage.registry)


def push_to_main(stage: WorkflowStage, name: str, payload: events.Payload | None = None) -> Job:
    """Push what `main` holds, its first commit where no event is given; this starts promote-on-merge.yml."""
    head = stage.git("rev-parse", "main")
    payload = payload or events.push(before="0" * 40, after=head, message=name)
    return stage.job(stage.checkout(name, "main"), "push", payload, hush)


def push_to_pull(stage: WorkflowStage, name: str, *, number: int, branch: str) -> Job:
    """Push `branch`, which starts pull-request.yml on what merging it would give."""
    head, base = stage.git("rev-parse", branch), stage.git("rev-parse", "main")
    payload = events.pull_request(number=number, title=name, branch=branch, head=head, base=base)
    return stage.job(stage.checkout(name, branch), "pull_request", payload, hush)


def start_by_hand(stage: WorkflowStage, name: str, workflow: str, **inputs: str) -> Job:
    """Start a workflow from its form on GitHub."""
    payload = events.dispatch({key.replace("_", "-"): value for key, value in inputs.items()}, workflow)
    return stage.job(stage.checkout(name, "main"), "workflow_dispatch", payload, hush)


def commit(stage: WorkflowStage, message: str, change: tuple[str, str] | None = None, branch: str = "") -> None:
    """Commit one change, on a new branch where one is named."""
    if branch:
        stage.git("switch", "--quiet", "--create", branch, "main")
    if change:
        changes.edit(stage.repository, change)
    stage.git("add", "--all")
    stage.git("commit", "--quiet", "--message", message)


def hush(lines: Iterable[str]) -> None:
    """Let a job run to its end without showing it."""
    for _ in lines:
        pass
