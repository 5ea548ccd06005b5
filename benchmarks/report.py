"""How long `mlgate report` takes, whole processes: records in, comment updated, summary and page written.

    python -m benchmarks.report          # half a minute; needs node and `make tools` for GitHub's API stand-in

Three lines: with all of mlgate's libraries (the page has pictures), with the 27 MB that the report action installs (no
pictures), and beside them a script with bare PyGithub that finds its comment and writes a fixed text. They take turns.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click

from mlgate.adapters import files
from tests.bed.emulate import REPOSITORY, Server, emulate, missing
from tests.golden import cases

ROOT = Path(__file__).parents[1]
STORY = "passed"
BARE = """
import os
from github import Auth, Github
client = Github(base_url=os.environ["GITHUB_API_URL"], auth=Auth.Token(os.environ["TOKEN"]), per_page=100)
issue = client.get_repo(os.environ["GITHUB_REPOSITORY"], lazy=True).get_issue(int(os.environ["PULL"]))
ours = next((one for one in issue.get_comments() if one.body.startswith("<!-- bare -->")), None)
body = "<!-- bare -->\\nfixed " + os.environ["TURN"]
ours.edit(body) if ours else issue.create_comment(body)
"""


@dataclass(frozen=True)
class Line:
    """One side: a name, and a command that reports."""

    name: str
    command: list[str]
    most: float | None = None


def small_set(folder: Path) -> str:
    """Make the environment of the report action, as its lock says."""
    uv = [str(Path(sys.executable).with_name("uv"))]
    subprocess.run([*uv, "venv", "--quiet", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    for arguments in (
        ["sync", "--require-hashes", str(ROOT / "requirements/report.txt")],
        ["install", "--no-deps", str(ROOT)],
    ):
        subprocess.run([*uv, "pip", *arguments, "--quiet", "--compile-bytecode", "--python", python], check=True)
    return python


def job(server: Server, folder: Path) -> dict[str, str]:
    """Be in the job of a pull request that left records."""
    pull = server.open_pull()
    for name, parts in cases.CASES[STORY].items():
        for record in parts.all():
            files.write_record(folder / ".mlgate", record)
        if parts.production_training is not None:
            files.write_text(folder / ".mlgate" / name / "production.json", parts.production_training.model_dump_json())
        figures = getattr(parts, "figures", None)
        if figures is not None:
            files.write_text(folder / ".mlgate" / name / "figures.json", figures.model_dump_json())
    event = folder / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": pull.number, "head": {"sha": pull.head.sha}}}))
    token = server.token(pull_requests="write")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GITHUB_ACTIONS": "true",
        "GITHUB_RUN_ID": "1",
        "GITHUB_API_URL": server.url,
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "MLGATE_REPORT_GITHUB_TOKEN": token,
        "TOKEN": token,
        "PULL": str(pull.number),
    }


def timed(line: Line, environment: dict[str, str], folder: Path, turn: int) -> float:
    """Run one side once; another fixed text each turn, as another report."""
    started = time.perf_counter()
    done = subprocess.run(
        line.command, cwd=folder, env={**environment, "TURN": str(turn)}, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        sys.exit(f"{line.name} failed:\n{done.stdout}{done.stderr}")
    return seconds


@click.command()
@click.option("--turns", default=9, show_default=True, help="Runs of each side.")
def main(turns: int) -> None:
    """Run the sides in turns and print the median of each."""
    if missing():
        sys.exit(str(missing()))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        small = small_set(folder / "small")
        lines = [
            Line("mlgate report, with pictures", [sys.executable, "-m", "mlgate", "report"], 1.5),
            Line("mlgate report, the 27 MB set", [small, "-m", "mlgate", "report"], 0.8),
            Line("bare PyGithub, a fixed comment", [small, "-c", BARE]),
        ]
        (folder / "emulate").mkdir()
        with emulate(folder / "emulate") as server:
            environment = job(server, folder)
            taken: dict[str, list[float]] = {line.name: [] for line in lines}
            for turn in range(turns + 1):
                for line in lines:
                    taken[line.name].append(timed(line, environment, folder, turn))
        bare = statistics.median(taken[lines[-1].name][1:])
        for line in lines:
            median = statistics.median(taken[line.name][1:])
            aim = f", aim {line.most} s" if line.most else ""
            click.echo(f"{line.name:<32} {median:.2f} s, {median / bare:.1f} x bare{aim}")


if __name__ == "__main__":
    main()
