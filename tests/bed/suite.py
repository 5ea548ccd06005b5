"""The launcher of the actions, outside of a workflow."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

LAUNCHER = Path(__file__).parents[2] / "actions" / "suite.sh"


def launch(extras: str, home: Path, command: str = "--version") -> subprocess.CompletedProcess[str]:
    """Start `mlgate COMMAND` as an action with the input `extras` would, in a job whose temporary folder is `home`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MLGATE_", "PYTHON"))}
    job = {"RUNNER_TEMP": str(home), "MLGATE_SUITE_PYTHON": sys.executable, "MLGATE_SUITE_EXTRAS": extras}
    return subprocess.run(
        ["bash", str(LAUNCHER), "suite", command],
        env={**kept, **job},
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
    )
