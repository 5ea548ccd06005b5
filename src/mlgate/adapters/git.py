"""Which code is checked out, as git knows it."""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from mlgate.errors import ConfigError, ToolError
from mlgate.records import Code
from mlgate.verdict import Place

if TYPE_CHECKING:
    from collections.abc import Sequence


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


def parents(folder: Path) -> tuple[str, ...]:
    """Return the parents of HEAD as its commit names them, whether a shallow clone has them or not."""
    header = (_ask(folder, "cat-file", "commit", "HEAD") or b"").partition(b"\n\n")[0].decode(errors="replace")
    return tuple(re.findall(r"^parent ([0-9a-f]+)$", header, re.MULTILINE))


def merge_base(folder: Path, branch: str = "") -> str | None:
    """Return where HEAD left the default branch: `branch`, else origin's or a local main; None where none is here."""
    head = (_ask(folder, "symbolic-ref", "--quiet", "refs/remotes/origin/HEAD") or b"").decode().strip()
    names = [branch] if branch else [head.removeprefix("refs/remotes/origin/"), "main", "master"]
    for place in ("refs/remotes/origin", "refs/heads"):
        for name in filter(None, names):
            found = _ask(folder, "merge-base", "HEAD", f"{place}/{name}")
            if found:
                return found.decode().strip()
    return None


def has_commit(folder: Path, commit: str) -> bool:
    """Whether the commit is in this clone."""
    return _ask(folder, "cat-file", "-e", f"{commit}^{{commit}}") is not None


def fetch_commit(folder: Path, commit: str) -> bool:
    """Fetch one commit from origin, without asking anybody for a password; return whether it is here then."""
    shallow = (_ask(folder, "rev-parse", "--is-shallow-repository") or b"").strip() == b"true"
    depth = ["--depth=1"] if shallow else []  # in a full clone it would cut the history
    quiet = ["--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"]
    _ask(folder, "-c", "core.askPass=true", "-c", "credential.helper=", "fetch", *quiet, *depth, "origin", commit)
    return has_commit(folder, commit)


def file_at(folder: Path, commit: str, name: str) -> bytes | None:
    """Return a file as it is at `commit`, its name relative to `folder`; None where that commit has no such file.

    Raises ToolError for a file that the commit has and this clone does not.
    """
    where = f"{commit}:./{name}"
    if _ask(folder, "rev-parse", "--verify", "--quiet", where) is None:
        return None
    found = _ask(folder, "cat-file", "blob", where)
    if found is None:
        raise ToolError(f"git does not give {name} of commit {commit[:12]}", hint="fetch that commit, then try again")
    return found


def prefix(folder: Path) -> str:
    """Return the path of `folder` in its repository, with a slash behind it; nothing for the top."""
    return (_ask(folder, "rev-parse", "--show-prefix") or b"").decode().strip()


def top(folder: Path) -> Path | None:
    """Return the top of the repository that `folder` is in; None outside of one."""
    found = (_ask(folder, "rev-parse", "--show-toplevel") or b"").decode().rstrip("\n")
    return Path(found) if found else None


def place_of(file: Path, line: int | None, within: Path | None = None) -> Place | None:
    """Name a line as the repository does whose top is `within`; None for a file that is in none, or in another."""
    path = file.resolve()
    within = within or (top(path.parent) if path.parent.is_dir() else None)
    if within is None or not path.is_relative_to(within):
        return None
    return Place(path=path.relative_to(within).as_posix(), line=line)


def _ask(folder: Path, *arguments: str) -> bytes | None:
    """Return what git prints, None where it says no."""
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, check=False, timeout=60, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


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
