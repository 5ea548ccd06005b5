"""A reader that has seen enough closes the pipe: that is no fault of anybody's code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from mlgate.adapters import files
from mlgate.errors import ExitCode
from tests.golden import cases


def test_a_closed_pipe_is_not_blamed_on_the_schema(tmp_path: Path) -> None:
    """As `mlgate report | head -1` closes it."""
    for record in cases.CASES["passed"][cases.MODEL].all():
        files.write_record(tmp_path / ".mlgate", record)
    command = [sys.executable, "-u", "-m", "mlgate", "report"]
    started = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert started.stdout is not None
    started.stdout.close()
    assert started.stderr is not None
    said = started.stderr.read()
    started.wait(120)
    assert "ended mlgate" not in said
    assert "Traceback" not in said
    assert started.returncode == ExitCode.OUTSIDE
