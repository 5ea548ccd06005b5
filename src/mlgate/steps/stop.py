"""Tell of an error that ended a run before it came to any model, so that no older report stands on a red job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.adapters.secrets import hiding
from mlgate.report.report import Stop
from mlgate.steps.report import Telling, publish
from mlgate.steps.workspace import RECORDS

if TYPE_CHECKING:
    from pathlib import Path

    from mlgate.adapters.runner import Runner
    from mlgate.config.report import CommentMode
    from mlgate.errors import ConfigError


MOST, LETTERS = 11, 1000  # problems, and letters of each


def tell_stop(
    around: Runner, folder: Path, error: ConfigError, token: str | None, comment: CommentMode | None = None
) -> None:
    """Report `error` for the configuration in `folder`; raises MlgateError where that cannot be told.

    What a configuration that cannot be used says of comments is not known. So where `comment` does not say it, one that
    is there is brought up to date, and none is made. On a laptop the terminal says it all.
    """
    if not around.on_actions or not folder.is_dir():
        return
    hide = hiding(around.environment)
    lines = [line[:LETTERS] for line in hide(error.message).splitlines() if line.strip()][:MOST]
    stop = Stop(problems=tuple(lines or [type(error).__name__]), hint=hide(error.hint))
    publish(around, folder / RECORDS, Telling(stop=stop, token=token, comment=comment or "on-change"))
