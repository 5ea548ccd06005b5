"""Which code is checked out, as git knows it."""

from __future__ import annotations

import hashlib
import subprocess
from typing import TYPE_CHECKING

from mlgate.errors import ConfigError, ToolError
from mlgate.records import Code

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def read_code(folder: Path, inputs: Sequence[str]) -> Code:
    """Describe HEAD and the git trees of `inputs`, paths relative to `folder`.

    `inputs_digest` is the sha256 over the sorted lines `mode type object path` of `git ls-tree`, so it is equal
    wherever the same bytes are checked in at the same paths. Raises ToolError outside a repository or before the
    first commit, and ConfigError for an input that git does not track.
    """
    commit = _git(folder, "rev-parse", "HEAD").strip()
    branch = _git(folder, "rev-parse", "--abbrev-ref", "HEAD").strip()
    lines: list[str] = []
    for path in inputs:
        listed = _git(folder, "ls-tree", "-r", "-z", "HEAD", "--", path).split("\0")
        tracked = [line for line in listed if line]
        if not tracked:
            raise ConfigError(
                f"train.inputs names {path!r}, which git does not track at commit {commit[:12]}",
                hint="commit it, or take it out of train.inputs",
            )
        lines += tracked
    digest = hashlib.sha256("\n".join(sorted(set(lines))).encode()).hexdigest()
    status = _git(folder, "status", "--porcelain=v1", "-z", "--untracked-files=no", "--no-renames", "--", *inputs)
    dirty = tuple(entry[3:] for entry in status.split("\0") if entry)
    return Code(commit=commit, inputs_digest=digest, inputs=tuple(inputs), dirty=dirty, branch=branch)


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "core.quotePath=false", *arguments]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(f"git could not be run in {folder}: {error}", hint="install git, then try again") from error
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.strip().splitlines()[:1] or ["no message"]
    raise ConfigError(
        f"git {arguments[0]} failed in {folder}: {said[0]}",
        hint="mlgate binds each model to a commit: run it in a git repository that has one (`git init`, `git commit`)",
    )
