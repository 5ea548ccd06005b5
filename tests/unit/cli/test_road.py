"""Which event means what."""

from __future__ import annotations

import pytest

from mlgate.adapters.runner import Runner
from mlgate.errors import RequestError
from mlgate.steps.road import operation_for

EVENT = {"repository": {"default_branch": "main"}}


@pytest.mark.parametrize(
    ("runner", "asked", "expected"),
    [
        (Runner(), "auto", "check"),
        (Runner(event_name="pull_request"), "auto", "check"),
        (Runner(event_name="merge_group"), "auto", "check"),
        (Runner(event_name="push", ref="refs/heads/topic", event=EVENT), "auto", "check"),
        (Runner(event_name="push", ref="refs/heads/main", event=EVENT), "auto", "promote"),
        (Runner(event_name="schedule"), "auto", "promote"),
        (Runner(event_name="workflow_dispatch"), "rollback", "rollback"),
        (Runner(event_name="pull_request"), "promote", "promote"),
    ],
)
def test_the_event_decides_unless_asked(runner: Runner, asked: str, expected: str) -> None:
    """Pull requests and branches are checked, the default branch and schedules promote, a request goes first."""
    assert operation_for(runner, asked) == expected


@pytest.mark.parametrize("event", ["workflow_dispatch", "repository_dispatch", "workflow_run"])
def test_events_that_say_nothing_are_refused(event: str) -> None:
    """A manual run must say what it wants; a workflow_run must not run the loop."""
    with pytest.raises(RequestError):
        operation_for(Runner(event_name=event), "auto")
