"""The workflow runner around us: its event, its outputs, its log, and the environment (MLflow's own names aside)."""

from __future__ import annotations

import json
import os
import re
import secrets
import sys
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mlgate.adapters.log import plain
from mlgate.errors import OutsideError, RequestError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlgate.verdict import Place

MAX_EVENT_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Runner:
    """What GitHub Actions tells a job; on a laptop everything is absent and `on_actions` is False."""

    on_actions: bool = False
    event_name: str = ""
    event: Mapping[str, Any] = field(default_factory=dict, repr=False)
    repository: str = ""
    ref: str = ""
    sha: str = ""
    actor: str = ""
    server_url: str = "https://github.com"
    api_url: str = "https://api.github.com"
    run_url: str | None = None
    output_file: Path | None = None
    summary_file: Path | None = None
    tracking_uri: str | None = field(default=None, repr=False)
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def pull_request(self) -> int | None:
        """Number of the pull request that this job runs for, if the event names one."""
        number = self._told("pull_request", "number") if self.event_name == "pull_request" else None
        return number if isinstance(number, int) else None

    @property
    def closed(self) -> bool:
        """Whether the event says that the pull request was closed without being merged."""
        if self.event_name != "pull_request" or self._told("action") != "closed":
            return False
        return self._told("pull_request", "merged") is not True

    @property
    def head_sha(self) -> str:
        """Commit that a person pushed: the pull request's head, else the job's commit."""
        head = self._told("pull_request", "head", "sha")
        return head if isinstance(head, str) and self.event_name == "pull_request" else self.sha

    @property
    def on_default_branch(self) -> bool:
        """Whether the job runs on the repository's default branch."""
        return self.ref == f"refs/heads/{self._told('repository', 'default_branch') or 'main'}"

    @property
    def reported_head(self) -> tuple[str, str, str] | None:
        """Repository, branch and commit of the run that a workflow_run event is about, as GitHub tells it."""
        if self.event_name != "workflow_run":
            return None
        repository = self._told("workflow_run", "head_repository", "full_name")
        branch, sha = self._told("workflow_run", "head_branch"), self._told("workflow_run", "head_sha")
        return str(repository), str(branch), str(sha)

    @property
    def reported_commit(self) -> str:
        """Commit that a report is about, as GitHub tells it: a person's, the queue's, or that of the run before."""
        head = self.reported_head
        commit = head[2] if head is not None else self.head_sha
        return commit if re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", commit) else ""

    @property
    def trust(self) -> str | None:
        """File of the certificates that servers' own are signed by, where a job names one; as Python reads it."""
        names = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
        return next((self.environment[name] for name in names if self.environment.get(name)), None)

    @property
    def base_commit(self) -> str | None:
        """Commit that the event says this change starts from; None where it names none, as a new branch's push."""
        match self.event_name:
            case "pull_request":
                told = self._told("pull_request", "base", "sha")
            case "merge_group":
                told = self._told("merge_group", "base_sha")
            case "push" if self.on_default_branch:
                told = self._told("before")
            case _:
                told = None
        known = isinstance(told, str) and re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", told) and told.strip("0")
        return str(told) if known else None

    @property
    def queued_pull(self) -> int | None:
        """Number of the pull request that a merge queue tries, as GitHub writes it into the branch's name."""
        if self.event_name != "merge_group":
            return None
        found = re.search(r"/pr-([0-9]{1,9})-[0-9a-f]+$", str(self._told("merge_group", "head_ref")))
        return int(found[1]) if found else None

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the pull request when the event happened."""
        told = self._told("pull_request", "labels")
        names = [one.get("name") for one in told if isinstance(one, Mapping)] if isinstance(told, list) else []
        return tuple(name for name in names if isinstance(name, str))

    @property
    def default_branch(self) -> str:
        """Name of the repository's default branch, where the event tells it."""
        told = self._told("repository", "default_branch")
        return told if isinstance(told, str) and not told.startswith("-") else ""

    @property
    def data_cache(self) -> Path:
        """Folder of the copies of remote data: one that is named, the job's own, or the user's; no artifact has it."""
        env = self.environment
        if env.get("MLGATE_DATA_CACHE"):
            return Path(env["MLGATE_DATA_CACHE"]).absolute()
        if env.get("RUNNER_TEMP"):
            return Path(env["RUNNER_TEMP"], "mlgate-data")
        return Path(env.get("XDG_CACHE_HOME") or Path.home() / ".cache", "mlgate", "data")

    def _told(self, *keys: str) -> object:
        """Read from the event; None where it has another shape."""
        found: object = self.event
        for key in keys:
            found = found.get(key) if isinstance(found, Mapping) else None
        return found


def read_runner(environment: Mapping[str, str] | None = None) -> Runner:
    """Read the environment once; raises RequestError for events on which mlgate must not run code."""
    env = os.environ if environment is None else environment
    name = env.get("GITHUB_EVENT_NAME", "")
    if name == "pull_request_target":
        raise RequestError(
            "mlgate does not run on pull_request_target: it would give the pull request's code your secrets",
            hint="use pull_request; for forks, the pair in workflows-examples/ (pull_request, then workflow_run)",
        )
    server, repository = env.get("GITHUB_SERVER_URL") or "https://github.com", env.get("GITHUB_REPOSITORY", "")
    run_id = env.get("GITHUB_RUN_ID")
    return Runner(
        on_actions=env.get("GITHUB_ACTIONS") == "true",
        event_name=name,
        event=_event(env.get("GITHUB_EVENT_PATH")),
        repository=repository,
        ref=env.get("GITHUB_REF", ""),
        sha=env.get("GITHUB_SHA", ""),
        actor=env.get("GITHUB_ACTOR", ""),
        server_url=server,
        api_url=env.get("GITHUB_API_URL") or "https://api.github.com",
        run_url=f"{server}/{repository}/actions/runs/{run_id}" if run_id and repository else None,
        output_file=_path(env.get("GITHUB_OUTPUT")),
        summary_file=_path(env.get("GITHUB_STEP_SUMMARY")),
        tracking_uri=env.get("MLFLOW_TRACKING_URI") or None,
        environment=dict(env),
    )


def write_outputs(runner: Runner, outputs: Mapping[str, str]) -> None:
    """Append step outputs; a random delimiter keeps any value from ending early or naming another output."""
    if runner.output_file is None:
        return
    lines = []
    for name, value in outputs.items():
        delimiter = f"mlgate-{secrets.token_hex(16)}"
        lines.append(f"{name}<<{delimiter}\n{value.replace(chr(13), '')}\n{delimiter}\n")
    _append(runner.output_file, "".join(lines))


def write_summary(runner: Runner, markdown: str) -> None:
    """Append to the job summary, where there is one."""
    if runner.summary_file is not None:
        _append(runner.summary_file, markdown + "\n")


def annotate(
    runner: Runner,
    level: Literal["notice", "warning", "error"],
    message: str,
    *,
    title: str = "",
    place: Place | None = None,
) -> None:
    """Say `message` where people look: as an annotation on Actions, on standard error elsewhere.

    With a place GitHub shows it beside that line.
    """
    if runner.on_actions:
        about = {"file": place.path, "line": place.line} if place else {}
        given = [f"{key}={_property(str(value))}" for key, value in {**about, "title": title}.items() if value]
        sys.stdout.write(f"::{level}{' ' if given else ''}{','.join(given)}::{_data(message)}\n")
        sys.stdout.flush()
    else:
        where = [str(part) for part in (place.path, place.line) if part] if place else []
        named = "".join(f"{part}: " for part in (":".join(where), title) if part)
        sys.stderr.write(plain(f"{level}: {named}{message}") + "\n")


def _data(text: str) -> str:
    """Escape a message as the runner reads it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape a property's value as the runner reads it."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def say(message: str) -> None:
    """Write a line to the log, where a job's machine-readable output is not."""
    sys.stderr.write(plain(message) + "\n")
    sys.stderr.flush()


@contextmanager
def group(runner: Runner, title: str) -> Iterator[None]:
    """Fold what is printed inside under `title` in the log of an Actions job."""
    if runner.on_actions:
        sys.stdout.write(f"::group::{title}\n")
        sys.stdout.flush()
    try:
        yield
    finally:
        if runner.on_actions:
            sys.stdout.write("::endgroup::\n")
            sys.stdout.flush()


@contextmanager
def untrusted_output(runner: Runner) -> Iterator[None]:
    """Keep what a user's program prints inside from being read as commands to the runner."""
    token = secrets.token_hex(16)
    if runner.on_actions:
        sys.stdout.write(f"::stop-commands::{token}\n")
        sys.stdout.flush()
    try:
        yield
    finally:
        if runner.on_actions:
            sys.stdout.write(f"::{token}::\n")
            sys.stdout.flush()


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise OutsideError(f"{path} cannot be written: {error}", hint="check the runner's disk") from error


def _event(path: str | None) -> Mapping[str, Any]:
    if not path or not Path(path).is_file():
        return {}
    try:
        if Path(path).stat().st_size > MAX_EVENT_BYTES:
            raise RequestError(f"the event at {path} is too large", hint="GITHUB_EVENT_PATH must hold a webhook event")
        event = json.loads(Path(path).read_text(encoding="utf-8"))
    except RecursionError as error:
        raise RequestError(f"the event at {path} is nested too deeply", hint="check GITHUB_EVENT_PATH") from error
    except (OSError, ValueError) as error:
        raise RequestError(f"the event at {path} is not JSON: {error}", hint="check GITHUB_EVENT_PATH") from error
    return event if isinstance(event, dict) else {}


def _path(value: str | None) -> Path | None:
    return Path(value) if value else None
