"""One GitHub for the session, and jobs that report to it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from mlgate.adapters import files
from mlgate.adapters.runner import Runner
from mlgate.report.model_records import ModelRecords
from mlgate.steps.report import Published, Telling, publish
from tests.bed.emulate import REPOSITORY, Server, emulate, missing
from tests.bed.hub import Hub, serve_hub


@pytest.fixture
def hub() -> Iterator[Hub]:
    """Serve a hub on loopback."""
    with serve_hub() as serving:
        yield serving


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start emulate for the session; where it is missing, skip with the way to get it, but fail in CI."""
    problem = missing()
    if problem:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(problem)
    with emulate(tmp_path_factory.mktemp("emulate")) as running:
        yield running


@dataclass(frozen=True)
class Job:
    """A job that reports: its folder of records, and what it wrote."""

    folder: Path
    server: Server
    event_name: str = "pull_request"
    event: Mapping[str, Any] = field(default_factory=dict)

    @property
    def records(self) -> Path:
        """Where the steps left their records."""
        return self.folder / ".mlgate"

    def leave(self, records: Mapping[str, ModelRecords]) -> None:
        """Lay records down, as the steps would have."""
        for parts in records.values():
            for record in parts.all():
                files.write_record(self.records, record)
            if parts.production_training is not None:
                text = parts.production_training.model_dump_json()
                files.write_text(self.records / parts.production_training.model / "production.json", text)

    def report(self, **options: Any) -> Published:
        """Report what is there."""
        around = Runner(
            event_name=self.event_name,
            event=self.event,
            repository=REPOSITORY,
            api_url=self.server.url,
            output_file=self.folder / "output",
            summary_file=self.folder / "summary",
        )
        token = options.pop("token", None) or self.server.token(pull_requests="write")
        return publish(around, self.records, Telling(token=token, **options))

    @property
    def written(self) -> str:
        """Everything that the job wrote into files."""
        return "\n".join(path.read_text(encoding="utf-8") for path in sorted(self.folder.rglob("*")) if path.is_file())
