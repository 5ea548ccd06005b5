"""The user's programs are bounded, heard, and kept from what is not theirs."""

from __future__ import annotations

import io
import os
import sys
import time
from pathlib import Path

import pytest

from mlgate.adapters import process
from mlgate.errors import ConfigError, ToolError


def run(code: str, folder: Path, timeout: float = 20) -> process.Finished:
    """Run Python code as a training."""
    return process.run([sys.executable, "-c", code], folder, dict(os.environ), timeout=timeout, echo=None)


def test_the_last_lines_are_kept(tmp_path: Path) -> None:
    """Code and tail of a program that fails, in order, both streams."""
    done = run("import sys; [print(i) for i in range(99)]; sys.stdout.flush(); sys.exit('boom')", tmp_path)
    assert done.code == 1
    assert done.tail[-2:] == ("98", "boom")
    assert len(done.tail) == process.TAIL_LINES


def test_what_is_printed_is_repeated(tmp_path: Path) -> None:
    """A watcher sees every line, also bytes that are no text."""
    echo = io.StringIO()
    code = "import sys; sys.stdout.buffer.write(b'\\xff\\n' + b'x' * 2000 + b'\\n')"
    done = process.run([sys.executable, "-c", code], tmp_path, dict(os.environ), timeout=20, echo=echo)
    assert echo.getvalue().startswith("\ufffd\n")
    assert len(done.tail[-1]) == process.MAX_LINE + 1


def test_a_child_that_gets_away_is_not_heard_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it prints after the training ended stays out of the job's log, where it could pass for ours."""
    monkeypatch.setattr(process, "LINGER", 0.5)
    echo = io.StringIO()
    child = "import time; time.sleep(2); print('::error::forged', flush=True)"
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {child!r}], start_new_session=True)"
    done = process.run([sys.executable, "-c", code], tmp_path, dict(os.environ), timeout=20, echo=echo)
    assert done.code == 0
    time.sleep(2.5)
    assert echo.getvalue() == ""


def test_an_endless_line_is_read_in_pieces(tmp_path: Path) -> None:
    """Its end is what is kept, and memory stays small."""
    done = run("import sys; sys.stdout.write('x' * 1_000_000 + 'end')", tmp_path)
    assert done.tail[-1].endswith("end") or len(done.tail[-1]) == process.MAX_LINE + 1
    assert len(done.tail) > 1


def test_time_runs_out_for_children_too(tmp_path: Path) -> None:
    """A program and what it started are ended together."""
    mark = tmp_path / "mark"
    child = f"import time, pathlib; time.sleep(3); pathlib.Path({str(mark)!r}).touch()"
    code = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(60)"
    started = time.monotonic()
    assert run(code, tmp_path, timeout=0.7).code is None
    assert time.monotonic() - started < 30  # the program would sleep for a minute
    time.sleep(3)
    assert not mark.exists()


def test_a_program_that_is_not_there_is_a_config_error(tmp_path: Path) -> None:
    """The message names the command and where it is set."""
    with pytest.raises(ConfigError, match="'no-such-program' could not be started") as error:
        process.run(["no-such-program"], tmp_path, {}, timeout=1, echo=None)
    assert "train.command" in error.value.hint


def test_tokens_and_runner_files_are_withheld() -> None:
    """A training sees its own variables, and neither mlgate's tokens nor the runner's files."""
    ours = {"PATH": "p", "MLGATE_RUN_GITHUB_TOKEN": "t", "GITHUB_TOKEN": "t", "GITHUB_OUTPUT": "f", "GITHUB_ENV": "f"}
    assert process.child_environment(ours, {"MLGATE_SEED": "7"}) == {
        "PATH": "p",
        "PYTHONUNBUFFERED": "1",
        "MLGATE_SEED": "7",
    }


def test_python_is_found_by_name_or_path(tmp_path: Path) -> None:
    """A name is looked up on PATH, a path from the configuration's folder; nothing else will do."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    expected = str(tmp_path / "bin" / "python")
    assert process.find_python("python", tmp_path, {"PATH": str(tmp_path / "bin")}) == expected
    assert process.find_python("bin/python", tmp_path, {}) == expected
    with pytest.raises(ConfigError, match="train.python names 'python'"):
        process.find_python("python", tmp_path, {"PATH": str(tmp_path)})


def test_python_describes_itself(tmp_path: Path) -> None:
    """Version and packages are those of the Python that was asked."""
    found = process.describe_python(sys.executable, tmp_path, dict(os.environ))
    assert found.python == sys.version.split()[0]
    assert "pytest" in found.packages


def test_a_broken_python_is_a_tool_error(tmp_path: Path) -> None:
    """A Python that dies says so with its last words."""
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no luck\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    with pytest.raises(ToolError, match=r"ended with code 3:\nno luck"):
        process.describe_python(str(broken), tmp_path, {})


def test_what_a_worker_answers_holds_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However deep in the answer the error of a user's function stands."""
    lines = [
        "import json, os, sys",
        "said = 'login with ' + os.environ['WAREHOUSE_TOKEN']",
        "print(said)",
        "answer = {'problem': said, 'rows': 3, 'deep': [{'why': said}, None]}",
        "sys.argv[2:] and open(sys.argv[2], 'w').write(json.dumps(answer))",
    ]
    (tmp_path / "worker.py").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(process, "WORKER", tmp_path)
    environment = {**os.environ, "WAREHOUSE_TOKEN": "canary-4711-secret"}
    answer = process.call_worker(sys.executable, "worker.py", {}, tmp_path, environment)
    assert answer == {"problem": "login with ***", "rows": 3, "deep": [{"why": "login with ***"}, None]}
