"""Say in the job what did not hold, beside the lines that ask for it: it needs no permission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.adapters import runner
from mlgate.report.annotations import failures, first

if TYPE_CHECKING:
    from mlgate.adapters.runner import Runner
    from mlgate.report.report import Report

MOST = 9  # GitHub shows ten a step and kind; one is left for the error that ends a command


def annotate(around: Runner, report: Report) -> None:
    """Write an annotation for each rule that did not hold, the worst first.

    On a laptop the terminal has said it. A job after a workflow_run is of another commit, and the run that it reports
    on has said it, too.
    """
    if not around.on_actions or around.event_name == "workflow_run":
        return
    found = failures(report.models)
    for level in ("error", "warning"):
        for one in first([one for one in found if one.level == level], MOST):
            runner.annotate(around, one.level, one.message, title=one.title, place=one.place)
