"""What the field's own checkers say about the actions and workflows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.actions.support import ACTIONS, EXAMPLES, OWN, ROOT

BIN = Path(sys.executable).parent
WORKFLOWS = [*EXAMPLES, *OWN]


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a checker at the root of the repository."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_zizmor_finds_nothing() -> None:
    """The auditor persona, strict, over actions, examples and our own workflows."""
    options = ["--offline", "--no-progress", "--strict-collection", "--persona=auditor"]
    done = run(BIN / "zizmor", *options, *ACTIONS.values(), *WORKFLOWS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No findings to report" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("schema", "paths"), [("vendor.github-actions", list(ACTIONS.values())), ("vendor.github-workflows", WORKFLOWS)]
)
def test_the_schemas_hold(schema: str, paths: list[Path]) -> None:
    """GitHub's published schemas accept every file."""
    done = run(BIN / "check-jsonschema", "--builtin-schema", schema, *paths)
    assert done.returncode == 0, done.stdout + done.stderr


def test_githubs_language_service_finds_nothing() -> None:
    """GitHub's own editor service, the only checker that reads expressions, has nothing to say."""
    if shutil.which("node") is None or not (ROOT / "node_modules" / "@actions" / "languageservice").is_dir():
        assert not os.environ.get("CI"), "CI needs node and `npm ci`"
        pytest.skip("needs Node.js 20: `make tools`")
    done = run("node", ROOT / "scripts" / "language-service.mjs", *ACTIONS.values(), *WORKFLOWS)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_launcher_is_sound_shell() -> None:
    """Bash reads it, and shellcheck, where it is installed, finds nothing."""
    launcher = ROOT / "actions" / "suite.sh"
    assert run("bash", "-n", launcher).returncode == 0
    if shutil.which("shellcheck"):
        done = run("shellcheck", launcher)
        assert done.returncode == 0, done.stdout
