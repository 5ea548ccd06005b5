"""Run the user's programs: in their Python, with a bounded time and a bounded memory of what they said."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from mlgate.adapters.secrets import hide_across, hiding
from mlgate.errors import ConfigError, ToolError
from mlgate.records import Environment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

WORKER = Path(__file__).parent.parent / "worker"
WORKER_SECONDS = 1800.0
TAIL_LINES = 30
MAX_READ = 65_536
MAX_LINE = 500
SEAM = 8192  # characters of an endless line that are held back, so that a secret is not read in two pieces
LINGER = 5.0  # seconds that what a program left behind may still print
# A training must not be able to speak to the runner in mlgate's name, nor read mlgate's tokens.
WITHHELD = (
    "MLGATE_",
    "GITHUB_OUTPUT",
    "GITHUB_ENV",
    "GITHUB_PATH",
    "GITHUB_STATE",
    "GITHUB_STEP_SUMMARY",
    "GITHUB_TOKEN",
)


@dataclass(frozen=True, kw_only=True)
class Finished:
    """How a program ended: `code` is None when its time ran out; `tail` its last lines."""

    code: int | None
    seconds: float
    tail: tuple[str, ...]


def find_python(configured: str, folder: Path, environment: Mapping[str, str], *, key: str = "train.python") -> str:
    """Resolve the Python that a key names: a path relative to the configuration, or a name on PATH.

    Raises ConfigError where there is none.
    """
    if "/" in configured or "\\" in configured:
        path = folder / configured
        if os.access(path, os.X_OK):
            return str(path.absolute())
    else:
        names = [configured, "python3"] if configured == "python" else [configured]
        for name in names:
            found = shutil.which(name, path=environment.get("PATH"))
            if found:
                return found
    raise ConfigError(
        f"{key} names {configured!r}, which is not a program here",
        hint=f"set {key} to the Python that has your libraries, or put it on PATH",
    )


def describe_python(python: str, folder: Path, environment: Mapping[str, str]) -> Environment:
    """Ask the user's Python what it is and what is installed in it."""
    answer = call_worker(python, "describe.py", {}, folder, environment)
    return Environment.model_validate(answer)


def call_worker(
    python: str, script: str, question: Mapping[str, Any], folder: Path, environment: Mapping[str, str]
) -> dict[str, Any]:
    """Run a worker script in the user's Python, question and answer being JSON files; raises ToolError.

    What the user's functions say in it, such as an error, holds no secret of `environment`.
    """
    hide = hiding(environment)
    with tempfile.TemporaryDirectory(prefix="mlgate-") as scratch:
        asked, answered = Path(scratch, "question.json"), Path(scratch, "answer.json")
        asked.write_text(json.dumps(question), encoding="utf-8")
        command = [python, str(WORKER / script), str(asked), str(answered)]
        done = run(command, folder, child_environment(environment, {}), timeout=WORKER_SECONDS, echo=None)
        if answered.is_file():
            answer = json.loads(answered.read_text(encoding="utf-8"))
            if isinstance(answer, dict):
                return {name: _hidden(value, hide) for name, value in answer.items()}
    said = "\n".join(map(hide, done.tail[-12:])) or "it printed nothing"
    ended = "did not finish in time" if done.code is None else f"ended with code {done.code}"
    raise ToolError(
        f"mlgate's worker {script} in {python} {ended}:\n{said}",
        hint="check that this Python works and has mlflow and pandas (train.python chooses another)",
    )


def _hidden(value: Any, hide: Callable[[str], str]) -> Any:  # noqa: ANN401 (JSON)
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, list):
        return [_hidden(one, hide) for one in value]
    return {name: _hidden(one, hide) for name, one in value.items()} if isinstance(value, dict) else value


def child_environment(environment: Mapping[str, str], extra: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for a user's program: ours without what is withheld, with `extra`."""
    kept = {name: value for name, value in environment.items() if not name.startswith(WITHHELD)}
    return {**kept, "PYTHONUNBUFFERED": "1", **extra}


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], *, timeout: float, echo: IO[str] | None
) -> Finished:
    """Run `command` in `folder` for at most `timeout` seconds, repeating what it prints to `echo`.

    When the time runs out, or mlgate itself is interrupted, the program and all that it started are ended.
    """
    started = time.monotonic()
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise ConfigError(
            f"{command[0]!r} could not be started: {error.strerror or error}",
            hint="check train.command and train.python; the command runs without a shell (use `bash -c '...'` for one)",
        ) from error
    tail: deque[str] = deque(maxlen=TAIL_LINES + 1)  # what the first line begins, the second may end
    over = threading.Event()
    reader = threading.Thread(target=_drain, args=(process.stdout, tail, hiding(environment), echo, over), daemon=True)
    reader.start()
    code: int | None
    try:
        code = process.wait(timeout)
    except subprocess.TimeoutExpired:
        code = None
    finally:
        _end(process)
    reader.join(LINGER)
    over.set()  # what a child that got away prints is not heard
    return Finished(code=code, seconds=time.monotonic() - started, tail=_last(tuple(tail), environment))


def _last(lines: tuple[str, ...], environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the last lines without the secrets of the program's environment, each cut to its length."""
    hidden = hide_across(lines, environment)[-TAIL_LINES:]
    return tuple(line if len(line) <= MAX_LINE else line[:MAX_LINE] + "…" for line in hidden)


def _drain(
    stream: IO[str] | None, tail: deque[str], hide: Callable[[str], str], echo: IO[str] | None, over: threading.Event
) -> None:
    """Read line by line, an endless line in pieces that cut no secret, until the stream ends or nobody listens."""

    def say(text: str) -> None:
        tail.append(text)
        if echo is not None and not over.is_set():
            echo.write(text + "\n")
            echo.flush()

    rest = ""
    while stream is not None and not over.is_set() and (read := stream.readline(MAX_READ)):
        line, rest = rest + read, ""
        if not line.endswith("\n"):
            line = hide(line)
            line, rest = line[:-SEAM], line[-SEAM:]
        if line:
            say(line.rstrip("\r\n"))
    if rest and not over.is_set():
        say(rest)


def _end(process: subprocess.Popen[str]) -> None:
    if sys.platform == "win32":
        process.kill()
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except (ProcessLookupError, PermissionError):
            return
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            continue
