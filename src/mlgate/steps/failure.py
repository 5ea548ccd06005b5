"""Keep the error that ended a command, so that the report says why there is no verdict, and shows no older one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate import __version__
from mlgate.adapters import files
from mlgate.adapters.secrets import hiding
from mlgate.errors import MlgateError
from mlgate.records import FailureRecord
from mlgate.verdict import Outcome, Verdict

if TYPE_CHECKING:
    from mlgate.steps.workspace import Workspace


def keep_failure(workspace: Workspace, name: str, error: MlgateError) -> None:
    """Record `error`; where not even that can be done, the command's own end says it alone."""
    hide = hiding(workspace.runner.environment)
    verdict = Verdict(outcome=Outcome.ERROR, decided_by="an error", sentence=hide(error.message))
    try:
        code = workspace.code(name)
        record = FailureRecord(model=name, mlgate=__version__, code=code, verdict=verdict, hint=hide(error.hint))
        workspace.write(record)
    except MlgateError:
        return


def forget_failure(workspace: Workspace, name: str) -> None:
    """Remove what an older command met."""
    files.forget_records(workspace.records, name, (FailureRecord,))
