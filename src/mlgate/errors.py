"""Everything that can go wrong, in one tree; each leaf's message ends with the next step.

```
MlgateError
├── RequestError   2   what was asked for cannot be done as asked
│   ├── ConfigError      mlgate.yaml is wrong
│   ├── DataError        a data or schema file cannot be read
│   │   └── AbsentDataError   what names the data names no file
│   └── RecordError      a record of an earlier step is missing or unreadable
├── OutsideError   3   something outside did not answer as it should
│   ├── RegistryError    the MLflow server or store
│   ├── GitHubError      GitHub's API
│   ├── StoreError       the store or server that holds the data
│   └── ToolError        git, or the user's Python
└── StaleError     4   what was reviewed is no longer what would ship: compare again
    └── OvertakenError   another promotion was faster
```

Exit codes 0 and 1 are verdicts (passed, refused), never errors; 70 is a bug in mlgate.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from pathlib import Path


class ExitCode(IntEnum):
    """What a shell or a workflow reads from mlgate; each value means one thing."""

    PASSED = 0
    REFUSED = 1
    REQUEST = 2
    OUTSIDE = 3
    STALE = 4
    BUG = 70


class MlgateError(Exception):
    """An expected failure: shown as one message, never as a traceback.

    `message` says what happened and where; `hint` says what to do next.
    """

    exit_code: ClassVar[ExitCode]

    def __init__(self, message: str, *, hint: str) -> None:
        """Keep both sentences; `message` ends without a line break."""
        super().__init__(message)
        self.message = message
        self.hint = hint


def install(extra: str) -> str:
    """Say how to get what an extra brings, on a laptop and in an action."""
    return f"pip install 'mlgate[{extra}]'; in an action, name {extra} in the input extras"


class RequestError(MlgateError):
    """What was asked for cannot be done as asked."""

    exit_code = ExitCode.REQUEST


class ConfigError(RequestError):
    """`mlgate.yaml` is wrong, or another file that says what is asked; `file` and `line` where the first fault is."""

    def __init__(self, message: str, *, hint: str, file: Path | None = None, line: int | None = None) -> None:
        """Keep both sentences, and where it is wrong."""
        super().__init__(message, hint=hint)
        self.file = file
        self.line = line


class DataError(RequestError):
    """A data or schema file cannot be read."""


class AbsentDataError(DataError):
    """What names the data names no file."""


class RecordError(RequestError):
    """A record of an earlier step is missing or unreadable."""


class OutsideError(MlgateError):
    """Something outside mlgate did not answer as it should."""

    exit_code = ExitCode.OUTSIDE


class RegistryError(OutsideError):
    """The MLflow server or store refused or did not answer."""


class GitHubError(OutsideError):
    """GitHub's API refused or did not answer."""


class StoreError(OutsideError):
    """The store or server that holds the data did not answer, or broke off."""


class ToolError(OutsideError):
    """A program that mlgate calls (git, the user's Python) failed."""


class StaleError(MlgateError):
    """What was reviewed is no longer what would ship."""

    exit_code = ExitCode.STALE


class OvertakenError(StaleError):
    """Another promotion was faster: production is no longer what the candidate was compared with."""
