"""What every step works on: the configuration, the runner, the records, the registry, and where to speak."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from mlgate.adapters import files, git, runner
from mlgate.config.address import is_url, plain_path, shown
from mlgate.errors import GitHubError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rich.console import Console

    from mlgate.adapters.github import GitHub
    from mlgate.adapters.registry import Registry
    from mlgate.adapters.remote import LocalCopies
    from mlgate.adapters.runner import Runner
    from mlgate.config.data import Reference
    from mlgate.config.load import Loaded
    from mlgate.config.model import Model
    from mlgate.records import Code, DataFile, Record

RECORDS = ".mlgate"


@dataclass(frozen=True)
class Workspace:
    """One checkout of a model repository; `console` is where people read (standard error when `--json` is asked).

    `token` asks GitHub what neither the checkout nor the event tells.
    """

    loaded: Loaded
    runner: Runner
    console: Console
    token: str | None = field(default=None, repr=False)

    @property
    def folder(self) -> Path:
        """Folder of mlgate.yaml: every path in it is relative to this."""
        return self.loaded.path.parent

    @cached_property
    def top(self) -> Path | None:
        """Top of the repository that the folder is in; None outside of one."""
        return git.top(self.folder)

    @property
    def records(self) -> Path:
        """Folder of the records."""
        return self.folder / RECORDS

    @property
    def template(self) -> Path | None:
        """The template of the report, where the repository has its own."""
        named = self.loaded.config.report.template
        return self.folder / named if named else None

    def model(self, name: str) -> Model:
        """Return the configuration of one model."""
        return self.loaded.config.models[name]

    def candidates(self, name: str) -> str:
        """Name the registered model that candidates of `name` land in."""
        return self.loaded.config.registry.candidates.format(model=name)

    def code(self, name: str) -> Code:
        """Describe the code that is checked out, as far as `name` depends on it."""
        return git.read_code(self.folder, self.model(name).train.inputs)

    def data_files(self, name: str) -> dict[str, DataFile]:
        """Describe the training data and the held-out data."""
        from mlgate.data.files.digest import describe

        train = describe(self.data_file(name, "train"), role="training", shown_as=shown(self.model(name).data.train))
        return {"train": train, "held_out": self.held_out(name)}

    def held_out(self, name: str) -> DataFile:
        """Describe the held-out data."""
        from mlgate.data.files.digest import describe

        named = shown(self.model(name).data.held_out)
        return describe(self.data_file(name, "held_out"), role="held-out", shown_as=named)

    def data_file(self, name: str, key: str) -> Path:
        """Return the path of model `name`'s train or held_out: the file itself, or the copy of what its URL names."""
        named = self.loaded.named(name, "data", key)
        return self.copies.path(named) if is_url(named) else self.loaded.file(name, "data", key)

    def reference_file(self, reference: Reference) -> Path:
        """Return the path of a file that a column refers to."""
        named = reference.file
        return self.copies.path(named) if is_url(named) else self.folder / plain_path(named)

    def fetch(self, name: str) -> None:
        """Copy what the data's URLs name to this machine, before anything else is shown as being done."""
        data = self.model(name).data
        for named in (data.train, data.held_out, *(reference.file for reference in data.references)):
            if is_url(named):
                self.copies.path(named)

    @cached_property
    def copies(self) -> LocalCopies:
        """The copies of remote data that this command uses."""
        from mlgate.adapters.remote import LocalCopies, Progress

        return LocalCopies(self.runner.data_cache, Progress(self.console, on_actions=self.runner.on_actions))

    @property
    def has_registry(self) -> bool:
        """Whether a registry is named anywhere."""
        return bool(self.runner.tracking_uri or self.loaded.config.registry.tracking_uri)

    @cached_property
    def registry(self) -> Registry:
        """The registry, opened on first use."""
        from mlgate.adapters.registry import connect

        with self.doing("opening the registry"):
            return connect(self.runner.tracking_uri, self.loaded.config.registry.tracking_uri, self.folder)

    @cached_property
    def hub(self) -> GitHub | None:
        """The repository on GitHub, for a job that was given a token; nothing is asked yet."""
        around = self.runner
        if not (self.token and around.on_actions and around.repository):
            return None
        from mlgate.adapters.github import GitHub

        return GitHub(around.api_url, around.repository, self.token, trust=around.trust, say=runner.say)

    @cached_property
    def merged_pull(self) -> int | None:
        """Number of the merged pull request that this job promotes; GitHub is asked once, a failure is a warning."""
        from mlgate.steps.origin import merged_pull

        try:
            return merged_pull(self.runner, self.hub) if self.hub else None
        except GitHubError as error:
            self.warn(f"the history will not name the pull request: {error.message}; {error.hint}")
            return None

    def write(self, record: Record) -> None:
        """Keep a record for the steps after this one."""
        files.write_record(self.records, record)

    @contextmanager
    def doing(self, what: str) -> Iterator[None]:
        """Show that long work goes on: a spinner in a terminal, one line in a log.

        A job's log is never a terminal, whatever FORCE_COLOR or the runner's pseudo-terminal make rich believe.
        """
        if self.console.is_terminal and not self.runner.on_actions:
            with self.console.status(f"{what} …"):
                yield
        else:
            self.console.print(f"{what} …", style="dim", markup=False, highlight=False)
            yield

    def warn(self, message: str) -> None:
        """Say something that does not change the verdict."""
        runner.annotate(self.runner, "warning", message)
