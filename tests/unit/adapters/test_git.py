"""The digest of the declared inputs names the code, whatever road it took to main."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mlgate.adapters import git as adapter
from mlgate.adapters.git import read_code
from mlgate.errors import ConfigError

IDENTITY = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]


def git(folder: Path, *arguments: str) -> None:
    """Run git quietly."""
    subprocess.run(["git", *IDENTITY, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path, name: str, text: str) -> None:
    """Write a file and commit it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    git(folder, "add", name)
    git(folder, "commit", "-m", f"change {name}")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose branch `pr` changes src/train.py once and once more."""
    git(tmp_path, "init", "-b", "main")
    commit(tmp_path, "src/train.py", "1\n")
    commit(tmp_path, "README.md", "hello\n")
    git(tmp_path, "checkout", "-b", "pr")
    commit(tmp_path, "src/train.py", "2\n")
    commit(tmp_path, "src/train.py", "3\n")
    return tmp_path


@pytest.mark.parametrize("way", ["merge", "squash", "rebase"])
def test_every_merge_strategy_keeps_the_digest(repository: Path, way: str) -> None:
    """Merge, squash and rebase give other commits but the same inputs."""
    reviewed = read_code(repository, ["src"])
    git(repository, "checkout", "main")
    commit(repository, "docs/other.md", "moved on\n")
    match way:
        case "merge":
            git(repository, "merge", "--no-ff", "-m", "merge", "pr")
        case "squash":
            git(repository, "merge", "--squash", "pr")
            git(repository, "commit", "-m", "squash")
        case "rebase":
            git(repository, "checkout", "pr")
            git(repository, "rebase", "main")
    merged = read_code(repository, ["src"])
    assert merged.commit != reviewed.commit
    assert merged.inputs_digest == reviewed.inputs_digest


def test_a_change_of_the_inputs_changes_the_digest(repository: Path) -> None:
    """Other bytes, and the same bytes under another name, are another digest."""
    before = read_code(repository, ["src"]).inputs_digest
    git(repository, "mv", "src/train.py", "src/fit.py")
    git(repository, "commit", "-m", "rename")
    assert read_code(repository, ["src"]).inputs_digest != before


def test_the_configuration_may_live_in_a_folder(repository: Path) -> None:
    """Inputs are relative to the configuration's folder."""
    assert read_code(repository / "src", ["."]).inputs_digest
    assert read_code(repository / "src", ["train.py"]).inputs == ("train.py",)


def test_uncommitted_inputs_are_named(repository: Path) -> None:
    """A changed input is dirty; a changed file elsewhere is not."""
    (repository / "README.md").write_text("changed\n", encoding="utf-8")
    assert read_code(repository, ["src"]).dirty == ()
    (repository / "src/train.py").write_text("4\n", encoding="utf-8")
    assert read_code(repository, ["src"]).dirty == ("src/train.py",)


def test_an_untracked_input_is_an_error(repository: Path) -> None:
    """An input that git does not track would bind nothing."""
    with pytest.raises(ConfigError, match="names 'nothing', which git does not track"):
        read_code(repository, ["nothing"])


def test_outside_a_repository_the_next_step_is_said(tmp_path: Path) -> None:
    """No repository, or none with a commit, says `git init`."""
    with pytest.raises(ConfigError) as error:
        read_code(tmp_path, ["."])
    assert "git init" in error.value.hint


def head(folder: Path, name: str = "HEAD") -> str:
    """Return a commit."""
    done = subprocess.run(["git", "rev-parse", name], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def shallow(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of depth 1 of what merging `pr` into `main` gives, as actions/checkout makes it."""
    git(repository, "checkout", "--detach", "main")
    git(repository, "merge", "--no-ff", "-m", "merge", "pr")
    git(repository, "branch", "merged")
    git(repository, "config", "uploadpack.allowAnySHA1InWant", "true")
    folder = tmp_path_factory.mktemp("clone") / "shallow"
    git(repository, "clone", "--depth=1", "--branch=merged", repository.as_uri(), str(folder))
    return folder


def test_a_shallow_clone_names_parents_that_it_does_not_have(repository: Path, shallow: Path) -> None:
    """The merge commit says what it merged, although neither is there."""
    assert adapter.parents(shallow) == (head(repository, "main"), head(repository, "pr"))
    assert not adapter.has_commit(shallow, head(repository, "main"))
    assert adapter.parents(repository / "nowhere") == ()


def test_one_commit_is_fetched_into_a_shallow_clone(repository: Path, shallow: Path) -> None:
    """The base's file can be read then; what origin does not have is not."""
    base = head(repository, "main")
    assert adapter.fetch_commit(shallow, base)
    assert adapter.file_at(shallow, base, "src/train.py") == b"1\n"
    assert adapter.file_at(shallow / "src", base, "train.py") == b"1\n"
    assert adapter.file_at(shallow, base, "src/other.py") is None
    assert not adapter.fetch_commit(shallow, "1" * 40)


def test_fetching_into_a_full_clone_keeps_its_history(repository: Path, tmp_path: Path) -> None:
    """A commit that came to origin later is fetched, and nothing is cut off."""
    folder = tmp_path / "full"
    git(repository, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(repository, "clone", "--branch=pr", repository.as_uri(), str(folder))
    git(repository, "checkout", "main")
    commit(repository, "README.md", "later\n")
    assert adapter.fetch_commit(folder, head(repository, "main"))
    assert adapter.merge_base(folder, "main") == head(repository, "main~1")
    assert not (folder / ".git" / "shallow").exists()


def test_a_branch_starts_where_it_left_the_default_one(repository: Path) -> None:
    """On a laptop with main beside it; where there is no such branch, nothing is known."""
    git(repository, "checkout", "main")
    commit(repository, "README.md", "later\n")
    git(repository, "checkout", "pr")
    assert adapter.merge_base(repository) == head(repository, "main~1")
    assert adapter.merge_base(repository, "trunk") is None
    assert adapter.prefix(repository / "src") == "src/"
    assert adapter.prefix(repository) == ""
