"""The service's other end: started once, asked often."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from demo.stage import StoryError

if TYPE_CHECKING:
    from demo.stage import Stage

PROGRAM = Path(__file__).with_name("serving.py")


class Service:
    """The program that serves `models:/flight-delay@production`; it warms up while the story goes on."""

    def __init__(self, stage: Stage) -> None:
        """Start it, in the Python that the training uses."""
        self._log = (stage.folder / "service.log").open("w", encoding="utf-8")
        self._process = subprocess.Popen(
            ["python", str(PROGRAM), str(stage.repository / "data" / "held_out.parquet")],
            cwd=stage.folder,
            env=stage.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        """Use it inside."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()
        self._log.close()

    def ask(self, *question: str) -> Any:  # noqa: ANN401 (JSON)
        """Ask, and wait for the answer; raises StoryError when the service is gone."""
        if self._process.stdin is None or self._process.stdout is None:
            raise StoryError("the service has no pipes")
        try:
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise StoryError(f"the service ended; {self._log.name} says why")
        return json.loads(answer)

    @property
    def version(self) -> str:
        """The version that the alias `production` names now, as MLflow says."""
        return str(self.ask("version"))
