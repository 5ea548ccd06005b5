"""A real workflow runner: nektos/act, on this machine without containers.

`actions/*` stand for themselves as small local actions: act skips the checkout of the repository that it runs, the
job's Python is the one on PATH, and artifacts are a folder. Everything else in a workflow runs as it is written.
act starts scripts without quotes, so `home` must have no space.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
ACT = ROOT / "build" / "bin" / "act"
ZEROS = "0" * 40
SAID = re.compile(r"\[[^\]]+\]\s+(?:\||❓ |❗ )\s(.*)")
DROPPED = ("GITHUB_", "MLGATE_", "CI", "PYTHON")  # a job's environment is the runner's, not that of the tests
STEP = re.compile(r"⭐ Run Main (.*)")
OUTPUT = re.compile(r"::set-output:: ([\w-]+)=(.*)")
USES = re.compile(r"uses: (actions/[a-z-]+@[0-9a-f]{40})")

STAND_INS = {
    "actions/checkout": "runs: {using: composite, steps: [{run: 'true', shell: bash}]}\n",
    "actions/setup-python": """\
outputs: {python-path: {value: "${{ steps.found.outputs.python-path }}"}}
runs:
  using: composite
  steps: [{id: found, shell: bash, run: 'echo "python-path=$MLGATE_BED_PYTHON" >> "$GITHUB_OUTPUT"'}]
""",
    "actions/upload-artifact": """\
inputs: {name: {}, path: {}, include-hidden-files: {}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {NAME: "${{ inputs.name }}", FROM: "${{ inputs.path }}"}
      run: |
        mkdir -p "$MLGATE_BED_ARTIFACTS" && rm -rf "$MLGATE_BED_ARTIFACTS/$NAME"
        cp -r "$FROM" "$MLGATE_BED_ARTIFACTS/$NAME"
""",
    "actions/download-artifact": """\
inputs: {name: {}, path: {}, run-id: {}, github-token: {}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {NAME: "${{ inputs.name }}", TO: "${{ inputs.path }}"}
      run: rm -rf "$TO" && cp -r "$MLGATE_BED_ARTIFACTS/$NAME" "$TO"
""",
}


@dataclass(frozen=True, kw_only=True)
class Event:
    """What starts a workflow: the event's name, its payload, and the token that the job gets for it."""

    name: str
    payload: dict[str, Any]
    token: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Ran:
    """How a workflow ended, and every line that act printed."""

    passed: bool
    log: list[str]

    @property
    def outputs(self) -> dict[str, str]:
        """What the steps set, the last value of each name."""
        return dict(found.groups() for line in self.log if (found := OUTPUT.search(line)))  # type: ignore[misc]


@dataclass(frozen=True, kw_only=True)
class Runner:
    """Runs workflows of a repository; `python` is the job's own, `suite_python` the one setup-python gives mlgate."""

    home: Path
    api_url: str
    repository_name: str
    python: Path
    suite_python: Path
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, repository: Path, workflow: str, event: Event, show: Callable[[Iterable[str]], object] = list) -> Ran:
        """Run one workflow of `.github/workflows` for an event; `show` hears what mlgate's own steps print."""
        path = repository / ".github" / "workflows" / workflow
        payload = self.home / "event.json"
        payload.write_text(json.dumps(event.payload), encoding="utf-8")
        settings = {
            "GITHUB_API_URL": self.api_url,
            "GITHUB_REPOSITORY": self.repository_name,
            "TERM": "dumb",  # a runner's log is no terminal; act's is
            "MLGATE_BED_PYTHON": self.suite_python,
            "MLGATE_BED_ARTIFACTS": self.artifacts,
        }
        command: list[str | Path] = [ACT, event.name, "--directory", repository, "--workflows", path]
        command += ["--eventpath", payload, "--platform", "ubuntu-latest=-self-hosted"]
        command += ["--actor", event.payload.get("sender", {}).get("login", "ada")]
        command += ["--secret", f"GITHUB_TOKEN={event.token}"]
        for name, value in settings.items():
            command += ["--env", f"{name}={value}"]
        for name, value in self.variables.items():
            command += ["--var", f"{name}={value}"]
        for used, folder in self._actions(path).items():
            command += ["--local-repository", f"{used}={folder}"]
        cache = subprocess.run([self.uv, "cache", "dir"], capture_output=True, text=True, check=True).stdout.strip()
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(DROPPED)},
            "HOME": str(self.home),
            "UV_CACHE_DIR": cache,
            "PATH": f"{self.python.parent}{os.pathsep}{os.environ['PATH']}",
        }
        log: list[str] = []

        def heard(stdout: Iterable[str]) -> Iterator[str]:
            ours = False
            for line in stdout:
                log.append(line.rstrip("\n"))
                if step := STEP.search(log[-1]):
                    ours = step[1].startswith("mlgate ")
                elif ours and (said := SAID.match(log[-1])):
                    yield said[1]

        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
        ) as process:
            show(heard(process.stdout or ()))
        return Ran(passed=process.returncode == 0, log=log)

    @property
    def uv(self) -> Path:
        """The uv of the suite's Python."""
        return self.suite_python.with_name("uv")

    @property
    def artifacts(self) -> Path:
        """Folder of what jobs uploaded."""
        return self.home / "uploads"

    def _actions(self, workflow: Path) -> dict[str, Path]:
        """Lay every action that the workflow, or mlgate, uses on disk."""
        product = self.home / "mlgate"
        if not product.is_dir():
            copy_product(product)
        texts = [workflow.read_text(encoding="utf-8"), *(path.read_text() for path in product.glob("**/action.yml"))]
        found = {f"mlgate/mlgate@{ZEROS}": product}
        for used in {match for text in texts for match in USES.findall(text)}:
            name = used.partition("@")[0]
            folder = self.home / "stand-ins" / name
            folder.mkdir(parents=True, exist_ok=True)
            text = f"name: stand-in\ndescription: {name}\n{STAND_INS[name]}"
            (folder / "action.yml").write_text(text, encoding="utf-8")
            found[used] = folder
        return found


def copy_product(to: Path) -> None:
    """Copy what a checkout of mlgate holds: the tracked files as they are now."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, to / name)


def missing() -> str | None:
    """Say what is missing to run workflows, if anything is."""
    return None if ACT.is_file() else "the workflow runner is not built: install Go 1.24 and run `make tools`"
